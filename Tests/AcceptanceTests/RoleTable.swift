// SPDX-License-Identifier: Apache-2.0
// Section 11 within one organisation as a table, over the wire: role × scope × place × team × action.

import TandemClient
import Testing

/// Where a role holds.
private enum Scope: String, CaseIterable {
  case everywhere, berlin, munich
}

private struct Actor {
  let role: Role
  let scope: Scope
  let client: Client
  let email: String
  var label: String { "\(role) \(scope)" }
}

private struct Place {
  let name: String
  let id: ID
}

/// A deal of the table, by what rights depend on.
private struct Cell {
  let place: Place
  let hasTeam: Bool
  let deal: ID
  var label: String { "\(place.name), \(hasTeam ? "on" : "off") team" }
}

private let roles: [Role] = [
  .partnerAdmin, .referralsAdmin, .referralsUser, .viewer, .accountAdmin,
]

private func isInScope(_ actor: Actor, _ place: String) -> Bool {
  // R-702: a deal of the whole organisation is in every scope.
  place == "everywhere" || actor.scope == .everywhere || actor.scope.rawValue == place
}

/// The table in words of its own.
private func sees(_ actor: Actor, _ cell: Cell) -> Bool {
  switch actor.role {
  case .partnerAdmin, .referralsAdmin, .viewer, .seller: isInScope(actor, cell.place.name)
  case .referralsUser: isInScope(actor, cell.place.name) && cell.hasTeam
  case .accountAdmin, .operator, .unspecified: false
  }
}

private func creates(_ actor: Actor, at place: String) -> Bool {
  switch actor.role {
  case .partnerAdmin, .referralsUser: true
  case .referralsAdmin, .seller: isInScope(actor, place)
  case .viewer, .accountAdmin, .operator, .unspecified: false
  }
}

struct RoleTable {
  private struct World {
    let ecosystem: Ecosystem
    let places: [Place]
    let actors: [Actor]
    let cells: [Cell]
  }

  private func prepare(_ ecosystem: Ecosystem) async throws -> World {
    let contoso = ecosystem.contoso
    let places = [
      Place(name: "everywhere", id: contoso.everywhere),
      Place(
        name: "berlin", id: try await contoso.client.addLocation(name: "Berlin", country: "DE")),
      Place(
        name: "munich", id: try await contoso.client.addLocation(name: "Munich", country: "DE")),
    ]
    var actors: [Actor] = []
    for role in roles {
      // G32: whom other roles administer is the entire organisation.
      let isWhole = role == .partnerAdmin || role == .accountAdmin
      for scope in isWhole ? [.everywhere] : Scope.allCases {
        let name = "\(role)\(scope)"
        let locations = places.filter { $0.name == scope.rawValue && scope != .everywhere }.map(
          \.id)
        actors.append(
          Actor(
            role: role, scope: scope,
            client: try await contoso.user(name, role, at: locations),
            email: Person.named(name).email))
      }
    }
    var cells: [Cell] = []
    for place in places {
      for hasTeam in [true, false] {
        let deal = try await ecosystem.deal { deal in
          deal.location = place.id
          if hasTeam {
            deal.team += actors.map { TeamMember(.named("\($0.role)\($0.scope)")) }
          }
        }
        cells.append(Cell(place: place, hasTeam: hasTeam, deal: deal))
      }
    }
    return World(ecosystem: ecosystem, places: places, actors: actors, cells: cells)
  }

  @Test
  func
    `section 11 section 1b section 3.1 R-701 R-702 R-703 G20 G32 who sees which deal, by every way of reading`()
    async throws
  {
    try await Ecosystem.run { ecosystem in
      let world = try await prepare(ecosystem)
      for actor in world.actors {
        let client = actor.client
        let seen = Set(world.cells.filter { sees(actor, $0) }.map(\.deal))
        #expect(Set(try await client.list().compactMap(\.id)) == seen, "\(actor.label)")
        let counted = try await client.aggregateDeals().total.count
        #expect(counted == UInt64(seen.count), "\(actor.label)")
        let batch = try await client.getDeals(world.cells.map(\.deal))
        #expect(Set(batch.compactMap(\.deal.id)) == seen, "\(actor.label)")
        var snapshot: Set<ID> = []
        for try await item in client.watch(beginsWithSnapshot: true) {
          snapshot.formUnion(item.events.compactMap(\.deal))
          if item.snapshot == .ends { break }
        }
        #expect(snapshot == seen, "\(actor.label)")
        for cell in world.cells where !seen.contains(cell.deal) {
          let unseen = try await refused { try await client.getDeal(cell.deal) }
          #expect(unseen.code == .notFound, "\(actor.label), \(cell.label)")
          let past = try await refused { try await client.getDeal(cell.deal, version: 1) }
          #expect(past.code == .notFound, "\(actor.label), \(cell.label)")
          let history = try await refused { try await client.history(of: cell.deal) }
          #expect(history.code == .notFound, "\(actor.label), \(cell.label)")
        }
      }
    }
  }

