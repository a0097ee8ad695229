// SPDX-License-Identifier: Apache-2.0
// The rules in force, as data: what requests must say, limits, reference lists, the realm's policy.
// Requirements are not written down a second time: a request that says nothing is put to the rules.

package import TandemPrimitives

package struct RuleBook: Sendable, Equatable {
  /// Something that a request must say.
  package struct Requirement: Sendable, Equatable {
    /// The method, and on what condition.
    package let request: String
    package let condition: String
    package let problem: Violation
  }

  package struct Figure: Sendable, Equatable {
    package let name: String
    package let value: Int64
    package let unit: String
  }

  package struct Choices: Sendable, Equatable {
    package let name: String
    /// Codes with what they mean.
    package let entries: [(code: UInt32, text: String)]

    package static func == (left: Self, right: Self) -> Bool {
      left.name == right.name && left.entries.elementsEqual(right.entries, by: ==)
    }
  }

  /// Counts the changes of what stands here.
  package static let version: UInt32 = 1
  /// Since when this version holds: 21 November 2026.
  package static let effective = Timestamp(milliseconds: 1_795_219_200_000)

  package let requirements: [Requirement]
  package let limits: [Figure]
  package let choices: [Choices]
  package let policy: [Figure]

  package init(_ state: TenantState) {
    requirements = Self.requirements(of: state)
    limits = Self.allLimits
    choices = Self.allChoices(own: state.organisation?.stageNames ?? [])
    policy = Self.figures(of: state.realm?.policy ?? .standard)
  }

  private static func requirements(of state: TenantState) -> [Requirement] {
    let create = CreatingDeals.problems(ofNothingWith: nil, state)
    let help = CreatingDeals.problems(ofNothingWith: .generalOrOther, state)
    return create.map { Requirement(request: "CreateDeal", condition: "", problem: $0) }
      + help.filter { !create.contains($0) }.map {
        Requirement(request: "CreateDeal", condition: "with help", problem: $0)
      }
      + Violations.ofAssessment(in: state).map {
        Requirement(request: "CreateDeal", condition: "with an assessment", problem: $0)
      }
      + ofInvitations
      + Answering.problemsOfNothing.map {
        Requirement(request: "AcceptDeal", condition: "", problem: $0)
      }
      + [
        ("DeclineDeal", "R-303", ReasonCode.declinedOrLost),
        ("LoseDeal", "T8", ReasonCode.declinedOrLost), ("CloseDealAsError", "T9", ReasonCode.error),
      ].flatMap { request, rule, allowed in
        var problems = Violations()
        _ = problems.requireClosure(nil, .empty, rule, of: allowed)
        return problems.found.map { Requirement(request: request, condition: "", problem: $0) }
      }
  }

  private static var ofInvitations: [Requirement] {
    let always = Inviting.problemsOfNothing(to: .vendor)
    let partner = Inviting.problemsOfNothing(to: .partner).filter { !always.contains($0) }
    return always.map { Requirement(request: "InviteToDeal", condition: "", problem: $0) }
      + partner.map {
        Requirement(request: "InviteToDeal", condition: "to a partner", problem: $0)
      }
  }

  private static let allLimits = [
    Figure(name: "deal.name", value: Int64(Limits.nameBytes), unit: "bytes"),
    Figure(name: "deal.notes", value: Int64(Limits.notesBytes), unit: "bytes"),
    Figure(name: "deal.crm_id", value: Int64(Limits.externalIDBytes), unit: "bytes"),
    Figure(name: "deal.campaign_id", value: Int64(Limits.externalIDBytes), unit: "bytes"),
    Figure(name: "deal.team", value: Int64(Limits.teamMembers), unit: "entries"),
    Figure(name: "deal.solutions", value: Int64(Limits.solutions), unit: "entries"),
    Figure(name: "deal.tags", value: Int64(Limits.tags), unit: "entries"),
    Figure(name: "deal.tag", value: Int64(Limits.tagCharacters), unit: "characters"),
    Figure(name: "deal.customer.contacts", value: Int64(Limits.customerContacts), unit: "entries"),
    Figure(name: "deal.customer.identifiers", value: Int64(Limits.customerIDs), unit: "entries"),
    Figure(name: "deal.customer.address", value: Int64(Limits.addressLineBytes), unit: "bytes"),
    Figure(name: "person", value: Int64(Limits.personFieldBytes), unit: "bytes of each field"),
    Figure(name: "closure.notes", value: Int64(Limits.reasonNotesBytes), unit: "bytes"),
    Figure(name: "patch.edits", value: Int64(Limits.patchEdits), unit: "entries"),
    Figure(name: "list.page_size", value: Int64(Limits.pageRows), unit: "rows"),
    Figure(name: "get_deals.deal_ids", value: Int64(Limits.dealsPerBatch), unit: "entries"),
    Figure(name: "favourites", value: Int64(Limits.favouritesPerUser), unit: "of a user"),
    Figure(name: "inbox", value: Int64(Limits.notificationsPerUser), unit: "of a user"),
    Figure(name: "lead.text", value: Int64(Limits.leadTextBytes), unit: "bytes"),
    Figure(name: "leads", value: Int64(Limits.leadsPerOrganisation), unit: "of an organisation"),
    Figure(name: "list_leads.page_size", value: Int64(Limits.leadsPerPage), unit: "rows"),
    Figure(name: "commit", value: Int64(Limits.commitBytes), unit: "bytes"),
  ]

  private static func allChoices(own: [StageName]) -> [Choices] {
    [
      Choices(
        name: "sales_stages",
        entries: SalesStage.allCases.map { (UInt32($0.rawValue), $0.name) }
          + own.map { (UInt32($0.stage.rawValue), $0.name.string) }),
      Choices(
        name: "assessment_stages",
        entries: SalesStage.ofAssessments.map { (UInt32($0.rawValue), $0.assessmentName) }),
      Choices(
        name: "reasons_declined_or_lost",
        entries: numbered(ReasonCode.declinedOrLost, ReasonCode.declinedOrLostTexts)),
      Choices(name: "reasons_error", entries: numbered(ReasonCode.error, ReasonCode.errorTexts)),
      Choices(
        name: "help_codes",
        entries: HelpCode.allCases.map { (UInt32($0.rawValue), "\($0)") }),
      Choices(
        name: "calls_to_action",
        entries: CallToAction.allCases.map { (UInt32($0.rawValue), "\($0)") }),
      Choices(
        name: "lead_sources",
        entries: LeadSource.allCases.map { (UInt32($0.rawValue), "\($0)") }),
    ]
  }

  private static func numbered(
    _ codes: ClosedRange<UInt8>, _ texts: [String]
  ) -> [(code: UInt32, text: String)] {
    invariant(codes.count == texts.count, "each reason has a text")
    return zip(codes, texts).map { (UInt32($0), $1) }
  }

  private static func figures(of policy: RealmPolicy) -> [Figure] {
    let spelledOut = policy.spelledOut
    func span(_ name: String, _ span: Timestamp.Span?) -> Figure {
      Figure(name: name, value: span?.milliseconds ?? 0, unit: "ms")
    }
    return [
      span("answer_window", spelledOut.answerWindow),
      span("first_reminder_before_end", spelledOut.firstReminder),
      span("last_reminder_before_end", spelledOut.lastReminder),
      span("extension_max", spelledOut.extensionMax),
      span("lead_retention", spelledOut.leadRetention),
      span("minimum_age_before_won", spelledOut.minimumAgeBeforeWon),
      Figure(
        name: "counterparts_max", value: Int64(spelledOut.counterpartsMax),
        unit: "organisations of a deal"),
      Figure(
        name: "duplicates", value: Int64(spelledOut.duplicates.rawValue),
        unit: "1: warned of, 2: refused"),
    ]
  }
}
