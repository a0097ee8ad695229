// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

extension CatalogueCustomer {
  static func sample(
    _ account: Text, _ name: Text, _ category: MatchCategory = .other, country: CountryCode = .de,
    city: Text = "Berlin", main: Text = .empty
  ) -> CatalogueCustomer {
    CatalogueCustomer(
      account: account, name: name,
      address: Address(
        line1: "Street 1", line2: .empty, city: city, state: .empty, postalCode: "10115",
        country: country), size: 7, duns: "123456789", category: category, mainAccount: main)
  }
}

struct SuggestingCustomersTests {
  private func suggest(
    _ catalogue: CustomerCatalogue, _ typed: Text, country: CountryCode? = .de, city: Text = .empty,
    max: UInt32 = 10
  ) throws -> CustomerSuggestions {
    try catalogue.suggest(
      SuggestCustomers(country: country, city: city, namePrefix: typed, max: max))
  }

  private func catalogue(_ customers: CatalogueCustomer...) -> CustomerCatalogue {
    var catalogue = CustomerCatalogue()
    catalogue.put(customers)
    return catalogue
  }

  private func names(_ found: CustomerSuggestions) -> [Text] { found.rows.map(\.customer.name) }

  @Test func `section 13 an equal name first, then managed, unmanaged and other, each by name`()
    throws
  {
    let all = catalogue(
      .sample("1", "Contoso Zwei", .managed), .sample("2", "Contoso Eins", .managed),
      .sample("3", "Contoso", .other), .sample("4", "Contoso AG", .unmanaged),
      .sample("5", "Contoso AB", .other), .sample("6", "Adatum", .managed))
    let found = try suggest(all, "contoso")
    #expect(
      names(found) == ["Contoso", "Contoso Eins", "Contoso Zwei", "Contoso AG", "Contoso AB"])
    #expect(!found.areMore)
    #expect(found.rows[0].customer.duns == "123456789")
  }

  @Test func `R-102 only the country's customers are suggested, and the city's when one is named`()
    throws
  {
    let all = catalogue(
      .sample("1", "Contoso Berlin"), .sample("2", "Contoso Köln", city: "Köln"),
      .sample("3", "Contoso Lyon", country: .fr, city: "Lyon"))
    #expect(try names(suggest(all, "co")) == ["Contoso Berlin", "Contoso Köln"])
    #expect(try names(suggest(all, "co", city: "KOLN")) == ["Contoso Köln"])
    #expect(try names(suggest(all, "co", country: .fr)) == ["Contoso Lyon"])
    #expect(try names(suggest(all, "co", city: "Kol")).isEmpty)
    #expect(try names(suggest(all, "co", city: "Lyon")).isEmpty)
  }

  @Test func `section 13 linked accounts are one suggestion, for which the main account stands`()
    throws
  {
    let all = catalogue(
      .sample("a", "Contoso Nord", main: "m"), .sample("b", "Contoso Süd", main: "m"),
      .sample("m", "Contoso Zentrale"), .sample("c", "Contoso Ost", main: "elsewhere"),
      .sample("d", "Contoso West", main: "elsewhere"))
    let found = try suggest(all, "contoso")
    #expect(names(found) == ["Contoso Zentrale", "Contoso Ost"])
    #expect(found.rows.map(\.linkedAccounts) == [2, 1])
  }

  @Test
  func `section 13 names longer than eight bytes are told apart, accents and case do not matter`()
    throws
  {
    let all = catalogue(
      .sample("1", "Deutsche Möbel GmbH"), .sample("2", "DEUTSCHE MOBEL AG"),
      .sample("3", "Deutsche Mode"), .sample("4", "Deutsch"), .sample("5", "Deutsche"))
    #expect(
      try names(suggest(all, "deutsche möb")) == ["DEUTSCHE MOBEL AG", "Deutsche Möbel GmbH"])
    #expect(try names(suggest(all, "deutsche")).first == "Deutsche")
    #expect(try suggest(all, "deutsche").rows.count == 4)
    #expect(try suggest(all, "deutsche mobel gmbh und").rows.isEmpty)
  }

  @Test func `section 13 no more than asked for, and it is said that there are more`() throws {
    let all = catalogue(
      .sample("1", "Contoso A"), .sample("2", "Contoso B"), .sample("3", "Contoso C"))
    let two = try suggest(all, "contoso", max: 2)
    #expect(names(two) == ["Contoso A", "Contoso B"] && two.areMore)
    #expect(try !suggest(all, "contoso", max: 3).areMore)
  }

  @Test func `R-102 a country and two letters are asked for, both problems at once`() throws {
    let rejection = try #require(throws: Rejection.self) {
      try suggest(catalogue(), " A! ", country: nil)
    }
    #expect(rejection.violations.map(\.field) == ["country", "name_prefix"])
  }

  @Test func `limits as few customers are looked at when all are called alike`() throws {
    var all = CustomerCatalogue()
    all.put(
      (0..<(2 * Limits.customersLookedAt)).map { .sample(Text("a\($0)"), "Alpha", main: "m") })
    let found = try suggest(all, "alpha")
    #expect(found.areMore && found.rows.count == 1)
    #expect(found.rows[0].linkedAccounts == UInt32(Limits.customersLookedAt - 1))
  }

  @Test func `limits imports of one customer each leave few runs to look into`() {
    var all = CustomerCatalogue()
    for number in 0..<2_000 {
      all.put([.sample(Text("a\(number % 1_500)"), Text("Alpha \(number)"))])
      #expect(all.runCount <= 11)
    }
    #expect(all.count == 1_500)
    #expect(all[CustomerID(account: "a7")]?.name == "Alpha 1507")
    #expect(all[CustomerID(account: "a700")]?.name == "Alpha 700")
  }

  /// Customers of few names, so that names, linked accounts and repeated accounts meet.
  private func random(_ random: inout SeededRandom) -> CatalogueCustomer {
    let number = random.next() % 4_000
    let names = ["Alpha", "Alphabet", "Älpha Werke", "Alpine Holding AG", "Beta", "al"]
    return .sample(
      Text("acc\(number)"), Text("\(names[Int(random.next() % 6)]) \(random.next() % 40)"),
      MatchCategory.allCases[Int(random.next() % 3)], country: random.next() % 3 == 0 ? .fr : .de,
      city: random.next() % 2 == 0 ? "Berlin" : "Köln",
      main: random.next() % 8 == 0 ? Text("main\(random.next() % 9)") : .empty)
  }

  /// The same by looking at every customer.
  private func naive(
    _ listed: [Text: CatalogueCustomer], _ typed: Text, city: Text
  ) -> [CustomerID] {
    let typed = FoldedName(typed)
    let found = listed.values.filter {
      $0.address.country == .de && (city.isEmpty || FoldedName($0.address.city) == FoldedName(city))
        && FoldedName($0.name).bytes.starts(with: typed.bytes)
    }
    let ordered = found.sorted {
      let left = FoldedName($0.name)
      let right = FoldedName($1.name)
      if (left == typed) != (right == typed) { return left == typed }
      if $0.category != $1.category { return $0.category.rawValue < $1.category.rawValue }
      return left != right ? left < right : $0.id < $1.id
    }
    var groups: [CustomerID] = []
    for customer in ordered where !groups.contains(customer.mainID) {
      groups.append(customer.mainID)
    }
    return groups
  }

  @Test func `section 13 after any imports the suggestions are those of a look at every customer`()
    throws
  {
    var source = SeededRandom(seed: 11)
    var catalogue = CustomerCatalogue()
    var listed: [Text: CatalogueCustomer] = [:]
    for _ in 0..<120 {
      var batch: [Text: CatalogueCustomer] = [:]
      for _ in 0..<(source.next() % 250 + 1) {
        let customer = random(&source)
        batch[customer.account] = customer
      }
      catalogue.put(batch.values.shuffled(using: &source))
      listed.merge(batch) { _, new in new }
    }
    #expect(catalogue.count == listed.count)
    for customer in listed.values { #expect(catalogue[customer.id] == customer) }
    #expect(catalogue[CustomerID(account: "nobody")] == nil)
    for typed: Text in [
      "al", "alp", "alpha 1", "alpine holding", "alpine holding ag 3", "be", "x1",
    ] {
      for city: Text in [.empty, "berlin", "Koln"] {
        let found = try suggest(catalogue, typed, city: city, max: 50)
        let wanted = naive(listed, typed, city: city)
        #expect(found.rows.map(\.customer.mainID) == Array(wanted.prefix(50)))
        #expect(found.areMore == (wanted.count > 50))
      }
    }
  }

  @Test func `section 13 equal catalogues are equal however they came about, and tell all by id`() {
    var source = SeededRandom(seed: 12)
    var listed: [Text: CatalogueCustomer] = [:]
    var slowly = CustomerCatalogue()
    for _ in 0..<CustomerCatalogue.gatheredRun / 200 {
      let batch = (0..<250).map { _ in
        CatalogueCustomer.sample(Text("acc\(source.next() % 60_000)"), "Alpha")
      }
      let unique = Dictionary(batch.map { ($0.account, $0) }) { first, _ in first }
      slowly.put(Array(unique.values))
      listed.merge(unique) { _, new in new }
    }
    var atOnce = CustomerCatalogue()
    atOnce.put(Array(listed.values))
    #expect(slowly == atOnce && slowly.count == listed.count)
    var ids: [CustomerID] = []
    slowly.forEach { ids.append($0.id) }
    #expect(ids == listed.values.map(\.id).sorted())
    let changed = CatalogueCustomer.sample(listed.values.first?.account ?? .empty, "Beta")
    atOnce.put([changed])
    #expect(slowly != atOnce && slowly.count == atOnce.count)
  }
}

