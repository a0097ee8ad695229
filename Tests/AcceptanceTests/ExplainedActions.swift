// SPDX-License-Identifier: Apache-2.0
// What DescribeDealActions says is the truth, over the wire: for deals in many states, callers and actions
// it allows exactly what a dry run does, and tells the rules of what is refused.

import Foundation
import TandemClient
import Testing

/// A deal in some state, as one organisation holds it.
private struct Stand {
  let label: String
  let company: Company
  let deal: ID

  init(_ label: String, _ company: Company, _ deal: ID) {
    self.label = label
    self.company = company
    self.deal = deal
  }
}

/// Ids of docs/rules.txt.
private let ruleIDs: Set<String> = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let text = try? String(contentsOf: root.appending(path: "docs/rules.txt"), encoding: .utf8)
  let lines = text?.split(separator: "\n") ?? []
  return Set(lines.filter { $0.contains(" | ") }.map { String($0.prefix { $0 != "|" }.dropLast()) })
}()

extension Ecosystem {
  private func own() async throws -> [Stand] {
    let client = contoso.client
    var stands = [
      Stand("private", contoso, try await deal()),
      Stand("shown", contoso, try await shown().deal),
      Stand("asked", contoso, try await asked().deal),
      Stand("invited", contoso, try await invited().deal),
      Stand("without a contact", contoso, try await deal { $0.customer.contacts = [] }),
      Stand(
        "without contact and consent", contoso,
        try await deal {
          $0.customer.contacts = []
          $0.consent.customerContact = false
        }),
    ]
    let extended = try await invited().deal
    _ = try await client.extendInvitation(extended, of: fabrikam.id, until: .daysLater(14))
    stands.append(Stand("extended as far as can be", contoso, extended))
    let won = try await invited().deal
    _ = try await client.winDeal(won)
    let lost = try await asked().deal
    _ = try await client.loseDeal(lost, reason: 2)
    let wrong = try await deal { $0.customer.contacts = [] }
    _ = try await client.closeDealAsError(wrong, reason: 1)
    stands.append(Stand("won", contoso, won))
    stands.append(Stand("lost", contoso, lost))
    stands.append(Stand("closed as an error", contoso, wrong))
    return stands
  }

  private func copies() async throws -> [Stand] {
    let (partner, desk) = (fabrikam.client, vendor.client)
    var stands = [
      Stand("pending", fabrikam, try await invited().copy),
      Stand("shadow", vendor, try await shown().copy),
      Stand("asked of the desk", vendor, try await asked().copy),
    ]
    let received = try await invited().copy
    _ = try await partner.acknowledgeDeal(received)
    let (accepting, accepted) = try await invited()
    _ = try await partner.acceptDeal(accepted, Acceptance(name: "Ours"))
    let (declining, declined) = try await invited()
    _ = try await partner.declineDeal(declined, reason: 2)
    let wonCopy = try await invited().copy
    _ = try await partner.acceptDeal(wonCopy, Acceptance(name: "Ours"))
    _ = try await partner.winDeal(wonCopy)
    let (helping, helped) = try await asked()
    _ = try await desk.acceptDeal(helped, Acceptance(name: "Theirs"))
    let (refusing, refused) = try await asked()
    _ = try await desk.declineDeal(refused, reason: 1)
    for (status, deal) in [
      (DealStatus.accepted, accepting), (.declined, declining), (.accepted, helping),
      (.declined, refusing),
    ] {
      _ = try await contoso.deal(deal) { $0.cards.last?.status == status }
      stands.append(Stand("invitee has \(status)", contoso, deal))
    }
    stands.append(Stand("received", fabrikam, received))
    stands.append(Stand("accepted", fabrikam, accepted))
    stands.append(Stand("declined", fabrikam, declined))
    stands.append(Stand("won by the invitee", fabrikam, wonCopy))
    stands.append(Stand("helped", vendor, helped))
    stands.append(Stand("refused by the desk", vendor, refused))
    stands.append(
      Stand(
        "of the vendor", vendor, try #require(try await desk.createDeal(.complete(for: vendor)).id))
    )
    return stands
  }

  private func assessments() async throws -> [Stand] {
    let published = try await vendor.client.publishSolution(
      NewSolution(name: "Readiness", type: .assessment))
    let solution = try await eventually {
      let rows = try await contoso.client.listSolutions(namePrefix: "Readiness").rows
      return rows.first { $0.solution.id == published && $0.group == .assessment }?.solution.id
    }
    var stands: [Stand] = []
    for stages in [[], [20, 40, 60, 80]] as [[UInt32]] {
      let id = try await deal { deal in
        deal.solutions[0].solution = solution
        deal.solutions[0].assessmentLocation = contoso.everywhere
      }
      for stage in stages {
        _ = try await contoso.client.patchDeal(id, .only { $0.stage = stage })
      }
      stands.append(Stand("assessment with \(stages.count) stages", contoso, id))
      stands.append(
        Stand(
          "shown assessment with \(stages.count) stages", vendor, try await copy(of: id, at: vendor)
        ))
    }
    return stands
  }

  /// Deals in every state, as their owners, invitees and the vendor hold them.
  fileprivate func stands() async throws -> [Stand] {
    try await own() + copies() + assessments()
  }
}

struct ExplainedActions {
  /// Somebody who can see all deals of an organisation.
  private struct Caller {
    let label: String
    let client: Client
  }

