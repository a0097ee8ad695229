// SPDX-License-Identifier: Apache-2.0
// The server's side of the introduction: what it is and which limits hold from now on.

import TandemPlatform
import TandemPrimitives
import TandemWire

enum WelcomeText {
  static let minor: UInt32 = 0

  static func bytes(of connection: Connection, principal: String) -> [UInt8] {
    let limits = connection.lane.settings.limits
    var welcome = Welcome()
    welcome.minor = min(connection.hello.minor, minor)
    welcome.server = "tandemd/\(productVersion)"
    welcome.connectionID = connection.connectionID
    welcome.tenant = connection.tenant.description
    welcome.principal = principal
    welcome.limits.frameBytesMax = limits.frameBytesMax
    welcome.limits.inFlightMax = limits.inFlightMax
    welcome.limits.inFlightBytesMax = limits.inFlightBytesMax
    welcome.limits.streamsMax = limits.streamsMax
    welcome.limits.defaultTimeoutMilliseconds = limits.defaultTimeoutMilliseconds
    welcome.limits.timeoutMillisecondsMax = limits.timeoutMillisecondsMax
    welcome.limits.idleTimeoutMilliseconds = limits.idleTimeoutMilliseconds
    welcome.limits.keepaliveMilliseconds = limits.keepaliveMilliseconds
    welcome.limits.idempotencySeconds = limits.idempotencySeconds
    welcome.limits.metaBytesMax = UInt32(Limits.metaBytes)
    welcome.serverTime = connection.lane.loop.turnTime.wall
    welcome.schemaHash = SchemaDescriptors.hash
    var bytes: [UInt8] = []
    welcome.encode(into: &bytes)
    return bytes
  }
}