  @Test func `section 11 R-701 U03 who changes which deal: viewers none, users theirs, admins all`()
    async throws
  {
    try await Ecosystem.run { ecosystem in
      let world = try await prepare(ecosystem)
      var dry = ChangeOptions()
      dry.validatesOnly = true
      for actor in world.actors {
        let client = actor.client
        for cell in world.cells {
          let deal = cell.deal
          let acts: [(String, () async throws -> Void)] = [
            (
              "patch",
              { _ = try await client.patchDeal(deal, .only { $0.notes = "x" }, options: dry) }
            ),
            ("win", { _ = try await client.winDeal(deal, options: dry) }),
            ("lose", { _ = try await client.loseDeal(deal, reason: 1, options: dry) }),
            ("error", { _ = try await client.closeDealAsError(deal, reason: 1, options: dry) }),
            (
              "invite",
              {
                _ = try await client.inviteToDeal(
                  deal,
                  NewInvitation(
                    ecosystem.fabrikam.id, help: .generalOrOther, value: Money("500 EUR"),
                    solutionLines: [try await line(deal, ecosystem)]), options: dry)
              }
            ),
          ]
          for (act, run) in acts {
            let label = "\(actor.label), \(cell.label), \(act)"
            guard sees(actor, cell) else {
              #expect(try await refused { try await run() }.code == .notFound, "\(label)")
              continue
            }
            guard actor.role == .viewer else {
              try await run()
              continue
            }
            let refusal = try await refused { try await run() }
            #expect(refusal.code == .permissionDenied, "\(label): \(refusal)")
            #expect(refusal.reason == "ROLE_MISSING", "\(label)")
          }
          if sees(actor, cell) {
            let verdicts = try await client.describeDealActions(deal).actions
            let may = verdicts.first { $0.action == .patch }?.isAllowed
            #expect(may == (actor.role != .viewer), "\(actor.label), \(cell.label)")
            try await client.setFavourite(deal, true)
          }
        }
      }
    }
  }

  private func line(_ deal: ID, _ world: Ecosystem) async throws -> UInt32 {
    try #require(try await world.contoso.client.getDeal(deal).deal.solutions.first?.line)
  }

  @Test func `section 11 R-101 who creates deals, and where`() async throws {
    try await Ecosystem.run { ecosystem in
      let world = try await prepare(ecosystem)
      var dry = ChangeOptions()
      dry.validatesOnly = true
      for actor in world.actors {
        for place in world.places {
          let label = "\(actor.label) at \(place.name)"
          let deal = NewDeal.complete(for: ecosystem.contoso, at: place.id)
          if creates(actor, at: place.name) {
            _ = try await actor.client.createDeal(deal, options: dry)
          } else {
            let refusal = try await refused {
              try await actor.client.createDeal(deal, options: dry)
            }
            #expect(refusal.code == .permissionDenied, "\(label): \(refusal)")
          }
        }
      }
    }
  }

  private func review(_ organisation: ID, _ client: Client) async throws {
    var review = OrganisationChange()
    review.inEcosystem = false
    try await client.updateOrganisation(organisation, review, validatesOnly: true)
  }

  private func rule(_ realm: ID, _ client: Client) async throws {
    var policy = RealmPolicyChange()
    policy.duplicates = .refuse
    try await client.updateRealm(realm, policy, validatesOnly: true)
  }

