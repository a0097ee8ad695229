// SPDX-License-Identifier: Apache-2.0
// Which customers a deal may be for, while their name is typed (R-102, 13.1): an equal name before all
// others, then by what the vendor knows of them, then by name. Linked accounts are one suggestion.

package import TandemPrimitives

package struct SuggestCustomers: Sendable, Equatable {
  package var country: CountryCode?
  /// Empty: everywhere in the country.
  package var city: Text
  package var namePrefix: Text
  package var max: UInt32
  package init(country: CountryCode?, city: Text, namePrefix: Text, max: UInt32) {
    self.country = country
    self.city = city
    self.namePrefix = namePrefix
    self.max = max
  }
}

package struct CustomerSuggestion: Sendable, Equatable {
  package var customer: CatalogueCustomer
  /// Further accounts of the same customer that match, as far as was looked.
  package var linkedAccounts: UInt32
}

package struct CustomerSuggestions: Sendable, Equatable {
  package var rows: [CustomerSuggestion] = []
  /// A longer name or a city would show others.
  package var areMore = false
}

extension CustomerCatalogue {
  package func suggest(_ query: SuggestCustomers) throws(Rejection) -> CustomerSuggestions {
    var violations = Violations()
    violations.requireCountry(query.country, "country", "R-102")
    let typed = FoldedName(query.namePrefix)
    if typed.bytes.count < Limits.customerPrefixBytes {
      violations.add(
        "name_prefix", "R-102",
        "is too short; type at least \(Limits.customerPrefixBytes) letters of the name")
    }
    violations.limit(query.namePrefix, "name_prefix", max: Limits.nameBytes)
    violations.limit(query.city, "city", max: Limits.addressLineBytes)
    try violations.throwIfAny()
    guard let country = query.country else { preconditionFailure("checked above") }
    var collecting = Collecting(max: Int(query.max))
    var merges = MatchCategory.allCases.map {
      NameMerge(self, typed, country, $0, city: query.city.isEmpty ? nil : FoldedName(query.city))
    }
    for index in merges.indices {
      while merges[index].head?.name == typed, let head = merges[index].next() {
        collecting.take(head.customer)
      }
    }
    for index in merges.indices {
      while !collecting.isOver, let head = merges[index].next() { collecting.take(head.customer) }
    }
    return collecting.found
  }
}

/// Rows in their final order; linked accounts join the row of their customer.
private struct Collecting {
  let max: Int
  private(set) var found = CustomerSuggestions()
  private var rows: [CustomerID: Int] = [:]
  private var looked = 0

  init(max: Int) { self.max = max }

  var isOver: Bool { found.areMore }

  mutating func take(_ customer: CatalogueCustomer) {
    looked += 1
    let main = customer.mainID
    if let row = rows[main] {
      found.rows[row].linkedAccounts += 1
      // The main account stands for the others.
      if customer.mainAccount.isEmpty { found.rows[row].customer = customer }
    } else if found.rows.count < max {
      rows[main] = found.rows.count
      found.rows.append(CustomerSuggestion(customer: customer, linkedAccounts: 0))
    } else {
      found.areMore = true
    }
    if looked == Limits.customersLookedAt { found.areMore = true }
  }
}

/// The matching customers of one category in the order of their names, out of all runs.
private struct NameMerge {
  struct Head {
    let name: FoldedName
    let customer: CatalogueCustomer
    let id: CustomerID
  }

  private struct Source {
    let layer: CustomerCatalogue.Layer
    var next: Int
    let end: Int
    var first8: UInt64 = 0
    var head: Head?
  }

  private var sources: [Source] = []
  private let city: FoldedName?
  private let cityMark: UInt32

  init(
    _ catalogue: CustomerCatalogue, _ typed: FoldedName, _ country: CountryCode,
    _ category: MatchCategory, city: FoldedName?
  ) {
    self.city = city
    cityMark = city.map { CustomerRun.mark(ofCity: $0) } ?? 0
    for layer in catalogue.layers {
      let range = layer.run.names(beginningWith: typed, country, category)
      guard !range.isEmpty else { continue }
      var source = Source(layer: layer, next: range.lowerBound, end: range.upperBound)
      if settle(&source) { sources.append(source) }
    }
  }

  /// The customer that `next` gives.
  var head: Head? {
    mutating get { first().flatMap { sources[$0].head } }
  }

  mutating func next() -> Head? {
    guard let index = first(), let head = sources[index].head else { return nil }
    sources[index].next += 1
    if !settle(&sources[index]) { sources.remove(at: index) }
    return head
  }

  /// The source with the least name, which is only read in full where its beginning does not decide.
  private mutating func first() -> Int? {
    guard let least = sources.lazy.map(\.first8).min() else { return nil }
    var best: (index: Int, head: Head)?
    for index in sources.indices where sources[index].first8 == least {
      let head = sources[index].head ?? read(sources[index])
      sources[index].head = head
      if let best, (best.head.name, best.head.id) < (head.name, head.id) { continue }
      best = (index, head)
    }
    return best?.index
  }

  private func read(_ source: Source) -> Head {
    let place = Int(source.layer.run.name(at: source.next).place)
    let customer = source.layer.run.customer(at: place)
    return Head(
      name: FoldedName(customer.name), customer: customer, id: source.layer.run.ids[place])
  }

  /// Goes on to the next that is wanted; false when there is none.
  private func settle(_ source: inout Source) -> Bool {
    source.head = nil
    while source.next < source.end {
      let name = source.layer.run.name(at: source.next)
      source.first8 = name.first8
      if isWanted(name, source.layer) { return true }
      source.next += 1
    }
    return false
  }

  private func isWanted(_ name: CustomerRun.NamePlace, _ layer: CustomerCatalogue.Layer) -> Bool {
    if layer.hidden.contains(Int(name.place)) { return false }
    guard let city else { return true }
    guard name.city == cityMark else { return false }
    return FoldedName(layer.run.customer(at: Int(name.place)).address.city) == city
  }
}
