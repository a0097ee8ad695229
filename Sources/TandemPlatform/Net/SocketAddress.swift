// SPDX-License-Identifier: Apache-2.0
// Where a TCP socket is. Must not resolve names: only literals and `localhost` are read.

import CLinux

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Hashable, Sendable {
  package enum Host: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)
  }

  package let host: Host
  package let port: UInt16

  package init(host: Host, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// The IPv4 loopback; port 0 lets the kernel choose.
  package static func loopback(port: UInt16) -> SocketAddress {
    SocketAddress(host: .v4(0x7F00_0001), port: port)
  }

  /// Reads `127.0.0.1:80`, `[::1]:80` or `localhost:80`.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
      return nil
    }
    guard let host = Host(text[..<colon]) else { return nil }
    self.init(host: host, port: port)
  }

  /// True when packets to it never leave the machine.
  package var isLoopback: Bool {
    switch host {
    case .v4(let address): address >> 24 == 127
    case .v6(let high, let low):
      // `::1`, or an IPv4 loopback address in IPv6 clothes (`::ffff:127.0.0.1`).
      high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
    }
  }
}

extension SocketAddress.Host {
  fileprivate init?(_ text: Substring) {
    if text == "localhost" {
      self = .v4(0x7F00_0001)
      return
    }
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    let literal = isBracketed ? text.dropFirst().dropLast() : text
    var raw = linux_address()
    guard unsafe linux_address_parse(String(literal), &raw) else { return nil }
    // Without brackets the last group of an IPv6 address could be taken for the port.
    guard isBracketed == (raw.version == 6) else { return nil }
    self = SocketAddress(raw).host
  }
}

extension SocketAddress: CustomStringConvertible {
  /// The text that `init` reads.
  package var description: String {
    var raw = self.raw
    let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 46) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      unsafe linux_address_text(&raw, start)
      return unsafe String(cString: start)
    }
    return raw.version == 6 ? "[\(text)]:\(port)" : "\(text):\(port)"
  }
}

// MARK: The form of CLinux

extension SocketAddress {
  init(_ raw: linux_address) {
    let host: Host =
      raw.version == 6
      ? .v6(high: raw.high, low: raw.low) : .v4(UInt32(truncatingIfNeeded: raw.low))
    self.init(host: host, port: raw.port)
  }

  var raw: linux_address {
    switch host {
    case .v4(let address): linux_address(high: 0, low: UInt64(address), port: port, version: 4)
    case .v6(let high, let low): linux_address(high: high, low: low, port: port, version: 6)
    }
  }
}
