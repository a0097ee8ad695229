// SPDX-License-Identifier: Apache-2.0
// A small world to try things in: one vendor desk, three partners of which one is vetted for assessments, a
// catalogue of customers, a few deals, published keys.
// What exists already stays as it is, so a second start changes nothing.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

struct DemoWorld {
  private struct Member {
    let word: String
    let name: Text
    let kind: OrganisationKind
    let country: String
    var isAssessmentVetted = false
    let administrator: Person
  }

  private struct Settled {
    let id: TenantID
    let key: KeyID
    let administrator: UserID
    let location: LocationID
  }

  private static let members = [
    Member(
      word: "northwind", name: "Northwind Vendor Desk", kind: .vendor, country: "US",
      administrator: person("Nora", "Wind", "nora@northwind.example")),
    Member(
      word: "contoso", name: "Contoso", kind: .partner, country: "DE", isAssessmentVetted: true,
      administrator: person("Carla", "Conte", "carla@contoso.example")),
    Member(
      word: "fabrikam", name: "Fabrikam", kind: .partner, country: "FR",
      administrator: person("Fabien", "Brick", "fabien@fabrikam.example")),
    Member(
      word: "tailspin", name: "Tailspin", kind: .partner, country: "GB",
      administrator: person("Tess", "Spinner", "tess@tailspin.example")),
  ]

  private static func person(_ first: Text, _ last: Text, _ email: Text) -> Person {
    Person(
      firstName: first, lastName: last, email: email, phone: "+49 30 5550100", title: "Alliances")
  }

  /// The published text of a member's key.
  static func keyText(_ word: String) -> String { "tdk_demo_\(word)" }

  static var keyTexts: [String] { members.map { keyText($0.word) } }

  private static func secret(_ word: String) -> [UInt8] {
    SHA256.digest(of: ArraySlice("tandem demo world: \(word)".utf8)).bytes
  }

  let node: Node
  let loop: EventLoop
  private var caller: InProcessCaller { InProcessCaller(node: node) }
  private var directory: TenantID { Node.directory(of: Node.mainRealm) }

  init(node: Node, loop: EventLoop) {
    self.node = node
    self.loop = loop
  }

  /// Makes what is missing and says which keys open it.
  func prepare() async throws(StartFault) -> DemoKeys {
    var keys: [String: KeyText] = [:]
    var settled: [String: Settled] = [:]
    for member in Self.members {
      let found = try await find(member)
      let id = if let found { found } else { try await register(member) }
      let place = try await settle(id, member)
      settled[member.word] = place
      keys[Self.keyText(member.word)] = KeyText(
        tenant: id, key: place.key, secret: Self.secret(member.word))
    }
    if let contoso = settled["contoso"], let fabrikam = settled["fabrikam"] {
      try await makeDeals(contoso, inviting: fabrikam, among: settled)
    }
    return DemoKeys(keys)
  }

  // MARK: Organisations

  private func find(_ member: Member) async throws(StartFault) -> TenantID? {
    let reply = await caller.ask(
      .query(.listOrganisations(namePrefix: member.name, max: 100)), of: directory,
      as: .systemOperator)
    let body = try succeeded(reply, "list organisations")
    do throws(WireError) {
      var reader = ProtoReader(body[...])
      while try reader.next() {
        guard reader.field == 1 else {
          try reader.skip()
          continue
        }
        let entry: OrganisationEntry = try reader.value()
        if entry.name == member.name { return entry.id }
      }
      return nil
    } catch {
      throw fault("list organisations", error.text)
    }
  }

  private func register(_ member: Member) async throws(StartFault) -> TenantID {
    var command = RegisterOrganisation(
      kind: member.kind, name: member.name, country: CountryCode(member.country.utf8),
      inEcosystem: true, transacts: true, administrator: member.administrator,
      keySecretHash: SHA256.digest(of: Self.secret(member.word)[...]).bytes)
    command.isAssessmentVetted = member.isAssessmentVetted
    let reply = await caller.ask(
      .command(.registerOrganisation(command), returnDeal: false), of: directory,
      as: .systemOperator)
    guard
      let id: TenantID = ReplyFields.identifier(
        1, in: try succeeded(reply, "register \(member.name)"))
    else { throw fault("register \(member.name)", "no id") }
    return id
  }

