// SPDX-License-Identifier: Apache-2.0
// Reads `tdm://host1:7420,host2:7420/?timeout=10s`.
// Pure: it neither resolves names nor reads the environment.

/// Where servers are and what the URL says about calls.
package struct ServerURL: Sendable, Equatable {
  package struct Endpoint: Sendable, Hashable {
    /// A name or a literal; IPv6 keeps its brackets.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
      self.host = host
      self.port = port
    }
  }

  package static let defaultPort: UInt16 = 7420
  static let knownOptions = ["timeout"]

  package var tenant = ""
  package var endpoints: [Endpoint] = []
  package var timeoutMilliseconds: Int64 = 10_000

  package init(_ text: String) throws(TandemError) {
    guard text.hasPrefix("tdm://") else { throw Self.wrong("\"\(text)\" must begin with tdm://") }
    var rest = text.dropFirst("tdm://".count)
    if let mark = rest.firstIndex(of: "?") {
      try readOptions(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard !rest.contains("/") else { throw Self.wrong("a path has no meaning: \"\(rest)\"") }
    if let at = rest.lastIndex(of: "@") {
      tenant = String(rest[..<at])
      guard !tenant.contains(":") else { throw Self.wrong("keys do not belong in the URL") }
      rest = rest[rest.index(after: at)...]
    }
    for part in rest.split(separator: ",", omittingEmptySubsequences: false) {
      endpoints.append(try Self.endpoint(part))
    }
  }

  private static func endpoint(_ text: Substring) throws(TandemError) -> Endpoint {
    let afterBracket = text.lastIndex(of: "]") ?? text.startIndex
    guard let colon = text[afterBracket...].lastIndex(of: ":") else {
      guard !text.isEmpty else { throw wrong("a host is missing") }
      return Endpoint(host: String(text), port: defaultPort)
    }
    let digits = text[text.index(after: colon)...]
    let isNumber = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let port = UInt16(digits), port > 0 else {
      throw wrong("\"\(digits)\" is not a port of 1 to 65535")
    }
    guard colon > text.startIndex else { throw wrong("a host is missing before :\(port)") }
    return Endpoint(host: String(text[..<colon]), port: port)
  }

  private mutating func readOptions(_ text: Substring) throws(TandemError) {
    for option in text.split(separator: "&") {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts[0] == "timeout" else {
        let known = Self.knownOptions.joined(separator: ", ")
        throw Self.wrong("unknown option \"\(parts[0])\"; known: \(known)")
      }
      guard parts.count == 2, let time = Self.milliseconds(parts[1]) else {
        throw Self.wrong("timeout is written as 500ms, 10s or 2m, not \"\(option)\"")
      }
      timeoutMilliseconds = time
    }
  }

  /// Reads `500ms`, `10s` or `2m`; nil for anything else, for zero and for more than an hour.
  package static func milliseconds(_ text: some StringProtocol) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let factors: [String: Int64] = ["ms": 1, "s": 1_000, "m": 60_000]
    let unit = String(text.dropFirst(digits.count))
    guard let count = Int64(digits), let factor = factors[unit] else { return nil }
    guard count > 0, count <= 3_600_000 / factor else { return nil }
    return count * factor
  }

  private static func wrong(_ message: String) -> TandemError {
    var error = TandemError(.invalidArgument, reason: "BAD_URL", message: message)
    error.notExecuted = true
    return error
  }
}
