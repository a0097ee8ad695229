// SPDX-License-Identifier: Apache-2.0
// The limits that a client can run into, by what they bound. Names of fields are those of requests.

import TandemPrimitives

extension RuleBook {
  static let allLimits =
    ofFrames + ofDealTexts + ofDealLists + ofReading + ofFilters + ofOrganisations + ofSettings
    + ofCatalogues + ofLeadTables + ofRealmTables

  private static let ofFrames = [
    // What this server takes is announced when one connects; this is the most it can be told to take.
    Figure("frame", Limits.frameBytesCeiling, "bytes; the server announces its own limit"),
    Figure("meta", Limits.metaBytes, "bytes"),
    Figure("idempotency_key_min", Limits.idempotencyKeyBytes.lowerBound, "bytes"),
    Figure("idempotency_key", Limits.idempotencyKeyBytes.upperBound, "bytes"),
    Figure("message.depth", Limits.messageDepth, "messages within each other"),
    Figure("message.fields", Limits.messageFields, "fields"),
    Figure("message.unknown_fields", Limits.messageUnknownFields, "fields"),
    Figure("message.repeated", Limits.repeatedElements, "entries of one field"),
    Figure("commit", Limits.commitBytes, "bytes"),
  ]

  private static let ofDealTexts = [
    Figure("deal.name", Limits.nameBytes, "bytes"),
    Figure("deal.notes", Limits.notesBytes, "bytes"),
    Figure("deal.crm_id", Limits.externalIDBytes, "bytes"),
    Figure("deal.campaign_id", Limits.externalIDBytes, "bytes"),
    Figure("deal.tag", Limits.tagCharacters, "characters"),
    Figure("deal.customer.address", Limits.addressLineBytes, "bytes"),
    Figure("person", Limits.personFieldBytes, "bytes of each field"),
    Figure("invitation.notes", Limits.notesBytes, "bytes"),
    Figure("closure.notes", Limits.reasonNotesBytes, "bytes"),
  ]

  private static let ofDealLists = [
    Figure("deal.team", Limits.teamMembers, "entries"),
    Figure("deal.solutions", Limits.solutions, "entries"),
    Figure("deal.tags", Limits.tags, "entries"),
    Figure("deal.customer.contacts", Limits.customerContacts, "entries"),
    Figure("deal.customer.identifiers", Limits.customerIDs, "entries"),
    Figure("deal.counterparts", Limits.counterparts, "organisations; the policy may allow fewer"),
    Figure("patch.edits", Limits.patchEdits, "entries"),
    Figure("transact.operations", Limits.transactionOperations, "entries"),
    Figure("extend_invitation", Int(Limits.extensionsPerInvitation), "of an invitation"),
    Figure(
      "extend_invitation_min", Int(Limits.extensionLeastMilliseconds),
      "ms, or less where "
        + "the answer window is short"),
    Figure("favourites", Limits.favouritesPerUser, "of a user"),
    Figure("duplicates.compared", Limits.duplicateCandidates, "open deals of a customer"),
  ]

  private static let ofReading = [
    Figure("list.page_size", Limits.pageRows, "rows"),
    Figure("list.page", Limits.pageBytes, "bytes; a page ends when it has so many"),
    Figure("list.fields", Limits.projectedFields, "entries"),
    Figure("get_deals.deal_ids", Limits.dealsPerBatch, "entries"),
    Figure("list_solutions.page_size", Limits.solutionsPerPage, "rows"),
    Figure("list_recent_contacts.max", Limits.recentContacts, "contacts"),
    Figure("suggest_customers.max", Limits.customersSuggested, "customers"),
    Figure("suggest_customers.name_prefix_min", Limits.customerPrefixBytes, "letters"),
    Figure("describe_rules.lists", Limits.listsDescribed, "entries"),
    Figure("inbox", Limits.notificationsPerUser, "of a user"),
    Figure("watch.item", Limits.feedItemBytes, "bytes; a commit that tells more comes in parts"),
    Figure("watch.snapshots", Limits.feedSnapshotsPerTenant, "at once of an organisation"),
    Figure("lists_under_way", Limits.scansPerTenant, "long ones at once of an organisation"),
  ]

  private static let ofFilters = [
    Figure("filter.clauses", Limits.filterClauses, "entries"),
    Figure("filter.terms", Limits.filterTerms, "of a clause"),
    Figure("filter.values", Limits.filterValues, "of a term"),
    Figure("filter.values_in_all", Limits.filterValuesInAll, "of a filter"),
    Figure("filter.text", Limits.filterTextBytesInAll, "bytes of all texts"),
    Figure("filter.within_ms", Int(Limits.filterSpanMilliseconds), "ms"),
    Figure("filter.contains_min", Limits.searchedLetters, "letters"),
    Figure("aggregate.group_by", Limits.groupFields, "entries"),
    Figure("aggregate.groups", Limits.dealGroups, "groups"),
  ]

  private static let ofOrganisations = [
    Figure("users", Limits.usersPerOrganisation, "of an organisation"),
    Figure("locations", Limits.locationsPerOrganisation, "of an organisation"),
    Figure("keys", Limits.keysPerOrganisation, "valid ones of an organisation"),
    Figure("user.grants", Role.allCases.count, "entries"),
    Figure("outbox", Limits.outboxEntries, "undelivered messages of an organisation"),
  ]

  private static let ofSettings = [
    Figure("stage_names", Limits.stageNames, "entries"),
    Figure("stage_name", Limits.nameBytes, "bytes"),
    Figure("routing_rules", Limits.routingRules, "entries"),
    Figure("routing_rule.markets", Limits.marketsPerRoutingRule, "entries"),
    Figure("routing_rule.solutions", Limits.solutionsPerRoutingRule, "entries"),
  ]

  private static let ofCatalogues = [
    Figure("solutions", Limits.solutionsPerOrganisation, "of an organisation"),
    Figure("solutions_of_realm", Limits.solutionsPerRealm, "of a realm"),
    Figure("import_customers.customers", Limits.customersPerImport, "entries"),
    Figure("customers", Limits.customersPerRealm, "of a realm"),
    Figure("customer.duns", Limits.dunsDigits, "digits, exactly"),
  ]

  private static let ofLeadTables = [
    Figure("lead.text", Limits.leadTextBytes, "bytes"),
    Figure("leads", Limits.leadsPerOrganisation, "of an organisation"),
    Figure("list_leads.page_size", Limits.leadsPerPage, "rows"),
    Figure("leads_told", Int(Limits.leadsToldPerDay), "one by one on a day"),
  ]

  private static let ofRealmTables = [
    Figure("organisations", Limits.organisationsPerRealm, "of main"),
    Figure("organisations_of_sandbox", Limits.organisationsPerSandbox, "of a sandbox"),
    Figure("organisation.covers", Limits.countriesOfDesk, "entries"),
    Figure("realms", Limits.realms, "sandboxes"),
    Figure("advance_clock.by", Int(AdvancingClocks.most.milliseconds), "ms"),
  ]
}

extension RuleBook.Figure {
  fileprivate init(_ name: String, _ value: Int, _ unit: String) {
    self.init(name: name, value: Int64(value), unit: unit)
  }
}
