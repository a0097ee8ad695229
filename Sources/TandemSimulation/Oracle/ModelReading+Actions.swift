// SPDX-License-Identifier: Apache-2.0
// What somebody is told of what may be done with a deal, judged by trying it in the model: whether it is
// allowed, every reason why not, and the rule of each.

import TandemDomain
import TandemPrimitives
import TandemWire

/// What the model makes of one action, at the beginning of the question and at its end.
private struct Attempt {
  let turns: [ModelTurn]

  var isRefused: Bool { turns.allSatisfy(\.isRefused) }
  var isTaken: Bool { !turns.contains(where: \.isRefused) }
  /// Reasons that hold all the time, and those that hold at some time.
  var certain: Set<String> { words.dropFirst().reduce(words.first ?? []) { $0.intersection($1) } }
  var possible: Set<String> { words.reduce([]) { $0.union($1) } }

  /// A right that is missing is told in one of two ways.
  private var words: [Set<String>] {
    turns.map { turn in
      var words = turn.reasons.union(turn.problems)
      if !words.isDisjoint(with: Attempt.rights) { words.insert("RIGHT") }
      return words.subtracting(Attempt.rights)
    }
  }

  static let rights: Set<String> = ["ROLE_MISSING", "KEY_READ_ONLY"]
}

/// A row of an answer.
private struct ToldObstacle {
  let reason: String
  let rules: [String]

  init(_ bytes: ArraySlice<UInt8>) {
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    let word = SimulatedClient.fields(1, in: bytes).first.map(text) ?? ""
    reason = Attempt.rights.contains(word) ? "RIGHT" : word
    rules = SimulatedClient.fields(2, in: bytes).map(text)
  }

  /// The rule that each reason stands for, as domain.md numbers it.
  private static let rules: [String: [String]] = [
    "RIGHT": ["section 11"], "DEAL_CLOSED": ["T10"], "SHADOW_COPY": ["R-203"],
    "DEAL_NOT_ACCEPTED": ["G04"], "INVITATION_EXPIRED": ["R-304"], "NOT_INITIATOR": ["R-207"],
    "STAGES_INCOMPLETE": ["R-602"], "NOT_FOR_ASSESSMENTS": ["section 7"],
    "COUNTERPARTS_FULL": ["G24"], "ALREADY_INVITED": ["G08"], "NO_VENDOR_DESK": ["ruling 1"],
    "INVITEE_SELF": ["ruling 1"], "R-103": ["R-103"], "R-104": ["R-104"],
    "EXTENSIONS_USED_UP": ["G24"], "EXTENSION_TOO_LONG": ["section 10"],
  ]

  func isRight(for action: DealAction) -> Bool {
    let isAnswer = [DealAction.acknowledge, .accept, .decline].contains(action)
    if reason == "NOT_NEW" { return rules == [isAnswer ? "R-301" : "invariant 10"] }
    return rules == Self.rules[reason]
  }
}

extension ModelReading {
  /// An action is open to the caller when the model would do it, asked for properly; else every reason of
  /// the model is told, and no other.
  func judgeActions(_ id: DealID, _ answer: Operation.Told) -> String? {
    guard let deal = seen(id) else { return judgeAbsence(answer) }
    guard answer.status == .ok else { return "was refused" }
    for row in SimulatedClient.fields(1, in: answer.body[...]) {
      let number = UInt8(truncatingIfNeeded: SimulatedClient.number(1, in: row))
      guard let action = DealAction(rawValue: number) else { return "\(number) is no action" }
      let isOpen = SimulatedClient.number(2, in: row) == 1
      let told = SimulatedClient.fields(5, in: row).map { ToldObstacle($0) }
      if isOpen != told.isEmpty { return "\(action) is told with \(told.count) obstacles" }
      if let wrong = told.first(where: { !$0.isRight(for: action) }) {
        return "\(action) is said to be forbidden as \(wrong.reason) by \(wrong.rules)"
      }
      let attempts = commands(action, deal).map(attempt)
      if let wrong = judge(action, deal, isOpen, Set(told.map(\.reason)), attempts) { return wrong }
    }
    return judgeFields(deal, answer)
  }

  private func judge(
    _ action: DealAction, _ deal: ModelDeal, _ isOpen: Bool, _ told: Set<String>,
    _ attempts: [Attempt]
  ) -> String? {
    guard let first = attempts.first else { return nil }
    if isOpen {
      guard attempts.allSatisfy(\.isRefused) else { return nil }
      return "\(action) is said to be allowed, \(first.turns[0].refusal)"
    }
    if attempts.contains(where: \.isTaken) { return "\(action) is said to be forbidden" }
    // Of an inbound copy is told who invites, not what its initiator would need.
    let standing: Set<String> = [
      "RIGHT", "NOT_INITIATOR", "DEAL_CLOSED", "DEAL_NOT_ACCEPTED", "SHADOW_COPY",
      "NOT_FOR_ASSESSMENTS",
    ]
    let isElsewhere = deal.isInbound && first.possible.contains("NOT_INITIATOR")
    var certain = first.certain
    // Which invitee is told of more time is not said.
    if isElsewhere || action == .extendInvitation { certain.formIntersection(standing) }
    let missing = certain.subtracting(told)
    if !missing.isEmpty { return "\(action) is forbidden also by \(missing.sorted())" }
    // The model asks nothing more of those without a right, nor of an invitee that is not there.
    guard !first.possible.contains("RIGHT"), action != .extendInvitation else { return nil }
    var possible = first.possible
    if !possible.isDisjoint(with: ["NO_VENDOR_DESK", "INVITEE_SELF"]) {
      possible.formUnion(["R-103", "R-104"])
    }
    let invented = told.subtracting(possible)
    return invented.isEmpty ? nil : "\(action) is said to be forbidden by \(invented.sorted())"
  }