  private func callers(_ company: Company) async throws -> [Caller] {
    let reading = try await company.client.issueKey(
      for: company.administrator, label: "report", readOnly: true)
    return [
      Caller(label: "who may", client: company.client),
      Caller(label: "a viewer", client: try await company.user("Vic", .viewer)),
      Caller(label: "a key that only reads", client: try Client(company.url, key: reading.key)),
    ]
  }

  /// Everything that an action takes to be taken, tried.
  private func attempt(
    _ action: DealAction, _ stand: Stand, _ client: Client, _ partner: Company
  ) async throws {
    var dry = ChangeOptions()
    dry.validatesOnly = true
    let id = stand.deal
    switch action {
    case .unspecified: Issue.record("an action has no name")
    case .patch: _ = try await client.patchDeal(id, .only { $0.notes = "x" }, options: dry)
    case .win: _ = try await client.winDeal(id, options: dry)
    case .lose: _ = try await client.loseDeal(id, reason: 1, options: dry)
    case .closeAsError: _ = try await client.closeDealAsError(id, reason: 1, options: dry)
    case .acknowledge: _ = try await client.acknowledgeDeal(id, options: dry)
    case .accept: _ = try await client.acceptDeal(id, Acceptance(name: "Ours"), options: dry)
    case .decline: _ = try await client.declineDeal(id, reason: 1, options: dry)
    case .setFavourite: try await client.setFavourite(id, true, validatesOnly: true)
    case .invite, .inviteVendor:
      let deal = try await client.getDeal(id).deal
      var invitation = NewInvitation(
        action == .invite ? partner.id : nil, help: .technicalArchitecture,
        solutionLines: deal.solutions.map(\.line))
      invitation.value = Money("5 EUR")
      invitation.notes = "architecture is needed"
      invitation.customerConsent = true
      _ = try await client.inviteToDeal(id, invitation, options: dry)
    case .extendInvitation:
      let waiting = try await client.getDeal(id).deal.cards.first {
        [.pending, .received].contains($0.status)
      }
      _ = try await client.extendInvitation(
        id, of: waiting?.organisation.id ?? partner.id, until: .daysLater(1), options: dry)
    }
  }

  private func problem(_ call: () async throws -> Void) async throws -> TandemError? {
    do {
      try await call()
    } catch let error as TandemError {
      return error
    }
    return nil
  }

