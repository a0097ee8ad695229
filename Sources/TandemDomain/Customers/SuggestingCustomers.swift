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
  /// What a question that says nothing is told.
  static var problemsOfNothing: [Violation] {
    let nothing = SuggestCustomers(country: nil, city: .empty, namePrefix: .empty, max: 1)
    return Violations.found { () throws(Rejection) in _ = try CustomerCatalogue().suggest(nothing) }
  }

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
      while !collecting.isOver, let customer = merges[index].next(called: typed) {
        collecting.take(customer)
      }
    }
    for index in merges.indices {
      while !collecting.isOver, let customer = merges[index].next() { collecting.take(customer) }
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
  private struct Source {
    let layer: CustomerCatalogue.Layer
    var next: Int
    let end: Int
    var beginning: FoldedName.Beginning
    /// Read where the beginning does not decide.
    var name: FoldedName?

    var place: Int { Int(layer.run.name(at: next).place) }
    var id: CustomerID { layer.run.ids[place] }
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
      var source = Source(
        layer: layer, next: range.lowerBound, end: range.upperBound,
        beginning: layer.run.name(at: range.lowerBound).beginning)
      if settle(&source) { sources.append(source) }
    }
  }

  mutating func next() -> CatalogueCustomer? {
    guard let index = first() else { return nil }
    return take(index)
  }

  /// The next customer when it is called so.
  mutating func next(called typed: FoldedName) -> CatalogueCustomer? {
    guard least == typed.beginning(), let index = first(), sources[index].name == typed else {
      return nil
    }
    return take(index)
  }

  private mutating func take(_ index: Int) -> CatalogueCustomer {
    let customer = sources[index].layer.run.customer(at: sources[index].place)
    sources[index].next += 1
    if !settle(&sources[index]) { sources.remove(at: index) }
    return customer
  }

  private var least: FoldedName.Beginning? {
    var least: FoldedName.Beginning?
    for index in sources.indices {
      if let found = least, found <= sources[index].beginning { continue }
      least = sources[index].beginning
    }
    return least
  }

  /// The source with the least name, and of equal names the least id.
  private mutating func first() -> Int? {
    guard let least else { return nil }
    var best: (index: Int, name: FoldedName, id: CustomerID)?
    for index in sources.indices where sources[index].beginning == least {
      let name =
        sources[index].name ?? sources[index].layer.run.foldedName(at: sources[index].place)
      sources[index].name = name
      let id = sources[index].id
      if let best, (best.name, best.id) < (name, id) { continue }
      best = (index, name, id)
    }
    return best?.index
  }

  /// Goes on to the next that is wanted; false when there is none.
  private func settle(_ source: inout Source) -> Bool {
    source.name = nil
    while source.next < source.end {
      let name = source.layer.run.name(at: source.next)
      source.beginning = name.beginning
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
