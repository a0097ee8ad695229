// SPDX-License-Identifier: Apache-2.0
// A change of a deal, carried out on the bytes it is stored in: fields that stay are copied as they are.
// Leads to the same bytes as decoding, `Deal.apply` and encoding.

package import TandemDomain
internal import TandemPrimitives

/// Finds in one walk what makes way for what; then the size is known and the new bytes are written
/// once.
///
/// Keeps its lists between changes.
package struct DealSplice: Sendable {
  /// Old bytes that make way, and what comes there.
  private struct Cut: Sendable {
    enum Content: Sendable {
      /// A field that is a number; zero is left out.
      case number
      /// The version of a field that changed.
      case version
      /// New values up to this offset.
      case values
    }
    let start: Int
    let end: Int
    let content: Content
    let field: UInt32
    let number: UInt64
  }

  private var cuts: [Cut] = []
  /// New values of fields, one behind the other.
  private var values: [UInt8] = []
  /// How long all that comes is.
  private var added = 0
  private var removed = 0

  package init() {}

  /// A stored deal with some fields anew, without spare room.
  package mutating func apply(_ changed: DealChanged, to stored: [UInt8]) -> [UInt8] {
    cuts.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    added = 0
    removed = 0
    find(changed, in: stored.span)
    return spliced(stored.span, version: changed.version)
  }

  // MARK: Finding

  private mutating func find(_ changed: DealChanged, in old: Span<UInt8>) {
    var walk = StoredWalk(old)
    replace(3, by: changed.version, old, &walk)
    var writer = ProtoWriter(consuming: &values)
    let at = UInt64(bitPattern: changed.at.milliseconds)
    var isTimed = false
    for index in changed.changes.indices {
      let field = UInt32(changed.changes.span[index].field.rawValue)
      if field > 21, !isTimed {
        replace(21, by: at, old, &walk)
        isTimed = true
      }
      let count = writer.bytes.count
      changed.changes.span[index].after.write(to: &writer)
      added += writer.bytes.count - count
      cut(field, .values, UInt64(writer.bytes.count), old, &walk)
    }
    writer.giveBack(to: &values)
    if !isTimed { replace(21, by: at, old, &walk) }
    replace(32, by: UInt64(changed.nextLine), old, &walk)
    replaceVersions(changed, old, &walk)
  }

  private mutating func replace(
    _ field: UInt32, by number: UInt64, _ old: Span<UInt8>, _ walk: inout StoredWalk
  ) {
    if number != 0 { added += Varint.byteCount(UInt64(field) << 3) + Varint.byteCount(number) }
    cut(field, .number, number, old, &walk)
  }

  /// Cuts out what the old deal has of a field, which may be nothing.
  private mutating func cut(
    _ field: UInt32, _ content: Cut.Content, _ number: UInt64, _ old: Span<UInt8>,
    _ walk: inout StoredWalk
  ) {
    walk.seek(Int(field), old)
    let start = walk.place
    while walk.field == Int(field) { walk.advance(old) }
    note(start, walk.place, content, field, number)
  }

  private mutating func note(
    _ start: Int, _ end: Int, _ content: Cut.Content, _ field: UInt32, _ number: UInt64 = 0
  ) {
    removed += end - start
    cuts.append(Cut(start: start, end: end, content: content, field: field, number: number))
  }

  /// The versions of fields, with the new one for those that changed; both ascend.
  private mutating func replaceVersions(
    _ changed: DealChanged, _ old: Span<UInt8>, _ walk: inout StoredWalk
  ) {
    walk.seek(33, old)
    var next = 0
    // Tag and length, the field under 1, the version under 2.
    let entry = 3 + 2 + 1 + Varint.byteCount(changed.version)
    while walk.field == 33, next < changed.changes.count {
      let field = UInt32(changed.changes.span[next].field.rawValue)
      let known = walk.versionedField(old)
      if field <= known {
        note(walk.place, field == known ? walk.next : walk.place, .version, field)
        added += entry
        next += 1
      }
      if field >= known { walk.advance(old) }
    }
    for index in next..<changed.changes.count {
      note(
        walk.place, walk.place, .version, UInt32(changed.changes.span[index].field.rawValue))
      added += entry
    }
  }

  // MARK: Writing

  private func spliced(_ old: Span<UInt8>, version: UInt64) -> [UInt8] {
    [UInt8](capacity: old.count - removed + added) { output in
      var kept = 0
      var written = 0
      for index in cuts.indices {
        let cut = cuts.span[index]
        output.append(old, from: kept, to: cut.start)
        kept = cut.end
        switch cut.content {
        case .number where cut.number == 0: break
        case .number:
          output.append(tag: cut.field, 0)
          output.append(varint: cut.number)
        case .version: output.append(version: version, of: cut.field)
        case .values:
          output.append(values.span, from: written, to: Int(cut.number))
          written = Int(cut.number)
        }
      }
      output.append(old, from: kept, to: old.count)
    }
  }
}

extension OutputSpan<UInt8> {
  /// What `FieldVersion` is written as.
  @inline(__always)
  fileprivate mutating func append(version: UInt64, of field: UInt32) {
    append(tag: 33, 2)
    append(UInt8(truncatingIfNeeded: 3 &+ Varint.byteCount(version)))
    append(tag: 1, 0)
    append(varint: UInt64(field))
    append(tag: 2, 0)
    append(varint: version)
  }
}

/// Stands at one field of a stored deal and only moves on.
private struct StoredWalk {
  /// Where the field begins, or where the deal ends when there is no field any more.
  private(set) var place = 0
  /// Where the next one begins.
  private(set) var next = 0
  /// The field's number, or a larger one than any.
  private(set) var field = 0

  @inline(__always)
  init(_ bytes: Span<UInt8>) { advance(bytes) }

  @inline(__always)
  mutating func advance(_ bytes: Span<UInt8>) {
    place = next
    field = next < bytes.count ? bytes.passStoredField(&next) : .max
  }

  /// Moves to a field, or to where it would be.
  mutating func seek(_ number: Int, _ bytes: Span<UInt8>) {
    while field < number { advance(bytes) }
  }

  /// The field whose version the current field tells.
  func versionedField(_ bytes: Span<UInt8>) -> UInt32 {
    var offset = place
    _ = bytes.storedNumber(&offset)
    _ = bytes.storedLength(&offset)
    invariant(bytes.storedNumber(&offset) == 1 << 3, "a version begins with its field")
    return UInt32(truncatingIfNeeded: bytes.storedNumber(&offset))
  }
}
