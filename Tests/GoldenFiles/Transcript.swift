// SPDX-License-Identifier: Apache-2.0
// Frames of a conversation as text: who spoke, a name for people, the bytes as hex.

package struct Transcript: Sendable {
  package struct Line: Sendable, Equatable {
    /// Which connection of the conversation: the word of its key.
    package let connection: String
    package let fromClient: Bool
    package let name: String
    /// One whole frame.
    package let bytes: [UInt8]
  }

  package var lines: [Line] = []

  package init() {}

  /// Reads what `text` writes, or nothing when a line is malformed; lines that begin with # are for people.
  package init?(_ text: String) {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard words.count == 4, let bytes = Self.bytes(words[3]) else { return nil }
      lines.append(
        Line(
          connection: String(words[0]), fromClient: words[1] == "client", name: String(words[2]),
          bytes: bytes))
    }
  }

  package var text: String {
    lines.map { line in
      "\(line.connection) \(line.fromClient ? "client" : "server") \(line.name) \(Self.hex(line.bytes))\n"
    }.joined()
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func bytes(_ hex: Substring) -> [UInt8]? {
    let digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { place in
      UInt8((digits[place] ?? 0) << 4 | (digits[place + 1] ?? 0))
    }
  }
}
