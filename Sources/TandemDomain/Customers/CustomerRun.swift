// SPDX-License-Identifier: Apache-2.0
// Customers packed tightly and sorted two ways, never changed: every shard of a node looks at the same
// one. A million of them must fit in memory beside the deals.

import TandemPrimitives

final class CustomerRun: Sendable {
  /// Ascending; a customer's place is its index here.
  let ids: [CustomerID]
  /// Where a customer's bytes begin.
  private let starts: [UInt32]
  private let bytes: [UInt8]
  /// By country, category and name.
  private let names: [NamePlace]
  private let shelves: [Shelf]

  /// A customer at its place by name.
  struct NamePlace: Sendable {
    let beginning: FoldedName.Beginning
    let place: UInt32
    /// Tells cities apart without a look at the customer; two may share one.
    let city: UInt32
  }

  /// The customers of one country and category.
  private struct Shelf: Sendable {
    let country: CountryCode
    let category: MatchCategory
    let range: Range<Int>
  }

  /// Takes customers in ascending order of their ids, none twice.
  init(_ customers: [(id: CustomerID, customer: CatalogueCustomer)]) {
    var packed = PackedCustomers()
    var starts: [UInt32] = []
    var keys: [SortKey] = []
    starts.reserveCapacity(customers.count)
    keys.reserveCapacity(customers.count)
    for (place, (_, customer)) in customers.enumerated() {
      starts.append(UInt32(packed.bytes.count))
      packed.append(customer)
      keys.append(SortKey(customer, place))
    }
    keys.sort()
    ids = customers.map(\.id)
    self.starts = starts
    // Without spare room.
    bytes = [UInt8](packed.bytes[...])
    names = keys.map { NamePlace(beginning: $0.name.beginning(), place: $0.place, city: $0.city) }
    shelves = Self.shelves(keys)
  }

  private static func shelves(_ keys: [SortKey]) -> [Shelf] {
    var shelves: [Shelf] = []
    var start = 0
    for end in 1...max(keys.count, 1) where !keys.isEmpty {
      let key = keys[start]
      if end < keys.count, keys[end].country == key.country, keys[end].category == key.category {
        continue
      }
      shelves.append(Shelf(country: key.country, category: key.category, range: start..<end))
      start = end
    }
    return shelves
  }

  private struct SortKey: Comparable {
    let country: CountryCode
    let category: MatchCategory
    let name: FoldedName
    let place: UInt32
    let city: UInt32

    init(_ customer: CatalogueCustomer, _ place: Int) {
      country = customer.address.country
      category = customer.category
      name = FoldedName(customer.name)
      self.place = UInt32(place)
      city = CustomerRun.mark(ofCity: FoldedName(customer.address.city))
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
      if left.country != right.country { return left.country.packed < right.country.packed }
      if left.category != right.category {
        return left.category.rawValue < right.category.rawValue
      }
      // Places follow the ids.
      return left.name != right.name ? left.name < right.name : left.place < right.place
    }
  }

  // MARK: Looking

  var count: Int { ids.count }

  /// What it takes in memory.
  var byteCount: Int {
    bytes.count + ids.count * (16 + 4 + MemoryLayout<NamePlace>.stride)
  }

  func customer(at place: Int) -> CatalogueCustomer {
    var reader = PackedReader(bytes: bytes, next: Int(starts[place]))
    return reader.customer()
  }

  func name(at index: Int) -> NamePlace { names[index] }

  /// The name alone: most of a search looks at no more of a customer.
  func foldedName(at place: Int) -> FoldedName {
    var reader = PackedReader(bytes: bytes, next: Int(starts[place]))
    return FoldedName(reader.name())
  }

