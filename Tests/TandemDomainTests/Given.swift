// SPDX-License-Identifier: Apache-2.0
// One organisation in a test: commands go in, commits are kept, invariants are checked after each turn.

import TandemDomain
import TandemPrimitives
import Testing

/// An organisation with its whole past.
struct Given: Sendable {
  var state = TenantState()
  var deals = DealTable()
  var commits: [Commit] = []
  var now = Timestamp(milliseconds: 1_800_000_000_000)
  var directory = RealmDirectory()
  var who = Principal.system
  var fresh: FreshIdentifiers
  let id: TenantID
  let globalLocation: LocationID
  let berlin: LocationID
  let admin: UserID

  static let realm = Realm(
    id: RealmID(high: 1, low: 7), name: "main", isSandbox: false,
    clockOffset: Timestamp.Span(milliseconds: 0), policy: .standard, createdAt: .zero)

  /// An established organisation whose admin asks.
  init(
    _ name: Text = "Contoso", kind: OrganisationKind = .partner, seed: UInt64 = 1,
    isVetted: Bool = false
  ) throws {
    fresh = FreshIdentifiers(seed: seed)
    id = fresh.next(at: now)
    globalLocation = fresh.next(at: now)
    berlin = fresh.next(at: now)
    admin = fresh.next(at: now)
    var organisation = Organisation(
      id: id, realm: Self.realm.id, kind: kind, name: name, country: .de, inEcosystem: true,
      transacts: true, createdAt: now)
    organisation.isAssessmentVetted = isVetted
    let working: Role = kind == .vendor ? .seller : .partnerAdmin
    let user = User(
      id: admin, isService: false, person: .named("Ada"),
      grants: [
        RoleGrant(role: working, locations: []), RoleGrant(role: .accountAdmin, locations: []),
      ], mayActAsUser: false, isActive: true)
    record([
      .organisationEstablished(organisation, Self.realm),
      .locationAdded(
        Location(id: globalLocation, name: "Entire organisation", country: .de, isGlobal: true)),
      .locationAdded(Location(id: berlin, name: "Berlin", country: .de, isGlobal: false)),
      .userAdded(user), .solutionPublished(.named("Backup", of: id)),
      .solutionPublished(.named("Cloud", of: id)),
    ])
    who = .user(admin, via: nil, readOnly: false)
  }

  /// A tenant to which nothing happened yet.
  init(unborn id: TenantID, seed: UInt64 = 99) {
    fresh = FreshIdentifiers(seed: seed)
    self.id = id
    globalLocation = .zero
    berlin = .zero
    admin = .zero
  }

  var entry: OrganisationEntry {
    get throws {
      let organisation = try #require(state.organisation)
      return OrganisationEntry(
        id: id, kind: organisation.kind, name: organisation.name, country: organisation.country,
        inEcosystem: organisation.inEcosystem, transacts: organisation.transacts)
    }
  }

  mutating func record(_ events: [Event]) {
    let commit = state.commit(events, at: now, by: who, ledger: nil)
    Decider.evolve(&state, &deals, commit)
    commits.append(commit)
  }

  /// One turn.
  ///
  /// Afterwards everything that must hold is checked.
  @discardableResult
  mutating func when(_ command: Command, by principal: Principal? = nil) throws -> Decision {
    let principal = principal ?? (command.isInternal ? .system : who)
    var context = CommandContext(
      now: now, principal: principal, fresh: fresh, directory: directory)
    let before = deals
    let decision = try Decider.decide(command, state, deals, &context)
    fresh = context.fresh
    if !decision.events.isEmpty {
      let commit = state.commit(decision.events, at: now, by: principal, ledger: nil)
      Decider.evolve(&state, &deals, commit)
      commits.append(commit)
      expectKept(decision.events, since: before)
    }
    #expect(state.checkInvariants(deals) == [])
    return decision
  }

  /// The rejection of a command that must be refused, and must change nothing.
  mutating func refused(
    _ command: Command, by principal: Principal? = nil, at place: SourceLocation = #_sourceLocation
  ) throws -> Rejection {
    let before = (state, deals)
    var found: Rejection?
    do {
      try when(command, by: principal)
    } catch let rejection as Rejection {
      found = rejection
    }
    #expect(state == before.0 && deals == before.1)
    return try #require(found, "the command was not refused", sourceLocation: place)
  }

