// SPDX-License-Identifier: Apache-2.0
// Every list of reference data. A list that changes gets its next version and the day since when it holds;
// ReferenceDataTests remember what each version said.

import TandemPrimitives

extension ReferenceList {
  /// What holds for every organisation.
  package static let all = deals + customers + sales + people + leads

  /// An organisation's own names of stages, which it sets and no version counts.
  package static func ownStages(_ names: [StageName]) -> ReferenceList {
    ReferenceList(
      "own_stages", version: 0, since: nil,
      names.map { name in
        Entry(
          UInt32(name.stage.rawValue), name.name.string,
          "your organisation's name of \(name.stage.name)")
      })
  }

  private static let beginning = Timestamp.day(2026, 11, 22)

  private static let deals = [
    ReferenceList("deal_statuses", version: 1, since: beginning, DealStatus.entries),
    ReferenceList("directions", version: 1, since: beginning, Direction.entries),
    ReferenceList("deal_kinds", version: 1, since: beginning, BaseKind.entries),
    ReferenceList("sales_stages", version: 1, since: beginning, SalesStage.entries),
    ReferenceList(
      "assessment_stages", version: 1, since: beginning,
      SalesStage.ofAssessments.map {
        Entry(UInt32($0.rawValue), $0.assessmentName, $0.assessmentMeaning)
      }),
    ReferenceList(
      "reasons_declined_or_lost", version: 1, since: beginning, ReasonCode.declinedOrLostReasons),
    ReferenceList("reasons_error", version: 1, since: beginning, ReasonCode.errorReasons),
    ReferenceList("reasons_by_server", version: 1, since: beginning, ReasonCode.serverReasons),
    ReferenceList("help_codes", version: 1, since: beginning, HelpCode.helpEntries),
    ReferenceList(
      "duplicate_policies", version: 1, since: beginning, DuplicatePolicy.entries),
  ]

  private static let customers = [
    ReferenceList(
      "currencies", version: 1, since: beginning,
      Currencies.all.map { currency in
        var entry = Entry(0, currency.code.text, currency.name)
        entry.decimals = currency.decimals
        entry.from = currency.from
        entry.until = currency.until
        return entry
      }),
    ReferenceList(
      "countries", version: 1, since: beginning,
      Countries.all.map { Entry(0, $0.code.text, $0.name) }),
    ReferenceList("match_categories", version: 1, since: beginning, MatchCategory.entries),
    ReferenceList(
      "customer_identifier_schemes", version: 1, since: beginning,
      CustomerIdentifier.Scheme.entries),
    ReferenceList("customer_sizes", version: 1, since: beginning, sizes),
  ]

  /// A size is any number of employees; who knows a class alone gives the number of its entry.
  private static let sizes: [Entry] = {
    let least: [UInt32] = [1, 10, 51, 251, 1_001, 5_001, 10_001, 20_001]
    return least.indices.map { index in
      guard index + 1 < least.count else {
        return Entry(least[index], "from_\(least[index])", "\(least[index]) employees and more")
      }
      let most = least[index + 1] - 1
      return Entry(
        least[index], "\(least[index])_to_\(most)", "\(least[index]) to \(most) employees")
    }
  }()

  private static let sales = [
    ReferenceList("solution_groups", version: 1, since: beginning, SolutionGroup.entries),
    ReferenceList("solution_types", version: 1, since: beginning, SolutionType.entries),
    ReferenceList("incentives", version: 1, since: beginning, Incentive.entries),
  ]

  private static let people = [
    ReferenceList("organisation_kinds", version: 1, since: beginning, OrganisationKind.entries),
    ReferenceList("roles", version: 1, since: beginning, Role.entries),
    ReferenceList("notification_topics", version: 1, since: beginning, NotificationTopic.entries),
  ]

  private static let leads = [
    ReferenceList("lead_classes", version: 1, since: beginning, LeadClass.entries),
    ReferenceList("lead_origins", version: 1, since: beginning, LeadOrigin.entries),
    ReferenceList("lead_sources", version: 1, since: beginning, LeadSource.entries),
    ReferenceList("calls_to_action", version: 1, since: beginning, CallToAction.entries),
    ReferenceList("lead_qualities", version: 1, since: beginning, LeadQuality.entries),
    ReferenceList("contact_validities", version: 1, since: beginning, ContactValidity.entries),
    ReferenceList("lead_statuses", version: 1, since: beginning, LeadStatus.entries),
  ]
}
