// SPDX-License-Identifier: Apache-2.0
// HELLO, WELCOME and GOAWAY. Unknown fields are ignored so that both sides can grow.

package import TandemPrimitives

package struct Hello: Sendable, Equatable {
  package enum Credential: Sendable, Equatable {
    case none
    case apiKey(String)
    case token([UInt8])
    case clientCertificate
  }
  package var minor: UInt32 = 0
  package var client = ""
  package var tenant = ""
  package var credential = Credential.none
  package var features: [String] = []
  package var frameBytesMax: UInt32 = 0
  package var streamWindow: UInt32 = 0

  package init() {}

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.unsigned(1, minor)
    writer.string(2, client)
    writer.string(3, tenant)
    switch credential {
    case .none: break
    case .apiKey(let key): writer.string(4, key)
    case .token(let token): writer.blob(5, token[...])
    case .clientCertificate: writer.flag(6, true)
    }
    for feature in features { writer.element(7, ArraySlice(feature.utf8)) }
    writer.unsigned(8, frameBytesMax)
    writer.unsigned(9, streamWindow)
    writer.giveBack(to: &output)
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    try Guard.check(.hello, bytes)
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1: minor = try reader.unsigned32()
      case 2: client = try reader.string()
      case 3: tenant = try reader.string()
      case 4: credential = .apiKey(try reader.string())
      case 5: credential = .token(Array(try reader.slice()))
      case 6: credential = try reader.flag() ? .clientCertificate : .none
      case 7: features.append(try reader.string())
      case 8: frameBytesMax = try reader.unsigned32()
      case 9: streamWindow = try reader.unsigned32()
      default: try reader.skip()
      }
    }
  }
}

/// The bounds in force on a connection.
package struct LimitsAnnouncement: Sendable, Equatable {
  package var frameBytesMax: UInt32 = 0
  package var inFlightMax: UInt32 = 0
  package var inFlightBytesMax: UInt64 = 0
  package var streamsMax: UInt32 = 0
  package var defaultTimeoutMilliseconds: UInt32 = 0
  package var timeoutMillisecondsMax: UInt32 = 0
  package var idleTimeoutMilliseconds: UInt32 = 0
  package var keepaliveMilliseconds: UInt32 = 0
  package var idempotencySeconds: UInt32 = 0
  package var metaBytesMax: UInt32 = 0

  package init() {}

  fileprivate func write(_ field: UInt32, to writer: inout ProtoWriter) {
    let start = writer.begin(field)
    writer.unsigned(1, frameBytesMax)
    writer.unsigned(2, inFlightMax)
    writer.unsigned(3, inFlightBytesMax)
    writer.unsigned(4, streamsMax)
    writer.unsigned(5, defaultTimeoutMilliseconds)
    writer.unsigned(6, timeoutMillisecondsMax)
    writer.unsigned(7, idleTimeoutMilliseconds)
    writer.unsigned(8, keepaliveMilliseconds)
    writer.unsigned(9, idempotencySeconds)
    writer.unsigned(10, metaBytesMax)
    writer.end(start)
  }

  fileprivate init(reading message: ProtoReader) throws(WireError) {
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 1: frameBytesMax = try reader.unsigned32()
      case 2: inFlightMax = try reader.unsigned32()
      case 3: inFlightBytesMax = try reader.unsigned()
      case 4: streamsMax = try reader.unsigned32()
      case 5: defaultTimeoutMilliseconds = try reader.unsigned32()
      case 6: timeoutMillisecondsMax = try reader.unsigned32()
      case 7: idleTimeoutMilliseconds = try reader.unsigned32()
      case 8: keepaliveMilliseconds = try reader.unsigned32()
      case 9: idempotencySeconds = try reader.unsigned32()
      case 10: metaBytesMax = try reader.unsigned32()
      default: try reader.skip()
      }
    }
  }
}

package struct Welcome: Sendable, Equatable {
  package var minor: UInt32 = 0
  package var server = ""
  package var connectionID: [UInt8] = []
  package var tenant = ""
  package var principal = ""
  package var features: [String] = []
  package var limits = LimitsAnnouncement()
  package var serverTime = Timestamp.zero
  package var schemaHash: [UInt8] = []

  package init() {}

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.unsigned(1, minor)
    writer.string(2, server)
    writer.blob(3, connectionID[...])
    writer.string(4, tenant)
    writer.string(5, principal)
    for feature in features { writer.element(6, ArraySlice(feature.utf8)) }
    limits.write(7, to: &writer)
    writer.time(8, serverTime)
    writer.blob(9, schemaHash[...])
    writer.giveBack(to: &output)
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    try Guard.check(.welcome, bytes)
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1: minor = try reader.unsigned32()
      case 2: server = try reader.string()
      case 3: connectionID = Array(try reader.slice())
      case 4: tenant = try reader.string()
      case 5: principal = try reader.string()
      case 6: features.append(try reader.string())
      case 7: limits = try LimitsAnnouncement(reading: reader.message())
      case 8: serverTime = try reader.time()
      case 9: schemaHash = Array(try reader.slice())
      default: try reader.skip()
      }
    }
  }
}

package struct GoAway: Sendable, Equatable {
  /// Nil when the number is not known to this side.
  package var reason: GoAwayReason?
  package var message = ""
  package var retryAfterMilliseconds: UInt32 = 0
  package var graceMilliseconds: UInt32 = 0
  package var alternates: [String] = []

  package init(_ reason: GoAwayReason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.unsigned(1, UInt32(reason?.rawValue ?? 0))
    writer.string(2, message)
    writer.unsigned(3, retryAfterMilliseconds)
    writer.unsigned(4, graceMilliseconds)
    for alternate in alternates { writer.element(5, ArraySlice(alternate.utf8)) }
    writer.giveBack(to: &output)
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    try Guard.check(.goAway, bytes)
    self.init(.noError, "")
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1: reason = UInt8(exactly: try reader.unsigned()).flatMap(GoAwayReason.init)
      case 2: message = try reader.string()
      case 3: retryAfterMilliseconds = try reader.unsigned32()
      case 4: graceMilliseconds = try reader.unsigned32()
      case 5: alternates.append(try reader.string())
      default: try reader.skip()
      }
    }
  }
}