  /// Ids are spread evenly, so the place is guessed and found close by.
  func place(of id: CustomerID) -> Int? {
    let guess = Int(((id.high >> 32) * UInt64(ids.count)) >> 32)
    var reach = 16
    while reach < ids.count {
      let low = max(guess - reach, 0)
      let high = min(guess + reach, ids.count - 1)
      if (low == 0 || ids[low] <= id) && (high == ids.count - 1 || id <= ids[high]) {
        return place(of: id, in: low..<(high + 1))
      }
      reach *= 4
    }
    return place(of: id, in: 0..<ids.count)
  }

  private func place(of id: CustomerID, in range: Range<Int>) -> Int? {
    let place = range.firstIndex(from: { ids[$0] >= id })
    return place < range.upperBound && ids[place] == id ? place : nil
  }

  /// Where the names of a country and category stand that begin with what was typed.
  func names(
    beginningWith typed: FoldedName, _ country: CountryCode, _ category: MatchCategory
  ) -> Range<Int> {
    let shelf = shelves.first { $0.country == country && $0.category == category }
    guard let shelf else { return 0..<0 }
    let least = typed.beginning()
    let most = typed.beginning(filledWith: 0xFF)
    let low = shelf.range.firstIndex(from: { names[$0].beginning >= least })
    let high = (low..<shelf.range.upperBound).firstIndex(from: { names[$0].beginning > most })
    guard typed.bytes.count > FoldedName.Beginning.bytes else { return low..<high }
    // All of these begin alike; the rest of the name decides.
    let first = (low..<high).firstIndex(from: { !(folded($0) < typed) })
    let end = (first..<high).firstIndex(from: { !folded($0).bytes.starts(with: typed.bytes) })
    return first..<end
  }

  private func folded(_ index: Int) -> FoldedName { foldedName(at: Int(names[index].place)) }

  static func mark(ofCity city: FoldedName) -> UInt32 {
    city.bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}

extension Range<Int> {
  /// The first index that satisfies a condition which holds from there on, by halving.
  fileprivate func firstIndex(from condition: (Int) -> Bool) -> Int {
    var low = lowerBound
    var high = upperBound
    while low < high {
      let middle = (low + high) / 2
      if condition(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// MARK: Packing

/// Texts with their lengths before them, numbers as they are.
private struct PackedCustomers {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ customer: CatalogueCustomer) {
    let address = customer.address
    for text in [
      customer.account, customer.name, customer.duns, customer.mainAccount, address.line1,
      address.line2, address.city, address.state, address.postalCode,
    ] {
      append(UInt32(text.byteCount))
      bytes.append(contentsOf: text.utf8)
    }
    append(UInt32(address.country.packed))
    append(customer.size)
    bytes.append(customer.category.rawValue)
  }

  /// Seven bits a byte, the lowest first.
  private mutating func append(_ number: UInt32) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private struct PackedReader {
  let bytes: [UInt8]
  var next: Int

  mutating func customer() -> CatalogueCustomer {
    let account = text()
    let name = text()
    let duns = text()
    let mainAccount = text()
    let line1 = text()
    let line2 = text()
    let city = text()
    let state = text()
    let postalCode = text()
    let country = CountryCode(packed: UInt16(truncatingIfNeeded: number()))
    let size = number()
    let category = MatchCategory(rawValue: bytes[next])
    invariant(category != nil, "a packed customer has a category")
    return CatalogueCustomer(
      account: account, name: name,
      address: Address(
        line1: line1, line2: line2, city: city, state: state, postalCode: postalCode,
        country: country), size: size, duns: duns, category: category ?? .other,
      mainAccount: mainAccount)
  }

  mutating func name() -> Text {
    // The account stands before it.
    let account = number()
    next += Int(account)
    return text()
  }

  private mutating func text() -> Text {
    let count = Int(number())
    next += count
    return Text(validated: bytes[(next - count)..<next])
  }

  private mutating func number() -> UInt32 {
    var number: UInt32 = 0
    var shift: UInt32 = 0
    while bytes[next] >= 0x80 {
      number |= UInt32(bytes[next] & 0x7F) << shift
      shift += 7
      next += 1
    }
    number |= UInt32(bytes[next]) << shift
    next += 1
    return number
  }
}
