// SPDX-License-Identifier: Apache-2.0
// The eight bytes that both sides send first.

package enum Preamble {
  /// "TDM1\r\n\x1a\n": the digit is the major version, the rest catches translated line ends.
  package static let bytes: [UInt8] = [0x54, 0x44, 0x4D, 0x31, 0x0D, 0x0A, 0x1A, 0x0A]

  package enum Verdict: Sendable, Equatable {
    case needMore
    case matches
    case differs
  }

  /// Judges what has arrived so far; a wrong byte is noticed at once.
  package static func check(_ unread: borrowing RawSpan) -> Verdict {
    let count = min(unread.byteCount, bytes.count)
    for index in 0..<count where unread.byte(at: index) != bytes[index] { return .differs }
    return count == bytes.count ? .matches : .needMore
  }
}
