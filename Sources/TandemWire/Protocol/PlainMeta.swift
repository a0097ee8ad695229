// SPDX-License-Identifier: Apache-2.0
// Meta in the shape that nearly every request gives it, read where it lies. Must not judge any other:
// those are for `RequestMeta`.

/// An idempotency key, a commit to have seen, or neither.
@frozen
@usableFromInline
package struct PlainMeta {
  /// Where the key lies; empty when there is none.
  @usableFromInline package var key: Range<Int>
  @usableFromInline package var minSequence: UInt64
  /// Where the body of the request begins.
  @usableFromInline package var bodyStart: Int

  /// Reads the payload of a request that lies at `start`; nil when it has Meta of another shape.
  @inlinable
  package init?(of header: FrameHeader, in unread: borrowing RawSpan, at start: Int) {
    key = start..<start
    minSequence = 0
    bodyStart = start
    guard header.flags & 0x01 != 0 else { return }
    guard header.length >= 4 else { return nil }
    let length = unread.littleEndian32(at: start)
    guard length <= 127, length <= header.length - 4 else { return nil }
    var at = start + 4
    bodyStart = at + Int(length)
    if at + 2 <= bodyStart, unread.byte(at: at) == 0x0A {
      let count = Int(unread.byte(at: at + 1))
      guard count < 128, at + 2 + count <= bodyStart else { return nil }
      key = at + 2..<at + 2 + count
      at += 2 + count
    }
    if at + 2 <= bodyStart, unread.byte(at: at) == 0x40 {
      guard let number = unread.number(after: &at, before: bodyStart) else { return nil }
      minSequence = number
    }
    guard at == bodyStart else { return nil }
  }
}
