// SPDX-License-Identifier: Apache-2.0
// Orders of lists as bytes: a deal's key is compared byte by byte, and a cursor is the key of the last row.

import TandemPrimitives

/// What a list is sorted by; numbers are for ever.
package enum SortField: UInt8, Sendable, CaseIterable {
  case updated = 1, created, closeDate, value, name, customerName, status, stage
}

/// One or two fields, then the deal's identifier.
package struct ListOrder: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    package var field: SortField
    package var descending: Bool
    package init(_ field: SortField, descending: Bool) {
      self.field = field
      self.descending = descending
    }
  }

  package var parts: [Part]

  package init(_ parts: [Part]) { self.parts = parts }

  /// Bytes of names that count; longer ones that begin alike are sorted by their identifiers.
  private static let nameBytes = 64

  /// Smaller for deals that come before.
  package func key(of deal: Deal) -> [UInt8] {
    var key: [UInt8] = []
    for part in parts {
      let start = key.count
      Self.append(part.field, of: deal, to: &key)
      if part.descending { for index in start..<key.count { key[index] = ~key[index] } }
    }
    let isReversed = parts.first?.descending ?? false
    key += isReversed ? deal.id.bytes.map { ~$0 } : deal.id.bytes
    return key
  }

  /// The key of the deal that a cursor names.
  static func key(of cursor: ListCursor) -> [UInt8] {
    var key: [UInt8] = []
    append(cursor.time.milliseconds, to: &key)
    key += cursor.id.bytes
    return cursor.descending ? key.map { ~$0 } : key
  }

  private static func append(_ field: SortField, of deal: Deal, to key: inout [UInt8]) {
    switch field {
    case .updated: append(deal.updatedAt.milliseconds, to: &key)
    case .created: append(deal.createdAt.milliseconds, to: &key)
    case .closeDate: append(deal.closeDate.milliseconds, to: &key)
    case .value:
      let value = deal.value
      append(Int64(value.currency.packed), to: &key)
      append(value.units, to: &key)
      append(Int64(value.nanos), to: &key)
    case .name: append(deal.name, to: &key)
    case .customerName: append(deal.customer.name, to: &key)
    case .status: key.append(deal.status.rawValue)
    case .stage: key.append(deal.stage.rawValue)
    }
  }

  /// Eight bytes, the highest first, negative numbers before others.
  private static func append(_ number: Int64, to key: inout [UInt8]) {
    let bits = UInt64(bitPattern: number) ^ 1 << 63
    for shift in stride(from: 56, through: 0, by: -8) {
      key.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
  }

  /// Letters in any case, and a zero, which no text holds.
  private static func append(_ text: Text, to key: inout [UInt8]) {
    key += CaseFolding.beyondASCII(text.utf8.prefix(nameBytes)).map(\.asciiLowered)
    key.append(0)
  }

  /// What a cursor says of its order, so that it is not used with another one.
  package var signature: [UInt8] {
    [UInt8(parts.count)] + parts.map { $0.field.rawValue << 1 | ($0.descending ? 1 : 0) }
  }
}
