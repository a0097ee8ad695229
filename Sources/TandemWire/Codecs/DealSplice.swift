// SPDX-License-Identifier: Apache-2.0
// A change of a deal, carried out on the bytes it is stored in: fields that stay are copied as they are.
// Leads to the same bytes as decoding, `Deal.apply` and encoding.

package import TandemDomain
internal import TandemPrimitives

package enum DealSplice {
  /// Writes a stored deal with some fields anew.
  package static func apply(
    _ changed: DealChanged, to stored: [UInt8], into output: inout [UInt8]
  ) {
    var splice = Splice(of: stored, into: &output)
    splice.replace(3) { $0.unsigned(3, changed.version) }
    var isTimed = false
    for index in changed.changes.indices {
      let number = Int(changed.changes.span[index].field.rawValue)
      if number > 21, !isTimed {
        splice.replace(21) { $0.time(21, changed.at) }
        isTimed = true
      }
      splice.replace(number) { changed.changes.span[index].after.write(to: &$0) }
    }
    if !isTimed { splice.replace(21) { $0.time(21, changed.at) } }
    splice.replace(32) { $0.unsigned(32, changed.nextLine) }
    splice.replaceVersions(changed)
    splice.finish(into: &output)
  }
}

/// Walks over old fields and writes new ones, in ascending order of their numbers.
private struct Splice {
  private var old: StoredFields
  /// From here on nothing of the old bytes was copied or replaced yet.
  private var kept = 0
  private var writer: ProtoWriter

  init(of stored: [UInt8], into output: inout [UInt8]) {
    old = StoredFields(stored[...])
    writer = ProtoWriter(consuming: &output)
  }

  /// Writes a field in place of what the old deal has of it, which may be nothing.
  mutating func replace(_ number: Int, _ write: (inout ProtoWriter) -> Void) {
    copy(before: number)
    old.pass(number)
    kept = old.place
    write(&writer)
  }

  /// The versions of fields, with the new one for those that changed; both ascend.
  mutating func replaceVersions(_ changed: DealChanged) {
    copy(before: 33)
    var next = 0
    while let known = old.fieldVersion() {
      while next < changed.changes.count, changed.changes.span[next].field < known.field {
        note(changed.changes.span[next].field, changed.version)
        next += 1
      }
      if next < changed.changes.count, changed.changes.span[next].field == known.field {
        note(known.field, changed.version)
        next += 1
      } else {
        note(known.field, known.version)
      }
    }
    for index in next..<changed.changes.count {
      note(changed.changes.span[index].field, changed.version)
    }
    kept = old.place
  }

  private mutating func note(_ field: DealField, _ version: UInt64) {
    writer.message(33, FieldVersion(field: field, version: version))
  }

  /// Copies the fields up to a number as they are.
  private mutating func copy(before number: Int) {
    _ = old.seek(number)
    writer.bytes.append(contentsOf: old.bytes[kept..<old.place])
  }

  mutating func finish(into output: inout [UInt8]) {
    writer.bytes.append(contentsOf: old.bytes[kept...])
    writer.giveBack(to: &output)
  }
}