struct ImportingCustomersTests {
  /// A directory whose operator asks.
  private func directory() -> Given {
    var directory = Given(unborn: Given.realm.directory)
    let organisation = Organisation(
      id: directory.id, realm: Given.realm.id, kind: .directory, name: "main", country: .de,
      inEcosystem: false, transacts: false, createdAt: directory.now)
    directory.record([.organisationEstablished(organisation, Given.realm)])
    directory.who = .systemOperator
    return directory
  }

  private func command(
    _ customers: CatalogueCustomer..., validateOnly: Bool = false
  ) -> Command {
    .importCustomers(ImportCustomers(customers: customers, validateOnly: validateOnly))
  }

  private func counts(_ decision: Decision) throws -> [UInt32] {
    guard case .imported(let counts) = decision.answer else { throw Unexpected() }
    return [counts.added, counts.changed, counts.unchanged]
  }

  @Test func `section 13 an import lists, lists anew, and leaves what is as it was`() throws {
    var given = directory()
    let first = CatalogueCustomer.sample("1", "Contoso")
    #expect(try counts(given.when(command(first, .sample("2", "Adatum")))) == [2, 0, 0])
    let again = try given.when(command(first, .sample("2", "Adatum AG"), .sample("3", "Litware")))
    #expect(try counts(again) == [1, 1, 1])
    #expect(given.state.customers.count == 3)
    #expect(given.state.customers[CustomerID(account: "2")]?.name == "Adatum AG")
    let repeated = try given.when(command(first))
    #expect(try counts(repeated) == [0, 0, 1] && repeated.events.isEmpty)
    given.expectReplayGivesTheSame()
  }

