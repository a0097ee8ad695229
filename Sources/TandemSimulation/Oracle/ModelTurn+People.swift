// SPDX-License-Identifier: Apache-2.0
// Users, places, keys, names and wishes of an organisation in the model. Identifiers are the server's choice:
// they are learned from what it recorded.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func add(_ asked: AddUser) {
    require(ModelOrganisation.mayAdministerPeople)
    checkGrants(asked.grants)
    complain("ACT_AS_USER", if: asked.mayActAsUser && !asked.isService)
    let email = asked.person.email
    let isTaken = own.users.values.contains { same($0.email, email) }
    refuse("USER_EXISTS", if: !email.isEmpty && isTaken)
  }

  mutating func set(_ asked: SetUserGrants) {
    require(ModelOrganisation.mayAdministerPeople)
    guard var user = own.users[asked.user] else { return refuse("USER_NOT_FOUND") }
    checkGrants(asked.grants)
    let administered = own.mayAdministerPeople(user)
    user.grants = asked.grants
    user.isActive = asked.isActive
    own.users[user.id] = user
    let isLast = administered && !own.users.values.contains { own.mayAdministerPeople($0) }
    refuse("LAST_ADMINISTRATOR", if: isLast)
  }

  private mutating func checkGrants(_ grants: [RoleGrant]) {
    for grant in grants {
      complain("ROLE_KIND", if: grant.role == .operatorRole)
      complain("ROLE_KIND", if: grant.role == .seller && own.kind != .vendor)
      complain("LOCATION_UNKNOWN", if: grant.locations.contains { !isSinglePlace($0) })
    }
    let wholeRoles: Set<Role> = [.partnerAdmin, .accountAdmin, .operatorRole]
    complain(
      "ROLE_SCOPE", if: grants.contains { wholeRoles.contains($0.role) && !$0.locations.isEmpty })
    complain("ROLE_TWICE", if: Set(grants.map(\.role)).count < grants.count)
  }

  private func isSinglePlace(_ id: LocationID) -> Bool {
    own.locations[id].map { !$0.isGlobal } ?? false
  }

  private func same(_ one: Text, _ other: Text) -> Bool {
    one.string.lowercased() == other.string.lowercased()
  }

  mutating func add(_ asked: AddLocation) {
    require(ModelOrganisation.mayAdministerPeople)
    complain("FIELD_REQUIRED", if: asked.name.isEmpty)
    complain("FIELD_REQUIRED", if: asked.country == nil)
    complain("FIELD_INVALID", if: asked.address.map { $0.country != asked.country } ?? false)
    refuse("LOCATION_EXISTS", if: own.locations.values.contains { same($0.name, asked.name) })
  }

  mutating func issue(_ asked: IssueKey) {
    require(ModelOrganisation.mayAdministerPeople)
    guard let user = own.users[asked.user] else { return refuse("USER_NOT_FOUND") }
    refuse("USER_INACTIVE", if: !user.isActive)
  }

  mutating func revoke(_ asked: RevokeKey) {
    require(ModelOrganisation.mayAdministerPeople)
    refuse("KEY_NOT_FOUND", if: own.keys[asked.key] == nil)
    own.keys[asked.key] = false
  }

  mutating func name(_ asked: SetStageNames) {
    require(ModelOrganisation.mayAdministerDeals)
    let standard = SalesStage.allCases.filter { $0 != .won }.map { UInt32($0.rawValue) }
    complain("R-603", if: asked.names.contains { $0.name.isEmpty })
    let words = asked.names.map { $0.name.string.lowercased() }
    complain("R-603", if: Set(words).count < words.count)
    complain("G07", if: asked.names.contains { !standard.contains($0.percent) })
    own.stageNames = asked.names.compactMap { given in
      SalesStage(rawValue: UInt8(truncatingIfNeeded: given.percent)).map {
        StageName(name: given.name, stage: $0)
      }
    }
  }

  mutating func route(_ asked: SetRoutingRules) {
    require(ModelOrganisation.mayAdministerDeals)
    for rule in asked.rules {
      complain("LOCATION_UNKNOWN", if: own.locations[rule.location] == nil)
      complain(
        "section 13", if: rule.name.isEmpty || (rule.markets.isEmpty && rule.solutions.isEmpty))
    }
    let place = asked.defaultLocation
    complain("LOCATION_UNKNOWN", if: !place.isZero && own.locations[place] == nil)
    own.rules = asked.rules
    own.defaultLocation = place.isZero ? nil : place
  }

  mutating func publish(_ asked: PublishSolution) {
    require(ModelOrganisation.mayPublish)
    let old = own.solutions[asked.solution]
    refuse("SOLUTION_NOT_FOUND", if: !asked.solution.isZero && old == nil)
    complain("FIELD_REQUIRED", if: asked.name.isEmpty)
    complain("FIELD_REQUIRED", if: asked.type == nil)
    let twin = own.solutions.values.contains {
      $0.id != asked.solution && same($0.name, asked.name)
    }
    complain("SOLUTION_EXISTS", if: twin)
    complain("SOLUTION_TYPE", if: old.map { asked.type != nil && $0.type != asked.type } ?? false)
    complain("VENDOR_ONLY", if: asked.type == .assessment && own.kind != .vendor)
    complain("R-901", if: !asked.isCoSellReady && !asked.incentives.isEmpty)
  }

  // MARK: One's own

  mutating func mark(_ asked: SetFavourite) {
    guard let caller, deal(asked.deal, toWork: false) != nil else { return }
    if asked.isFavourite {
      own.marks[caller.id, default: []].insert(asked.deal)
    } else {
      own.marks[caller.id]?.remove(asked.deal)
    }
  }

  mutating func read(_ asked: MarkNotificationsRead) {
    guard let caller else { return }
    let mine = own.inboxes[caller.id] ?? []
    let known = mine.map(\.id)
    complain("NOTIFICATION_UNKNOWN", if: asked.notifications.contains { !known.contains($0) })
    own.inboxes[caller.id] = mine.map { entry in
      var entry = entry
      if asked.notifications.contains(entry.id) { entry.isRead = true }
      return entry
    }
  }

  mutating func mute(_ asked: MuteTopics) {
    guard let caller else { return }
    complain("TOPIC_MANDATORY", if: !ModelTurn.mandatory.isDisjoint(with: asked.topics))
    complain("TOPIC_TWICE", if: Set(asked.topics).count < asked.topics.count)
    own.users[caller.id]?.muted = asked.topics
  }

  mutating func set(_ asked: SetNotificationSettings) {
    require(ModelOrganisation.mayAdministerDeals)
    own.tellsInvitationSent = asked.settings.tellsInvitationSent
  }
}