  /// Waits until the organisation has heard of itself, then reads what it consists of.
  private func settle(_ id: TenantID, _ member: Member) async throws(StartFault) -> Settled {
    for _ in 0..<1_000 {
      let locations = await caller.ask(.query(.listLocations), of: id, as: .systemOperator)
      if locations.status == .ok, let location: LocationID = ReplyFields.first(of: locations.body) {
        let users = await caller.ask(.query(.listUsers), of: id, as: .systemOperator)
        let keys = await caller.ask(.query(.listKeys), of: id, as: .systemOperator)
        guard let user: UserID = ReplyFields.first(of: users.body),
          let key: KeyID = ReplyFields.first(of: keys.body)
        else { throw fault("read \(member.name)", "no user or key") }
        return Settled(id: id, key: key, administrator: user, location: location)
      }
      await pause()
    }
    throw fault("register \(member.name)", "its directory did not tell it who it is")
  }

  private func pause() async {
    await withCheckedContinuation { continuation in
      loop.post { [loop] in
        loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: 5)) {
          continuation.resume()
        }
      }
    }
  }

  // MARK: Customers

  /// An import like any other, by who operates the realm.
  private func listCustomers() async throws(StartFault) {
    let command = ImportCustomers(
      customers: DemoCustomer.all.map(\.listed), validateOnly: false)
    let reply = await caller.ask(
      .command(.importCustomers(command), returnDeal: false), of: directory, as: .systemOperator)
    _ = try succeeded(reply, "import customers")
  }

  // MARK: Deals

  /// What the others sell.
  private static let sold: [(word: String, name: Text, type: SolutionType)] = [
    ("northwind", "Cloud capacity", .service),
    ("northwind", "Cloud readiness assessment", .assessment),
    ("fabrikam", "Fleet gateway", .device),
    ("tailspin", "Route planner", .managedService),
  ]

  /// What a member sells; its partners may choose it.
  private func publish(
    _ name: Text, _ type: SolutionType, of member: Settled
  ) async throws(StartFault) -> SolutionID {
    let command = PublishSolution(
      solution: .zero, name: name, type: type, isCoSellReady: true,
      incentives: type == .intellectualProperty ? [.intellectualProperty] : [], isActive: true,
      validateOnly: false)
    let reply = await caller.ask(
      .command(.publishSolution(command), returnDeal: false), of: member.id,
      as: .user(member.administrator, via: nil, readOnly: false))
    guard
      let id: SolutionID = ReplyFields.identifier(1, in: try succeeded(reply, "publish \(name)"))
    else { throw fault("publish \(name)", "no id") }
    return id
  }

  private func makeDeals(
    _ contoso: Settled, inviting fabrikam: Settled, among members: [String: Settled]
  ) async throws(StartFault) {
    let principal = Principal.user(contoso.administrator, via: nil, readOnly: false)
    let page = ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: true,
      pageSize: 1, after: nil)
    let list = await caller.ask(.query(.listDeals(page)), of: contoso.id, as: principal)
    guard try succeeded(list, "list deals").isEmpty else { return }
    try await listCustomers()
    let solution = try await publish("Telemetry hub", .intellectualProperty, of: contoso)
    for (word, name, type) in Self.sold {
      if let member = members[word] { _ = try await publish(name, type, of: member) }
    }
    for plan in DemoDeals.all {
      let command = plan.command(
        of: solution, at: contoso.location, now: SystemTime().wall)
      let reply = await caller.ask(
        .command(.createDeal(command), returnDeal: false), of: contoso.id, as: principal)
      guard
        let deal: DealID = ReplyFields.identifier(
          1, in: try succeeded(reply, "create a deal"))
      else { throw fault("create a deal", "no id") }
      guard plan.isShared else { continue }
      let invitation = InviteToDeal(
        deal: deal, invitee: .organisation(fabrikam.id), help: .technicalArchitecture,
        value: command.value, closeDate: nil,
        notes: "You know this customer: will you design it with us?", teamLines: [],
        // Lines are numbered through the deal: team, contacts, solutions.
        solutionLines: [UInt32(command.team.count + command.customer.contacts.count + 1)],
        validateOnly: false)
      let answer = await caller.ask(
        .command(.inviteToDeal(invitation), returnDeal: false), of: contoso.id, as: principal)
      _ = try succeeded(answer, "invite Fabrikam")
    }
  }

  // MARK: Answers

  private func succeeded(
    _ reply: InProcessCaller.Reply, _ step: String
  ) throws(StartFault) -> [UInt8] {
    if reply.status == .ok { return reply.body }
    throw fault(step, reason(of: reply))
  }

  private func reason(of reply: InProcessCaller.Reply) -> String {
    do throws(WireError) {
      let status = try ErrorStatus(decoding: reply.body[...])
      let details = status.violations.map { "\($0.field): \($0.text)" }.joined(separator: "; ")
      return "\(status.reason): \(status.message) \(details)"
    } catch {
      return "\(reply.status)"
    }
  }

  private func fault(_ step: String, _ text: String) -> StartFault {
    StartFault(code: .internalFault, text: "demo world: \(step): \(text)")
  }
}