  @Test func `section 13 a dry run tells what would be listed and lists nothing`() throws {
    var given = directory()
    let dry = try given.when(command(.sample("1", "Contoso"), validateOnly: true))
    #expect(try counts(dry) == [1, 0, 0] && dry.events.isEmpty)
    #expect(given.state.customers.count == 0)
  }

  @Test func `R-102 every problem of every customer is told at once`() throws {
    var given = directory()
    var bad = CatalogueCustomer.sample("2", "A", main: "2")
    bad.duns = "12-345678"
    bad.address.line1 = .empty
    bad.address.country = CountryCode(packed: 0)
    let rejection = try given.refused(
      command(.sample("1", "Contoso"), bad, .sample("1", "Adatum"), .sample(.empty, .empty)))
    #expect(
      rejection.violations.map(\.field) == [
        "customers[1].main_account", "customers[1].name", "customers[1].address.line1",
        "customers[1].address.country", "customers[1].duns", "customers[2].account",
        "customers[3].account", "customers[3].name", "customers[3].name",
      ])
    #expect(try given.refused(command()).violations.map(\.field) == ["customers"])
  }

  @Test func `section 13 only the operator imports, and only into a directory`() throws {
    var partner = try Given()
    let command = command(.sample("1", "Contoso"))
    #expect(try partner.refused(command).reason == "OPERATOR_NEEDED")
    #expect(try partner.refused(command, by: .systemOperator).reason == "NOT_A_DIRECTORY")
  }
}

