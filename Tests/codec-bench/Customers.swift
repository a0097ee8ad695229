// SPDX-License-Identifier: Apache-2.0
// A million customers: what they take in memory and how long a suggestion takes (product.md row 4).
// They are loaded as an operator loads them, in batches, so they lie in as many runs as they would.

import TandemDomain
import TandemPrimitives

enum CustomerMeasurement {
  private static let customers = 1_000_000
  private static let countries = ["DE", "DE", "FR", "US", "US", "US", "IT", "NL", "PL", "SE"]
  private static let words = [
    "Adler", "Alpine", "Baltic", "Blue", "Central", "City", "Delta", "Deutsche", "Eastern",
    "Energie", "Falcon", "First", "General", "Global", "Harbour", "Hanse", "Inter", "Iron", "Jura",
    "Kappa", "Kraft", "Lake", "Lumen", "Metro", "Modern", "National", "Nord", "Ocean", "Omega",
    "Pacific", "Pioneer", "Quant", "Rhein", "Royal", "Silver", "Summit", "Terra", "Union", "United",
    "Vision", "Western", "Yellow", "Zenit",
  ]
  private static let trades = [
    "Bank", "Chemie", "Data", "Elektro", "Foods", "Health", "Logistics", "Maschinenbau", "Medien",
    "Möbel", "Motors", "Pharma", "Software", "Steel", "Telecom", "Textil", "Transport", "Verlag",
  ]
  private static let cities = ["Berlin", "Hamburg", "Lyon", "Boston", "Milano", "Utrecht", "Łódź"]

  static func run() throws {
    let clock = ContinuousClock()
    var random = SeededRandom(seed: 7)
    var catalogue = CustomerCatalogue()
    var number = 0
    let loading = clock.measure {
      while number < customers {
        let batch = (0..<Limits.customersPerImport).map { customer(number + $0, &random) }
        number += batch.count
        catalogue.put(batch)
      }
    }
    print("a catalogue of \(catalogue.count) customers")
    print("  bytes of memory for each: \(catalogue.byteCount / catalogue.count)")
    print("  loading, seconds: \(loading / .seconds(1))")
    for (name, typed, city) in [
      ("two letters", "de", ""), ("a word", "deutsche", ""),
      ("a word and a city", "deutsche", "łódz"),
      ("a word and a half", "united mot", ""), ("a whole name", "silver möbel 4711", ""),
      ("nothing found", "xylo", ""),
    ] {
      try say(
        name,
        SuggestCustomers(
          country: country("US"), city: Text(city), namePrefix: Text(typed), max: 10), catalogue)
    }
    let known = CustomerID(account: Text("account-\(customers / 2)"))
    var found = 0
    let spent = clock.measure { for _ in 0..<10_000 where catalogue[known] != nil { found += 1 } }
    print("  picked by its id, nanoseconds: \(Int(spent / .nanoseconds(1)) / max(found, 1))")
  }

  /// The mean and the worst of a thousand, in microseconds.
  private static func say(
    _ name: String, _ query: SuggestCustomers, _ catalogue: CustomerCatalogue
  ) throws {
    let clock = ContinuousClock()
    var total = Duration.zero
    var worst = Duration.zero
    var rows = 0
    for _ in 0..<1_000 {
      let began = clock.now
      rows = try catalogue.suggest(query).rows.count
      let spent = clock.now - began
      total += spent
      worst = max(worst, spent)
    }
    print(
      "  \(name), \(rows) rows, microseconds: mean \(Int(total / .microseconds(1_000))), worst"
        + " \(Int(worst / .microseconds(1)))")
  }

  private static func customer(_ number: Int, _ random: inout SeededRandom) -> CatalogueCustomer {
    func one(_ list: [String]) -> String { list[Int(random.next() % UInt64(list.count))] }
    return CatalogueCustomer(
      account: Text("account-\(number)"),
      name: Text("\(one(words)) \(one(trades)) \(random.next() % 10_000)"),
      address: Address(
        line1: Text("Street \(number % 400)"), line2: .empty, city: Text(one(cities)),
        state: .empty, postalCode: Text("\(10_000 + number % 80_000)"),
        country: country(one(countries))), size: UInt32(number % 5_000),
      duns: Text("\(100_000_000 + number)"),
      category: MatchCategory.allCases[Int(random.next() % 3)], mainAccount: .empty)
  }

  private static func country(_ letters: String) -> CountryCode {
    CountryCode(packed: letters.utf8.reduce(0) { $0 << 8 | UInt16($1) })
  }
}