  @Test func `section 11 R-705 who administers what`() async throws {
    try await Ecosystem.run { ecosystem in
      let world = try await prepare(ecosystem)
      let someone = ecosystem.contoso.administrator
      let berlin = world.places[1].id
      for actor in world.actors {
        let client = actor.client
        let isWhole = actor.scope == .everywhere
        let administers = actor.role == .partnerAdmin || actor.role == .accountAdmin
        let leads = actor.role == .partnerAdmin || actor.role == .referralsAdmin && isWhole
        var routing = Routing()
        routing.defaultLocation = berlin
        let rights: [(String, Bool, () async throws -> Void)] = [
          (
            "users", administers,
            {
              _ = try await client.addUser(
                NewUser(.named("New\(actor.role)\(actor.scope)"), grants: []))
            }
          ),
          (
            "keys", administers,
            { _ = try await client.issueKey(for: someone, label: "x", readOnly: true) }
          ),
          (
            "locations", administers,
            { _ = try await client.addLocation(name: "Rome \(actor.label)", country: "IT") }
          ),
          ("reviews of organisations", false, { try await review(ecosystem.fabrikam.id, client) }),
          ("policies of realms", false, { try await rule(ecosystem.realm, client) }),
          ("stage names", leads, { try await client.setStageNames([]) }),
          (
            "routing rules", leads,
            { try await client.setRoutingRules(routing, validatesOnly: true) }
          ),
          (
            "solutions", leads,
            {
              _ = try await client.publishSolution(
                NewSolution(name: "S \(actor.label)", type: .device), validatesOnly: true)
            }
          ),
        ]
        for (right, isHeld, run) in rights {
          if isHeld {
            try await run()
          } else {
            let refusal = try await refused { try await run() }
            #expect(refusal.code == .permissionDenied, "\(actor.label), \(right): \(refusal)")
          }
        }
      }
    }
  }

  @Test
  func
    `section 11, section 11a a seller reads what the vendor is shown and answers what it is asked`()
    async throws
  {
    try await Ecosystem.run { ecosystem in
      let vendor = ecosystem.vendor
      let place = try await vendor.client.addLocation(name: "Oslo", country: "NO")
      let whole = try await vendor.user("Sela", .seller)
      let local = try await vendor.user("Sol", .seller, at: [place])
      let hidden = try await ecosystem.deal()
      let shown = try await ecosystem.shown().copy
      let asked = try await ecosystem.asked().copy
      for seller in [whole, local] {
        #expect(Set(try await seller.list().compactMap(\.id)) == [shown, asked])
        #expect(try await refused { try await seller.getDeal(hidden) }.code == .notFound)
        #expect(try await seller.getDeal(shown).deal.isShadow)
        let look = try await refused {
          try await seller.patchDeal(shown, .only { $0.notes = "x" })
        }
        #expect(look.reason == "SHADOW_COPY")
        let users = try await refused {
          try await seller.addUser(NewUser(.named("Nobody"), grants: []))
        }
        #expect(users.code == .permissionDenied)
      }
      var acceptance = Acceptance(name: "Theirs")
      acceptance.team = [TeamMember(.named("Sela"))]
      _ = try await local.acceptDeal(asked, acceptance)
      #expect(try await whole.getDeal(asked).deal.status == .accepted)
      _ = try await whole.winDeal(asked)
      // What is sold with partners is for those who sell everywhere.
      let solution = NewSolution(name: "Local", type: .device)
      let small = try await refused { try await local.publishSolution(solution) }
      #expect(small.code == .permissionDenied)
      _ = try await whole.publishSolution(solution)
      let partner = try await refused { try await ecosystem.contoso.user("Sam", .seller) }
      #expect(partner.violations.map(\.reason) == ["ROLE_KIND"])
      // G32: a place would say less than the role gives.
      for role in [Role.partnerAdmin, .accountAdmin] {
        let bound = try await refused {
          try await ecosystem.contoso.user("Sam", role, at: [ecosystem.contoso.everywhere])
        }
        #expect(bound.violations.first?.reason == "ROLE_SCOPE", "\(role)")
      }
    }
  }

  @Test func `section 11 U03 a key that only reads changes nothing, whoever it belongs to`()
    async throws
  {
    try await Ecosystem.run { ecosystem in
      let contoso = ecosystem.contoso
      let deal = try await ecosystem.deal()
      let key = try await contoso.client.issueKey(
        for: contoso.administrator, label: "report", readOnly: true)
      let reader = try Client(contoso.url, key: key.key)
      #expect(try await reader.getDeal(deal).deal.id == deal)
      let refusals = [
        try await refused { try await reader.winDeal(deal) },
        try await refused { try await reader.patchDeal(deal, .only { $0.notes = "x" }) },
        try await refused { try await reader.setFavourite(deal, true) },
        try await refused { try await reader.createDeal(.complete(for: contoso)) },
      ]
      for refusal in refusals { #expect(refusal.reason == "KEY_READ_ONLY", "\(refusal)") }
    }
  }
}