  func deal(_ id: DealID) throws -> Deal { try #require(deals.deal(id)) }

  /// The only copy of this organisation.
  var onlyDeal: Deal {
    get throws {
      try #require(deals.count == 1)
      return try deal(deals.allIDs[0])
    }
  }

  mutating func create(_ change: (inout CreateDeal) -> Void = { _ in }) throws -> DealID {
    var command = CreateDeal.sample(at: berlin)
    change(&command)
    guard case .deal(let id, _, _) = try when(.createDeal(command)).answer else {
      throw Unexpected()
    }
    return id
  }

  mutating func add(_ name: Text, _ role: Role, at locations: [LocationID] = []) throws
    -> Principal
  {
    let answer = try when(
      .addUser(
        AddUser(
          isService: false, person: .named(name),
          grants: [RoleGrant(role: role, locations: locations)], mayActAsUser: false))
    ).answer
    guard case .user(let id) = answer else { throw Unexpected() }
    return .user(id, via: nil, readOnly: false)
  }

  /// The same state again, from the commits alone.
  func expectReplayGivesTheSame() {
    var again = TenantState()
    var table = DealTable()
    for commit in commits { Decider.evolve(&again, &table, commit) }
    #expect(again == state)
    #expect(table == deals)
  }
}

struct Unexpected: Error {}

extension CountryCode {
  static let de = CountryCode(packed: 0x4445)
  static let fr = CountryCode(packed: 0x4652)
}

extension CurrencyCode {
  static func named(_ text: String) -> CurrencyCode {
    CurrencyCode(packed: text.utf8.reduce(0) { $0 << 8 | UInt32($1) })
  }
}

extension Person {
  static func named(_ name: Text) -> Person {
    Person(
      firstName: name, lastName: "Example", email: Text(name.string.lowercased() + "@example.com"),
      phone: "+49 30 1", title: .empty)
  }
}

extension Money {
  static func euros(_ units: Int64, nanos: Int32 = 0) -> Money {
    Money(units: units, nanos: nanos, currency: .named("EUR"))
  }
}

extension TeamMember {
  static func named(_ name: Text, line: UInt32 = 0) -> TeamMember {
    TeamMember(line: line, person: .named(name))
  }
}

extension SolutionLine {
  /// A new line of a solution that `Solution.named` made.
  static func named(_ name: Text, of owner: TenantID? = nil) -> SolutionLine {
    SolutionLine(
      line: 0, solution: Solution.named(name, of: owner ?? .zero).id, name: .empty, group: nil,
      quantityMilli: 0, price: nil)
  }
}

extension Solution {
  /// Every organisation of a test sells "Backup" and "Cloud"; the id follows from the name.
  static func named(_ name: Text, of owner: TenantID) -> Solution {
    let hash = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    return Solution(
      id: SolutionID(high: 7, low: hash), owner: owner, name: name, type: .service,
      isCoSellReady: true, incentives: [], isActive: true)
  }
}

extension CreateDeal {
  static func sample(at location: LocationID) -> CreateDeal {
    CreateDeal(
      name: "Migration", location: location,
      customer: Customer(
        name: "Adatum",
        address: Address(
          line1: "Street 1", line2: .empty, city: "Berlin", state: .empty, postalCode: "10115",
          country: .de), size: 100,
        identifiers: [
          CustomerIdentifier(scheme: .duns, value: "123456789"),
          CustomerIdentifier(scheme: .external, value: "our-17"),
        ], contacts: [.named("Cora")]),
      value: .euros(1_000), closeDate: Timestamp(milliseconds: 1_900_000_000_000), crmID: "crm-1",
      campaignID: .empty, notes: "internal", team: [.named("Ada"), .named("Bob")],
      solutions: [.named("Backup"), .named("Cloud")],
      consent: Consent(customerContact: true, shareWithOthers: true), visibleToVendor: false,
      help: nil, validateOnly: false)
  }
}

extension PatchDeal {
  static func edits(_ deal: DealID, base: UInt64 = 0, _ edits: ShortList<FieldEdit>) -> Command {
    .patchDeal(PatchDeal(deal: deal, baseVersion: base, edits: edits, validateOnly: false))
  }
}

extension Command {
  static func win(_ deal: DealID) -> Command {
    .winDeal(WinDeal(deal: deal, baseVersion: 0, validateOnly: false))
  }
  static func lose(_ deal: DealID, _ reason: UInt8? = 1) -> Command {
    .loseDeal(
      EndDeal(
        deal: deal, baseVersion: 0, reason: reason.map { ReasonCode($0) }, notes: "why",
        validateOnly: false))
  }
  static func closeAsError(
    _ deal: DealID, _ reason: UInt8? = 1, notes: Text = .empty
  ) -> Command {
    .closeDealAsError(
      EndDeal(
        deal: deal, baseVersion: 0, reason: reason.map { ReasonCode($0) }, notes: notes,
        validateOnly: false))
  }
  static func accept(_ deal: DealID) -> Command {
    .acceptDeal(
      AcceptDeal(
        deal: deal, name: "Ours", value: nil, closeDate: nil, notes: .empty, crmID: .empty,
        campaignID: .empty, team: [.named("Finn")], validateOnly: false))
  }
  static func decline(_ deal: DealID, _ reason: UInt8? = 4) -> Command {
    .declineDeal(
      DeclineDeal(
        deal: deal, reason: reason.map { ReasonCode($0) }, notes: "no time", validateOnly: false))
  }
}
