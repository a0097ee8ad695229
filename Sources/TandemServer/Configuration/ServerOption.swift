// SPDX-License-Identifier: Apache-2.0
// The table of command-line options: name, bounds, meaning. Help text and environment names follow.

/// One option of `tandemd`; `TANDEM_<NAME>` in the environment means the same.
struct ServerOption: Sendable {
  /// What a value must look like and where it goes.
  enum Form: Sendable {
    case flag(@Sendable (inout ServerConfiguration, Bool) -> Void)
    case count(ClosedRange<Int>, @Sendable (inout ServerConfiguration, Int) -> Void)
    case text(@Sendable (inout ServerConfiguration, String) -> Bool)
  }

  let name: String
  let value: String?
  let meaning: String
  let form: Form

  /// For example `TANDEM_MAX_FRAME`.
  var environmentName: String {
    "TANDEM_" + String(name.dropFirst(2).map { $0 == "-" ? "_" : $0 }).uppercased()
  }
}

extension ServerOption {
  static let all: [ServerOption] = places + switches + limits + timeouts

  private static let places: [ServerOption] = [
    ServerOption(
      name: "--listen", value: "HOST:PORT",
      meaning: "address to serve on; port 0 takes a free one (127.0.0.1:7420)",
      form: .text { configuration, text in
        guard let address = ListenAddress(text) else { return false }
        configuration.listen = address
        return true
      }),
    ServerOption(
      name: "--data", value: "DIR", meaning: "data directory, created when missing (./tandem-data)",
      form: .text { configuration, text in
        configuration.dataDirectory = text
        return !text.isEmpty
      }),
    ServerOption(
      name: "--operator-key-file", value: "FILE",
      meaning: "operator key, created on first start (operator.key in the data directory)",
      form: .text { configuration, text in
        configuration.operatorKeyFile = text
        return !text.isEmpty
      }),
    ServerOption(
      name: "--log", value: "LEVEL", meaning: "error, info or debug (info)",
      form: .text { configuration, text in
        guard let level = LogLevel.allCases.first(where: { $0.name == text }) else { return false }
        configuration.logLevel = level
        return true
      }),
  ]

  private static let switches: [ServerOption] = [
    ServerOption(
      name: "--demo", value: nil, meaning: "fill an empty data directory with a demo world",
      form: .flag { $0.demo = $1 }),
    ServerOption(
      name: "--insecure-plaintext", value: nil,
      meaning: "allow an address that other machines reach, although there is no TLS yet",
      form: .flag { $0.insecurePlaintext = $1 }),
    ServerOption(
      name: "--accept-tail-loss", value: nil,
      meaning: "start although the end of the log is damaged in a way that may have lost answers",
      form: .flag { $0.acceptTailLoss = $1 }),
  ]

  private static let limits: [ServerOption] = [
    ServerOption(
      name: "--shards", value: "N", meaning: "event loops (one per core the process may use)",
      form: .count(1...256) { $0.shards = $1 }),
    ServerOption(
      name: "--max-connections", value: "N", meaning: "open connections (10000)",
      form: .count(1...1_000_000) { $0.connectionsMax = $1 }),
    ServerOption(
      name: "--tenant-rate", value: "N", meaning: "calls per second and tenant, 0 = no limit (0)",
      form: .count(0...10_000_000) { $0.tenantRate = $1 }),
    ServerOption(
      name: "--tenant-burst", value: "N",
      meaning: "calls at once before the rate counts (those of one second, at least 100)",
      form: .count(1...10_000_000) { $0.tenantBurst = $1 }),
    ServerOption(
      name: "--max-frame", value: "BYTES", meaning: "largest request (4194304)",
      form: .count(65_536...16_777_215) { $0.limits.frameBytesMax = UInt32($1) }),
    ServerOption(
      name: "--max-in-flight", value: "N", meaning: "unanswered calls of one connection (1024)",
      form: .count(1...65_536) { $0.limits.inFlightMax = UInt32($1) }),
    ServerOption(
      name: "--max-in-flight-bytes", value: "BYTES",
      meaning: "bytes of unanswered calls of one connection (16777216)",
      form: .count(65_536...1_073_741_824) { $0.limits.inFlightBytesMax = UInt64($1) }),
    ServerOption(
      name: "--max-streams", value: "N", meaning: "open streams of one connection (64)",
      form: .count(1...4_096) { $0.limits.streamsMax = UInt32($1) }),
    ServerOption(
      name: "--output-pause", value: "BYTES",
      meaning: "unsent answers above which a connection is not read (4194304)",
      form: .count(4_096...1_073_741_824) { $0.limits.outputPauseBytes = $1 }),
    ServerOption(
      name: "--output-resume", value: "BYTES",
      meaning: "unsent answers below which it is read again (1048576)",
      form: .count(1_024...1_073_741_823) { $0.limits.outputResumeBytes = $1 }),
  ]

  private static let timeouts: [ServerOption] = [
    ServerOption(
      name: "--default-timeout-ms", value: "MS", meaning: "of calls that name none (10000)",
      form: .count(1...3_600_000) { $0.limits.defaultTimeoutMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--max-timeout-ms", value: "MS", meaning: "longer ones are shortened to it (60000)",
      form: .count(1...3_600_000) { $0.limits.timeoutMillisecondsMax = UInt32($1) }),
    ServerOption(
      name: "--idle-timeout-ms", value: "MS", meaning: "connections without calls (600000)",
      form: .count(10...86_400_000) { $0.limits.idleTimeoutMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--keepalive-ms", value: "MS", meaning: "announced ping interval (20000)",
      form: .count(100...3_600_000) { $0.limits.keepaliveMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--hello-timeout-ms", value: "MS", meaning: "from connect to a whole HELLO (5000)",
      form: .count(10...600_000) { $0.limits.helloTimeoutMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--frame-timeout-ms", value: "MS",
      meaning: "from a frame's first byte to its last (30000)",
      form: .count(10...600_000) { $0.limits.frameTimeoutMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--stall-timeout-ms", value: "MS",
      meaning: "for a reader that takes no answers (30000)",
      form: .count(10...600_000) { $0.limits.stallTimeoutMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--linger-ms", value: "MS", meaning: "reading on after a GOAWAY (1000)",
      form: .count(1...60_000) { $0.limits.lingerMilliseconds = UInt32($1) }),
    ServerOption(
      name: "--drain-grace-ms", value: "MS", meaning: "for running calls at shutdown (5000)",
      form: .count(0...600_000) { $0.drainGraceMilliseconds = UInt32($1) }),
  ]
}
