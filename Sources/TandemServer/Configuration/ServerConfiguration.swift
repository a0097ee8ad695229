// SPDX-License-Identifier: Apache-2.0
// Everything an operator can choose, with its default. Reads neither files, flags nor environment.

import TandemPrimitives

/// How one server process is to run.
package struct ServerConfiguration: Sendable, Equatable {
  package var listen = ListenAddress(host: "127.0.0.1", port: 7420)
  package var dataDirectory = "./tandem-data"
  package var demo = false
  /// Nil: one per core that the process may use.
  package var shards: Int?
  /// Nil: `operator.key` in the data directory.
  package var operatorKeyFile: String?
  package var insecurePlaintext = false
  package var acceptTailLoss = false
  package var limits = SessionLimits()
  package var connectionsMax = 10_000
  /// Calls per second that one tenant may make; zero: as many as it can.
  package var tenantRate = 0
  /// Calls that one tenant may make at once before the rate counts; nil: as many as in a second, but
  /// enough for a client to begin.
  package var tenantBurst: Int?
  package var drainGraceMilliseconds: UInt32 = 5_000
  package var logLevel = LogLevel.info

  package init() {}

  package var tenantBurstCalls: Int { tenantBurst ?? max(tenantRate, 100) }

  package var operatorKeyPath: String { operatorKeyFile ?? dataDirectory + "/operator.key" }

  /// Why these choices do not fit together, or nil.
  package var contradiction: String? {
    if !listen.isLoopback, !insecurePlaintext {
      return
        "--listen \(listen.host) is reachable from other machines and this version has no TLS: "
        + "bind 127.0.0.1, or add --insecure-plaintext on a network you trust"
    }
    if demo, !listen.isLoopback {
      return "--demo has published keys and binds loopback only: use --listen 127.0.0.1:PORT"
    }
    if limits.defaultTimeoutMilliseconds > limits.timeoutMillisecondsMax {
      return
        "--default-timeout-ms \(limits.defaultTimeoutMilliseconds) is above --max-timeout-ms "
        + "\(limits.timeoutMillisecondsMax)"
    }
    if limits.outputResumeBytes >= limits.outputPauseBytes {
      return "--output-resume \(limits.outputResumeBytes) must be below --output-pause"
    }
    return nil
  }
}

/// Where to listen.
package struct ListenAddress: Sendable, Equatable {
  package var host: String
  package var port: UInt16
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `host:port`, `[v6]:port` or `:port`, the last meaning loopback.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    guard let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host.isEmpty { host = "127.0.0.1" }
    if host == "localhost" { host = "127.0.0.1" }
    self.init(host: host, port: port)
  }

  package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

  package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Bounds of one connection; the first group is announced in WELCOME.
package struct SessionLimits: Sendable, Equatable {
  package var frameBytesMax: UInt32 = 4 * 1024 * 1024
  package var inFlightMax: UInt32 = 1_024
  package var inFlightBytesMax: UInt64 = 16 * 1024 * 1024
  package var streamsMax: UInt32 = 64
  package var defaultTimeoutMilliseconds: UInt32 = 10_000
  package var timeoutMillisecondsMax: UInt32 = 60_000
  package var idleTimeoutMilliseconds: UInt32 = 600_000
  package var keepaliveMilliseconds: UInt32 = 20_000
  package var idempotencySeconds: UInt32 = 86_400

  /// From accept to a whole HELLO.
  package var helloTimeoutMilliseconds: UInt32 = 5_000
  /// From the first byte of a frame to its last.
  package var frameTimeoutMilliseconds: UInt32 = 30_000
  /// How long unsent output may make no progress.
  package var stallTimeoutMilliseconds: UInt32 = 30_000
  package var lingerMilliseconds: UInt32 = 1_000
  package var outputPauseBytes = Limits.outputPauseBytes
  package var outputResumeBytes = Limits.outputResumeBytes
  package var streamWindowBytes: UInt32 = 256 * 1024
  /// Pings per second that are answered.
  package var pingsAnswered = 20
  /// Pings per second that end the connection.
  package var pingsEndured = 1_000

  package init() {}
}

/// How much is logged.
package enum LogLevel: UInt8, Sendable, Equatable, CaseIterable {
  case error = 0
  case info = 1
  case debug = 2

  package var name: String {
    switch self {
    case .error: "error"
    case .info: "info"
    case .debug: "debug"
    }
  }
}