  /// Every rule has an id that documents have, and some obstacle is what a refusal says.
  private func expect(
    _ refusal: TandemError, isToldBy obstacles: [Obstacle], _ label: String
  ) {
    let rules = Set(obstacles.flatMap(\.rules))
    #expect(!refusal.rules.isEmpty && rules.isSuperset(of: refusal.rules), "\(label): \(refusal)")
    #expect(ruleIDs.isSuperset(of: rules), "\(label): \(rules)")
    #expect(obstacles.allSatisfy { !$0.rules.isEmpty && !$0.text.isEmpty }, "\(label)")
    let words = [refusal.reason] + refusal.violations.map(\.reason)
    #expect(obstacles.contains { words.contains($0.reason) }, "\(label): \(refusal)")
  }

  @Test
  func
    `section 11, section 7, section 9, R-207 R-301 R-304 R-602 T10 G04 G08 what is said to be allowed is, and nothing else`()
    async throws
  {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      let late = try await world.invited()
      try await world.pass(.seconds(15 * 86_400))
      let stands =
        try await world.stands() + [
          Stand("expired", world.fabrikam, late.copy),
          Stand("invitee has let it expire", world.contoso, late.deal),
        ]
      var isAllowed: Set<DealAction> = []
      for company in [world.contoso, world.fabrikam, world.vendor] {
        for caller in try await callers(company) {
          for stand in stands where stand.company.id == company.id {
            let verdicts = try await caller.client.describeDealActions(stand.deal).actions
            #expect(verdicts.count == 11, "\(stand.label)")
            for verdict in verdicts {
              let label = "\(verdict.action), \(stand.label), \(caller.label)"
              let refusal = try await problem {
                try await attempt(verdict.action, stand, caller.client, tailspin)
              }
              let found = refusal.map { "\($0)" } ?? "taken"
              #expect(verdict.isAllowed == (refusal == nil), "\(label): \(verdict), \(found)")
              #expect(verdict.isAllowed == verdict.obstacles.isEmpty, "\(label)")
              if verdict.isAllowed { isAllowed.insert(verdict.action) }
              guard let refusal else { continue }
              expect(refusal, isToldBy: verdict.obstacles, label)
              // What a request is refused for first is told first.
              let first = [refusal.reason, refusal.violations.first?.reason]
              #expect(first.contains(verdict.obstacles.first?.reason), "\(label): \(refusal)")
            }
          }
        }
      }
      // A table in which something is never allowed would prove nothing of it.
      #expect(isAllowed.count == 11, "\(isAllowed)")
    }
  }

  @Test
  func
    `section 9, R-205 R-402 R-403 R-404 R-602 T3 T4 G01 G03 G09 G16 every field of a deal has a verdict, and a refusal says the same`()
    async throws
  {
    try await Ecosystem.run { world in
      for stand in try await world.stands() {
        let client = stand.company.client
        let verdicts = try await client.describeDealActions(stand.deal)
        let numbers = try #require(Schema.own?.numbers["Deal"])
        #expect(Set(verdicts.fields.map(\.field)) == numbers, "\(stand.label)")
        let patch = try #require(verdicts.actions.first { $0.action == .patch }).obstacles
        for verdict in verdicts.fields {
          let label = "\(verdict.path), \(stand.label)"
          #expect(verdict.isEditable == verdict.obstacles.isEmpty, "\(label)")
          #expect(Array(verdict.obstacles.suffix(patch.count)) == patch, "\(label)")
          // What is said again is no change, even where nothing else can be said.
          if ["visible_to_vendor", "stage"].contains(verdict.path) { continue }
          let path = verdict.path == "customer.contacts" ? [10, 5] : [verdict.field]
          guard verdict.obstacles.count > patch.count else { continue }
          let refusal = try await refused {
            try await client.patch(stand.deal, path: path, validatesOnly: true)
          }
          expect(refusal, isToldBy: verdict.obstacles, label)
          #expect(verdict.obstacles[0].text == verdict.text, "\(label)")
        }
        let location = verdicts.fields.first { $0.path == "location_id" }
        #expect(location?.obstacles.first?.rules == ["R-402"], "\(stand.label)")
        #expect(location?.obstacles.first?.possibleUntil == .created, "\(stand.label)")
      }
    }
  }
}
