// SPDX-License-Identifier: Apache-2.0
// What requests must say. A request that says nothing is put to the rules of each method, so that nothing is
// written down a second time; what a body must hold to be read at all is known where bodies are read.

import TandemPrimitives

extension RuleBook {
  /// By request; what is found out before the rules are asked comes last, unless they say it as well.
  static func requirements(
    of state: TenantState, besides unread: [Requirement]
  ) -> [Requirement] {
    let ruled =
      ofDeals(in: state) + ofLeads + ofWhatIsSold(in: state) + ofPeople(in: state)
      + ofRealms(in: state)
    let others = unread.filter { other in
      !ruled.contains { $0.request == other.request && $0.problem.field == other.problem.field }
    }
    var requests: [String] = []
    for request in (ruled + others).map(\.request) where !requests.contains(request) {
      requests.append(request)
    }
    return requests.flatMap { request in (ruled + others).filter { $0.request == request } }
  }

  private static func ofDeals(in state: TenantState) -> [Requirement] {
    let create = CreatingDeals.problems(ofNothingWith: nil, state)
    let help = CreatingDeals.problems(ofNothingWith: .generalOrOther, state)
    let invitation = Inviting.problemsOfNothing(to: .vendor)
    return [
      need("CreateDeal", create),
      need("CreateDeal", when: "with help", help.filter { !create.contains($0) }),
      need("CreateDeal", when: "with an assessment", Violations.ofAssessment(in: state)),
      need("InviteToDeal", invitation),
      need(
        "InviteToDeal", when: "to a partner",
        Inviting.problemsOfNothing(to: .partner).filter { !invitation.contains($0) }),
      need("AcceptDeal", Answering.problemsOfNothing),
      need("DeclineDeal", closing("R-303", ReasonCode.declinedOrLost)),
      need("LoseDeal", closing("T8", ReasonCode.declinedOrLost)),
      need("CloseDealAsError", closing("T9", ReasonCode.error)),
      need("Transact", Transacting.problemsOfNothing),
    ].flatMap(\.self)
  }

  private static var ofLeads: [Requirement] {
    [
      need("SendLead", SendingLeads.problems(ofNothingFrom: nil)),
      need(
        "SendLead", when: "of an offer",
        SendingLeads.problems(ofNothingFrom: .offer).filter { $0.field == "source" }),
      need("AcceptLead", AnsweringLeads.problemsOfNothing),
      need("DeclineLead", AnsweringLeads.problemsOfNoReason),
      need("LoseLead", AnsweringLeads.problemsOfNoReason),
    ].flatMap(\.self)
  }

  private static func ofWhatIsSold(in state: TenantState) -> [Requirement] {
    [
      need("PublishSolution", PublishingSolutions.problemsOfNothing(in: state)),
      need("ImportCustomers", ImportingCustomers.problems(of: [])),
      need(
        "ImportCustomers", when: "of each customer", ImportingCustomers.problems(of: [.nothing])),
      need("SuggestCustomers", CustomerCatalogue.problemsOfNothing),
    ].flatMap(\.self)
  }

  private static func ofPeople(in state: TenantState) -> [Requirement] {
    [
      need("AddUser", AdministeringUsers.problems(ofNobodyWho: false)),
      need("AddLocation", AddingLocations.problemsOfNothing),
      need("SetStageNames", when: "of each name", NamingStages.problemsOfNothing),
      need("SetRoutingRules", when: "of each rule", SettingRouting.problemsOfNothing(in: state)),
    ].flatMap(\.self)
  }

  private static func ofRealms(in state: TenantState) -> [Requirement] {
    [
      need("RegisterOrganisation", Registering.problemsOfNothing(in: state)),
      need("UpdateOrganisation", UpdatingOrganisations.problemsOfNothing),
      need("CreateRealm", CreatingRealms.problemsOfNothing),
      need("UpdateRealm", UpdatingRealms.problemsOfNothing),
    ].flatMap(\.self)
  }

  private static func closing(_ rule: String, _ allowed: ClosedRange<UInt8>) -> [Violation] {
    var violations = Violations()
    _ = violations.requireClosure(nil, .empty, rule, of: allowed)
    return violations.found
  }

  private static func need(
    _ request: String, when condition: String = "", _ problems: [Violation]
  ) -> [Requirement] {
    problems.map { Requirement(request: request, condition: condition, problem: $0) }
  }
}