/// The deals of Contoso.
private struct DemoDeals {
  static let all = [
    DemoDeals(
      name: "Fleet telemetry for Adatum", customer: "Adatum Logistics", city: "Hamburg",
      postalCode: "20095", units: 240_000, days: 60, isShared: true),
    DemoDeals(
      name: "Archive migration for Litware", customer: "Litware Press", city: "Berlin",
      postalCode: "10117", units: 85_000, days: 45, isShared: false),
    DemoDeals(
      name: "Security review for Proseware", customer: "Proseware Bank", city: "Frankfurt",
      postalCode: "60311", units: 32_500, days: 30, isShared: false),
  ]

  let name: Text
  let customer: Text
  let city: Text
  let postalCode: Text
  let units: Int64
  let days: Int64
  let isShared: Bool

  func command(
    of solution: SolutionID, at location: LocationID, now: Timestamp
  ) -> CreateDeal {
    let euro = CurrencyCode("EUR".utf8)
    let value = euro.map { Money(units: units, nanos: 0, currency: $0) }
    let germany = CountryCode("DE".utf8) ?? CountryCode(packed: 0)
    let contact = Person(
      firstName: "Kim", lastName: "Abercrombie", email: "kim@customer.example",
      phone: "+49 40 5550199", title: "Head of operations")
    return CreateDeal(
      name: name, location: location,
      customer: Customer(
        name: customer,
        address: Address(
          line1: "Speicherstrasse 1", line2: "", city: city, state: "", postalCode: postalCode,
          country: germany),
        size: 500, identifiers: [], contacts: [TeamMember(line: 0, person: contact)]),
      value: value, closeDate: now.advanced(by: .days(days)), crmID: "", campaignID: "",
      notes: "Part of the demo world.",
      team: [
        TeamMember(
          line: 0,
          person: Person(
            firstName: "Carla", lastName: "Conte", email: "carla@contoso.example",
            phone: "+49 30 5550100", title: "Alliances"))
      ],
      solutions: [
        SolutionLine(
          line: 0, solution: solution, name: .empty, group: nil, quantityMilli: 1_000, price: nil)
      ],
      consent: Consent(customerContact: true, shareWithOthers: true), visibleToVendor: false,
      help: nil, validateOnly: false)
  }
}

/// The published keys of the demo world, one per member.
package var demoKeyTexts: [String] { DemoWorld.keyTexts }
