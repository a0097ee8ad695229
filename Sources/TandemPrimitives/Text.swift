// SPDX-License-Identifier: Apache-2.0
// UTF-8 text as bytes. A deal decoded from its stored bytes shares them instead of copying each string.

/// Text of a deal: valid UTF-8 without NUL, never trimmed; may share one buffer with its neighbours.
package struct Text: Hashable, Sendable {
  package let utf8: ArraySlice<UInt8>

  /// Takes bytes that were already checked to be UTF-8 without NUL.
  @inlinable
  package init(validated utf8: ArraySlice<UInt8>) { self.utf8 = utf8 }

  package init(_ text: String) { utf8 = ArraySlice(text.utf8) }

  package static let empty = Text("")

  package var isEmpty: Bool { utf8.isEmpty }
  package var byteCount: Int { utf8.count }
  package var string: String { String(decoding: utf8, as: UTF8.self) }

  package static func == (left: Text, right: Text) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(utf8.count)
    for byte in utf8 { hasher.combine(byte) }
  }
}

extension Text: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}

extension Text: CustomStringConvertible {
  package var description: String { string }
}
