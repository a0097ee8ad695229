// SPDX-License-Identifier: Apache-2.0
// A change of a deal, carried out on the bytes it is stored in: fields that stay are copied as they are.
// Leads to the same bytes as decoding, `Deal.apply` and encoding.

package import TandemDomain
internal import TandemPrimitives

/// Keeps its buffer between changes.
package struct DealSplice: Sendable {
  /// The new deal, until its size is known.
  private var deal: [UInt8] = []

  package init() {}

  /// A stored deal with some fields anew, without spare room.
  package mutating func apply(_ changed: DealChanged, to stored: [UInt8]) -> [UInt8] {
    guard !changed.changesLateField else { return Self.rewritten(stored, changed) }
    var splicing = Splicing(
      version: changed.version, at: changed.at, nextLine: changed.nextLine, stored.span)
    var writer = ProtoWriter(consuming: &deal)
    writer.bytes.removeAll(keepingCapacity: true)
    let room = stored.count + Splicing.bytesMax(changed.changes.count)
    for index in changed.changes.indices {
      let field = Int(changed.changes.span[index].field.rawValue)
      splicing.note(field)
      writer.bytes.append(addingCapacity: room) { splicing.copy(before: field, stored.span, &$0) }
      changed.changes[index].after.write(to: &writer)
    }
    writer.bytes.append(addingCapacity: room) { splicing.finish(stored.span, &$0) }
    let new = writer.bytes.exactCopy
    writer.giveBack(to: &deal)
    return new
  }
}

extension DealSplice {
  /// Fields behind the versions change a few times in a deal's life: such a deal is written as a whole.
  @inline(never)
  private static func rewritten(_ stored: [UInt8], _ changed: DealChanged) -> [UInt8] {
    var deal = Deal(stored: stored)
    deal.apply(changed)
    var writer = ProtoWriter()
    deal.write(to: &writer)
    return writer.bytes.exactCopy
  }
}

extension DealChanged {
  /// The last of the changes is of the highest field.
  @inline(__always)
  fileprivate var changesLateField: Bool {
    guard let last = changes.indices.last else { return false }
    return changes.span[last].field > .sharedView
  }
}

/// Walks over the old fields, copies those that stay and writes the numbers that every change has anew.
private struct Splicing {
  private let version: UInt64
  private let time: UInt64
  private let nextLine: UInt64
  /// Bits of the fields that change and whose version is still to be written.
  private var unversioned: UInt64 = 0
  private var isBegun = false
  private var isTimed = false
  private var walk: StoredWalk
  /// From here on nothing of the old bytes was copied or left out yet.
  private var kept = 0

  init(version: UInt64, at time: Timestamp, nextLine: UInt32, _ old: Span<UInt8>) {
    self.version = version
    self.time = UInt64(bitPattern: time.milliseconds)
    self.nextLine = UInt64(nextLine)
    walk = StoredWalk().advanced(old)
  }

  /// How long the numbers are that a change writes: three, and a version for each field.
  static func bytesMax(_ changes: Int) -> Int { 3 * 2 * Varint.bytesMax + changes * 16 }

  @inline(__always)
  mutating func note(_ field: Int) { unversioned |= 1 &<< UInt64(field) }

  /// Everything before a field; of the field itself, what the old deal has is left out.
  mutating func copy(
    before field: Int, _ old: Span<UInt8>, _ output: inout OutputSpan<UInt8>
  ) {
    if !isBegun {
      isBegun = true
      cut(3, old, &output)
      output.unsigned(3, version)
    }
    if field > 21, !isTimed {
      isTimed = true
      cut(21, old, &output)
      output.unsigned(21, time)
    }
    cut(field, old, &output)
  }

  mutating func finish(_ old: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
    copy(before: 32, old, &output)
    output.unsigned(32, nextLine)
    writeVersions(old, &output)
    output.append(copying: old.extracting(kept..<old.count))
  }

  private mutating func cut(
    _ field: Int, _ old: Span<UInt8>, _ output: inout OutputSpan<UInt8>
  ) {
    walk = walk.sought(field, old)
    output.append(copying: old.extracting(kept..<walk.place))
    while walk.field == field { walk = walk.advanced(old) }
    kept = walk.place
  }

  /// The versions of fields, with the new one for those that changed; both ascend.
  private mutating func writeVersions(_ old: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
    while unversioned != 0 {
      let field = unversioned.trailingZeroBitCount
      unversioned &= unversioned &- 1
      while walk.field == 33, walk.versionedField(old) < field { walk = walk.advanced(old) }
      output.append(copying: old.extracting(kept..<walk.place))
      output.append(version: version, of: UInt64(field))
      if walk.field == 33, walk.versionedField(old) == field { walk = walk.advanced(old) }
      kept = walk.place
    }
  }
}

extension OutputSpan<UInt8> {
  /// What `FieldVersion` is written as.
  @inline(__always)
  fileprivate mutating func append(version: UInt64, of field: UInt64) {
    append(tag: 33, 2)
    append(UInt8(truncatingIfNeeded: 3 &+ Varint.byteCount(version)))
    append(tag: 1, 0)
    append(varint: field)
    append(tag: 2, 0)
    append(varint: version)
  }
}

/// Stands at one field of a stored deal.
private struct StoredWalk {
  /// Where the field begins, or where the deal ends when there is no field any more.
  private(set) var place = 0
  /// Where the next one begins.
  private var next = 0
  /// The field's number, or a larger one than any.
  private(set) var field = 0

  @inline(__always)
  func advanced(_ bytes: Span<UInt8>) -> Self {
    var walk = self
    walk.place = next
    walk.field = next < bytes.count ? bytes.passAny(&walk.next) : .max
    return walk
  }

  /// At a field, or where it would be.
  @inline(never)
  func sought(_ number: Int, _ bytes: Span<UInt8>) -> Self {
    invariant(bytes.count >= 8, "a stored deal has an identifier")
    // Values, not a change in place: so they stay in registers.
    var walk = self
    while walk.field < number { walk = walk.advanced(bytes) }
    return walk
  }

  /// The field whose version the current field tells.
  func versionedField(_ bytes: Span<UInt8>) -> Int {
    var offset = place
    let content = bytes.content(33, &offset)
    offset = Int(content.start)
    return Int(truncatingIfNeeded: bytes.integer(1, &offset))
  }
}
