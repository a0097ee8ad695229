// SPDX-License-Identifier: Apache-2.0
// `ping` and `describe`: what a server says about itself.

import TandemClient

enum ServerCommands {
  private struct Pong: Encodable {
    let health: Health
    let milliseconds: Double
  }

  static let ping = Command(
    name: "ping", summary: "ask a server how it is, and how long that takes",
    help: """
      tandem ping
      Asks the server for its health. The first answer includes the handshake, the second does not.

        tandem ping --url tdm://127.0.0.1:7420 --key tdk_…
      """
  ) { arguments, output in
    try await withServer(&arguments) { client in
      let health = try await client.health()
      let time = try await client.ping()
      let (seconds, attoseconds) = time.components
      let milliseconds = Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000) / 1_000
      try output.line(
        Pong(health: health, milliseconds: milliseconds),
        "\(health.rawValue), \(milliseconds) ms")
    }
  }

  static let describe = Command(
    name: "describe", summary: "list the methods of a server",
    help: """
      tandem describe [--descriptors]
      Lists every method with its number and how it may be repeated. With --descriptors --json the
      schemas come along as a google.protobuf.FileDescriptorSet.

        tandem describe
        tandem describe --json --descriptors
      """
  ) { arguments, output in
    let withDescriptors = arguments.flag("descriptors")
    return try await withServer(&arguments) { client in
      let server = try await client.describe(withDescriptors: withDescriptors)
      try output.show(server) {
        let rows = server.methods.map {
          ["\($0.number)", $0.name, $0.kind.rawValue, $0.isServerStream ? "stream" : ""]
        }
        return [server.server] + Output.columns([["NUMBER", "METHOD", "KIND", ""]] + rows)
      }
    }
  }
}