  private func attempt(_ command: Command) -> Attempt {
    Attempt(
      turns: [start, end].map { time in
        var turn = ModelTurn(world, own, at: time)
        turn.ask(command, principal)
        return turn
      })
  }

  /// Requests with which nothing is wrong but what the deal and the caller's rights make wrong; none when
  /// there is nobody to ask.
  private func commands(_ action: DealAction, _ deal: ModelDeal) -> [Command] {
    let id = deal.id
    let end = EndDeal(
      deal: id, baseVersion: 0, reason: ReasonCode(1), notes: "", validateOnly: true)
    switch action {
    case .patch:
      return [.patchDeal(PatchDeal(deal: id, baseVersion: 0, edits: [], validateOnly: true))]
    case .win: return [.winDeal(WinDeal(deal: id, baseVersion: 0, validateOnly: true))]
    case .lose: return [.loseDeal(end)]
    case .closeAsError: return [.closeDealAsError(end)]
    case .acknowledge: return [.acknowledgeDeal(AcknowledgeDeal(deal: id))]
    case .accept:
      return [
        .acceptDeal(
          AcceptDeal(
            deal: id, name: "name", value: nil, closeDate: nil, notes: "", crmID: "",
            campaignID: "", team: [], validateOnly: true))
      ]
    case .decline:
      return [
        .declineDeal(DeclineDeal(deal: id, reason: ReasonCode(1), notes: "", validateOnly: true))
      ]
    case .setFavourite: return [.setFavourite(SetFavourite(deal: id, isFavourite: true))]
    case .invite:
      let invited = deal.cards.map(\.organisation.id)
      let partner = world.organisations.values.first {
        $0.kind == .partner && $0.realm == own.realm && $0.id != own.id && $0.isInvitable
          && !invited.contains($0.id) && !world.reviewed.contains($0.id)
      }
      return partner.map { [invitation(.organisation($0.id), deal)] } ?? []
    case .inviteVendor: return [invitation(.vendorDesk, deal)]
    case .extendInvitation:
      let waiting = deal.cards.filter(\.status.isNew)
      guard !waiting.isEmpty else { return [moreTime(.vendorDesk, until: .zero, id)] }
      return waiting.map { card in
        let most = own.policy.extensionMax ?? own.policy.answerWindow
        return moreTime(
          .organisation(card.organisation.id), until: card.content.respondBy.advanced(by: most), id)
      }
    }
  }

  private func invitation(_ invitee: Invitee, _ deal: ModelDeal) -> Command {
    var asked = InviteToDeal(
      deal: deal.id, invitee: invitee, help: .technicalArchitecture, value: deal.value,
      closeDate: nil, notes: "architecture", teamLines: [],
      solutionLines: deal.solutions.map(\.line),
      validateOnly: true)
    asked.customerConsent = true
    return .inviteToDeal(asked)
  }

  private func moreTime(_ invitee: Invitee, until end: Timestamp, _ deal: DealID) -> Command {
    .extendInvitation(
      ExtendInvitation(deal: deal, invitee: invitee, end: .at(end), validateOnly: true))
  }

  /// Section 9: the location never; name and notes whenever the deal can be changed.
  private func judgeFields(_ deal: ModelDeal, _ answer: Operation.Told) -> String? {
    let patch = commands(.patch, deal).map(attempt)
    var told: Set<UInt64> = []
    for row in SimulatedClient.fields(2, in: answer.body[...]) {
      let number = SimulatedClient.number(1, in: row)
      told.insert(number)
      let isOpen = SimulatedClient.number(3, in: row) == 1
      let obstacles = SimulatedClient.fields(6, in: row).map { ToldObstacle($0) }
      if isOpen != obstacles.isEmpty { return "field \(number) is told with \(obstacles.count)" }
      switch UInt8(truncatingIfNeeded: number) {
      case DealField.location.rawValue:
        if obstacles.first?.rules != ["R-402"] { return "the location is not locked by R-402" }
      case DealField.name.rawValue, DealField.notes.rawValue:
        if isOpen, patch.allSatisfy(\.isRefused) { return "field \(number) is said to be open" }
        if !isOpen, patch.allSatisfy(\.isTaken) { return "field \(number) is said to be locked" }
      default: break
      }
    }
    return told == Set(1...39) ? nil : "fields \(Set(1...39).subtracting(told)) are not told"
  }
}