struct PickingCustomersTests {
  private let listed = CatalogueCustomer.sample("1", "Contoso AG", .managed)

  private func given() throws -> Given {
    var given = try Given("Fabrikam")
    given.directory.customers.put([listed])
    return given
  }

  @Test
  func `R-102 a picked customer is as the catalogue has it, with the contacts that were given`()
    throws
  {
    var given = try given()
    let id = try given.create {
      $0.customer = .picked(listed.id, contacts: [.named("Cora")])
    }
    let customer = try given.deal(id).customer
    #expect(customer.name == "Contoso AG" && customer.address == listed.address)
    #expect(customer.size == 7 && customer.category == .managed)
    #expect(customer.identifiers == [CustomerIdentifier(scheme: .duns, value: "123456789")])
    #expect(customer.catalogueID == listed.id)
    #expect(customer.contacts.map(\.person.firstName) == ["Cora"])
    // What the catalogue says later is another deal's customer.
    given.directory.customers.put([.sample("1", "Contoso SE", .other)])
    #expect(try given.deal(id).customer.name == "Contoso AG")
    given.expectReplayGivesTheSame()
  }

  @Test func `R-102 a picked customer's open deal is found in a transaction, too`() throws {
    var given = try given()
    given.state.realm?.policy.duplicates = .refuse
    var command = CreateDeal.sample(at: given.berlin)
    command.customer = .picked(listed.id, contacts: [.named("Cora")])
    try given.when(.createDeal(command))
    let again = Transact(operations: [.init(.createDeal(command))], validateOnly: false)
    #expect(try given.refused(.transact(again)).reason == "POSSIBLE_DUPLICATE")
  }

  @Test func `R-102 a customer entered by hand is not matched`() throws {
    var given = try given()
    let id = try given.create()
    let customer = try given.deal(id).customer
    #expect(customer.catalogueID.isZero && customer.category == nil)
  }

  @Test func `R-102 a pick that is not listed, and what is given beside one, are told at once`()
    throws
  {
    var given = try given()
    var command = CreateDeal.sample(at: given.berlin)
    command.customer.catalogueID = CustomerID(account: "nobody")
    command.customer.category = .managed
    let rejection = try given.refused(.createDeal(command))
    #expect(
      rejection.violations.map(\.field) == [
        "customer.category", "customer.catalogue_id", "customer.name", "customer.address.line1",
        "customer.address.city", "customer.address.postal_code", "customer.address.country",
        "customer.size", "customer.identifiers",
      ])
    #expect(rejection.violations[1].rule == "CUSTOMER_UNKNOWN")
  }
}

extension Customer {
  fileprivate static func picked(_ id: CustomerID, contacts: [TeamMember]) -> Customer {
    var customer = Customer(
      name: .empty,
      address: Address(
        line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
        country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: contacts)
    customer.catalogueID = id
    return customer
  }
}
