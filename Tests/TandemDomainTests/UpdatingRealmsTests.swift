// SPDX-License-Identifier: Apache-2.0
// What a directory makes of a changed policy, and how those hear of it that it lists.

import TandemDomain
import TandemPrimitives
import Testing

struct UpdatingRealmsTests {
  private var world: World
  private let main: TenantID

  init() throws {
    main = Given.realm.directory
    var directory = Given(unborn: main)
    directory.who = .systemOperator
    try directory.when(
      .establish(
        EstablishOrganisation(
          organisation: Organisation(
            id: main, realm: Given.realm.id, kind: .directory, name: "main", country: .de,
            inEcosystem: false, transacts: false, createdAt: directory.now), realm: Given.realm)))
    world = try World([directory])
  }

  private mutating func sandbox() throws -> (RealmID, TenantID) {
    let create = Command.createRealm(CreateRealm(name: "trial", policy: .standard))
    guard case .realm(let realm, let directory) = try world.when(main, create).answer else {
      throw Unexpected()
    }
    try world.settle()
    world.members[directory]?.who = .systemOperator
    return (realm, directory)
  }

  private func update(
    _ realm: RealmID, _ say: (inout RealmPolicyUpdate) -> Void
  ) -> Command {
    var update = RealmPolicyUpdate()
    say(&update)
    return .updateRealm(UpdateRealm(realm: realm, update: update))
  }

  @Test
  mutating func `ruling 4 a sandbox's directory hears of its policy, and who registers with it`()
    throws
  {
    let (realm, directory) = try sandbox()
    let change = update(realm) { $0.answerWindow = .hours(5) }
    try world.when(main, change)
    #expect(try world[main].state.realms[realm]?.policy.answerWindow == .hours(5))
    #expect(try world[main].state.realm?.policy == .standard)
    try world.settle(times: 2)
    #expect(try world[directory].state.realm?.policy.answerWindow == .hours(5))
    #expect(try world[directory].state.realm?.policyVersion == 1)
    // Nothing new is no commit.
    #expect(try world.when(main, change).events.isEmpty)
    let register = Command.registerOrganisation(
      RegisterOrganisation(
        kind: .partner, name: "Contoso", country: .de, inEcosystem: true, transacts: true,
        administrator: .named("Ada"), keySecretHash: [UInt8](repeating: 9, count: 32)))
    guard case .organisation(let id, _, _, _) = try world.when(directory, register).answer else {
      throw Unexpected()
    }
    try world.settle()
    #expect(try world[id].state.realm?.policy.answerWindow == .hours(5))
    #expect(try world[id].state.realm?.policyVersion == 1)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `ruling 4 only the directory of main changes realms, and only its own`()
    throws
  {
    let (realm, directory) = try sandbox()
    let change = update(realm) { $0.vendorRetries = 1 }
    #expect(try world.refused(directory, change).reason == "NOT_MAIN")
    let stranger = update(RealmID(high: 1, low: 2)) { $0.vendorRetries = 1 }
    let unknown = try world.refused(main, stranger)
    #expect(unknown.code == .notFound && unknown.reason == "REALM_NOT_FOUND")
    let nobody = try world.refused(main, .updateRealm(UpdateRealm(realm: .zero, update: .init())))
    #expect(nobody.violations.map(\.field) == ["realm_id", "policy"])
  }

  @Test func `ruling 4 an organisation hears only what is newer, and only of its own realm`() throws
  {
    var given = try Given()
    var policy = RealmPolicy.standard
    policy.vendorRetries = 1
    #expect(UpdatingRealms.news(for: given.state, in: given.directory) == nil)
    let change = PolicyChange(realm: Given.realm.id, policy: policy, version: 2)
    given.directory.put(change)
    // News may overtake each other.
    given.directory.put(PolicyChange(realm: Given.realm.id, policy: .standard, version: 1))
    #expect(UpdatingRealms.news(for: given.state, in: given.directory) == .policyChanged(change))
    given.state.realm?.policyVersion = 2
    #expect(UpdatingRealms.news(for: given.state, in: given.directory) == nil)
    given.directory.put(PolicyChange(realm: RealmID(high: 1, low: 2), policy: policy, version: 9))
    #expect(UpdatingRealms.news(for: given.state, in: given.directory) == nil)
  }

  @Test func `ruling 4 what follows from another value follows the new one`() {
    var policy = RealmPolicy.standard
    policy.firstReminder = .days(2)
    var update = RealmPolicyUpdate()
    update.answerWindow = .days(28)
    update.firstReminder = Timestamp.Span(milliseconds: 0)
    let after = policy.updated(by: update).spelledOut
    #expect(after.firstReminder == .days(6) && after.lastReminder == .days(2))
    #expect(after.extensionMax == .days(28) && after.contactWish == .hours(72))
    #expect(policy.updated(by: RealmPolicyUpdate()) == policy)
  }
}
