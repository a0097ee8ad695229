// SPDX-License-Identifier: Apache-2.0
// What lists and sums need of a deal, read out of its stored bytes in one go without building values.

package import TandemDomain
package import TandemPrimitives

/// The small words and numbers of a deal, as `Condition` looks at them.
package struct DealFigures: Sendable, Equatable {
  package var direction = Direction.outbound
  package var status = DealStatus.accepted
  package var kind = BaseKind.privateDeal
  package var stage = SalesStage.created
  package var partnerToPartner = false
  package var counterpartStatuses = Choices<DealStatus>([])
  package var location = LocationID.zero
  package var country = CountryCode(packed: 0)
  package var value = Money(units: 0, nanos: 0, currency: CurrencyCode(packed: 0))
  package var closeDate = Timestamp.zero
  package var createdAt = Timestamp.zero

  /// Of bytes that `DealCodec.encode` wrote.
  package init(stored bytes: ArraySlice<UInt8>) {
    do { try read(ProtoReader(bytes)) } catch { DealFields.unreadable(error) }
  }

  private mutating func read(_ message: ProtoReader) throws(WireError) {
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 4: direction = try reader.enumeration()
      case 5: status = try reader.enumeration()
      case 6: kind = try reader.enumeration()
      case 7: partnerToPartner = try reader.flag()
      case 9: location = try reader.identifier()
      case 10:
        try DealFields.enter(&reader, within: 2) { inner throws(WireError) in
          guard inner.field == 6 else { return try inner.skip() }
          country = CountryCode(try inner.slice()) ?? country
        }
      case 11: value = try reader.value()
      case 12: closeDate = try reader.time()
      case 19: stage = try reader.enumeration()
      case 20: createdAt = try reader.time()
      case 29, 30:
        let status: UInt32 = reader.field == 29 ? 3 : 4
        try DealFields.enter(&reader) { inner throws(WireError) in
          guard inner.field == status else { return try inner.skip() }
          counterpartStatuses.insert(try inner.enumeration())
        }
      default: try reader.skip()
      }
    }
  }
}

/// What a deal is sought by besides its figures, as one number of 96 bits each: equal texts have equal
/// numbers.
package struct DealKey: Sendable, Equatable, Comparable {
  /// The lists of numbers that are kept.
  package enum List: UInt8, Sendable, CaseIterable {
    case name, customerName, crmID, teamEmail, customer, tag
  }
  package let list: List
  package let number: UInt128
  private static let textBytes = 12

  package init(_ list: List, _ number: UInt128) {
    self.list = list
    self.number = number
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.list != right.list
      ? left.list.rawValue < right.list.rawValue : left.number < right.number
  }

  /// The keys of a deal whose text is this, byte by byte or but for the case of letters.
  package static func exact(_ list: List, _ text: Text) -> DealKey {
    switch list {
    case .name, .customerName: DealKey(list, beginning(text.utf8).lowerBound)
    case .crmID, .customer, .tag: DealKey(list, UInt128(hash(text.utf8) { $0 }))
    case .teamEmail: DealKey(list, UInt128(hash(text.utf8) { $0.asciiLowered }))
    }
  }

  /// The numbers of names that begin with these bytes: their first twelve, in the order of the alphabet.
  package static func beginning(_ text: ArraySlice<UInt8>) -> ClosedRange<UInt128> {
    var first: UInt128 = 0
    // A letter of several bytes that is cut off would stay as it is.
    let bytes = CaseFolding.beyondASCII(text.prefix(textBytes + 3)).prefix(textBytes)
    for byte in bytes { first = first << 8 | UInt128(byte.asciiLowered) }
    let rest = UInt128(8 * (textBytes - bytes.count))
    return first << rest...(first << rest | (1 << rest - 1))
  }

  /// Whoever looks compares the texts themselves.
  private static func hash(_ text: ArraySlice<UInt8>, _ fold: (UInt8) -> UInt8) -> UInt64 {
    var hash = FNV1a.start
    for byte in text { hash = FNV1a.next(hash, fold(byte)) }
    return hash
  }

  /// Every key of a stored deal, sorted, each once.
  package static func all(stored bytes: ArraySlice<UInt8>) -> [DealKey] {
    var keys: [DealKey] = []
    do { try read(ProtoReader(bytes), &keys) } catch { DealFields.unreadable(error) }
    keys.sort()
    var last: DealKey?
    keys.removeAll { key in
      defer { last = key }
      return key == last
    }
    return keys
  }

  /// The numbers of a stored deal's customer.
  package static func customers(stored bytes: ArraySlice<UInt8>) -> [UInt64] {
    do throws(WireError) {
      var reader = ProtoReader(bytes)
      while try reader.next() {
        if reader.field == 10 { return try reader.value(Customer.self).numbers }
        try reader.skip()
      }
      return []
    } catch { DealFields.unreadable(error) }
  }

  private static func read(
    _ message: ProtoReader, _ keys: inout [DealKey]
  ) throws(WireError) {
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 8: keys.append(.exact(.name, try reader.text()))
      case 10:
        let customer = try reader.value(Customer.self)
        keys.append(.exact(.customerName, customer.name))
        keys += customer.numbers.map { DealKey(.customer, UInt128($0)) }
      case 13: keys.append(.exact(.crmID, try reader.text()))
      case 16:
        try DealFields.enter(&reader, within: 2) { inner throws(WireError) in
          guard inner.field == 3 else { return try inner.skip() }
          keys.append(.exact(.teamEmail, try inner.text()))
        }
      case 35: keys.append(.exact(.tag, try reader.text()))
      default: try reader.skip()
      }
    }
  }
}

private enum DealFields {
  /// Shows the fields of a nested message, or of the one that a field of it holds.
  static func enter(
    _ reader: inout ProtoReader, within field: UInt32? = nil,
    _ take: (inout ProtoReader) throws(WireError) -> Void
  ) throws(WireError) {
    let nested = try reader.enter()
    while try reader.next() {
      if field == nil {
        try take(&reader)
      } else if reader.field == field {
        try enter(&reader, take)
      } else {
        try reader.skip()
      }
    }
    reader.leave(nested)
  }

  static func unreadable(_ error: WireError) -> Never {
    // These bytes were encoded by this process or checked by a snapshot's hash.
    fatalError("a stored deal cannot be read: \(error)")
  }
}
