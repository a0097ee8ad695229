// SPDX-License-Identifier: Apache-2.0
// What must hold between turns (domain.md 22). Slow; for tests, the simulator and checks of a data
// folder.

package import TandemPrimitives

extension TenantState {
  /// Every broken invariant in words; empty when all hold.
  package func checkInvariants(_ deals: borrowing some DealStore & ~Copyable) -> [String] {
    var broken: [String] = []
    for id in deals.allIDs {
      guard let deal = deals.deal(id) else {
        broken.append("\(id) is listed and cannot be read")
        continue
      }
      if !deal.saidNo, deals.deal(in: deal.engagement) != id {
        broken.append("\(id): two copies of one engagement (1)")
      }
      check(deal, &broken)
      checkAssessment(deal, &broken)
      checkOwn(deal, &broken)
    }
    checkOrganisation(&broken)
    checkOutbox(&broken)
    return broken.sorted()
  }

  /// The same of some deals and of what goes with every change: cheap enough for each turn.
  package func checkInvariants(
    of ids: [DealID], _ deals: borrowing some DealStore & ~Copyable
  ) -> [String] {
    var broken: [String] = []
    for id in ids {
      guard let deal = deals.deal(id) else {
        broken.append("\(id) changed and cannot be read")
        continue
      }
      if !deal.saidNo, deals.deal(in: deal.engagement) != id {
        broken.append("\(id): two copies of one engagement (1)")
      }
      check(deal, &broken)
    }
    checkOrganisation(&broken)
    checkOutbox(&broken)
    checkLeads(&broken)
    return broken.sorted()
  }

  private func check(_ deal: Deal, _ broken: inout [String]) {
    func require(_ holds: Bool, _ text: String) {
      if !holds { broken.append("\(deal.id): \(text)") }
    }
    let isInbound = deal.direction == .inbound
    require(!isInbound || deal.cards.isEmpty, "an inbound copy invited somebody (6)")
    require(isInbound || deal.invitation == nil, "only inbound copies hold an invitation")
    require(
      !deal.isShadow || (organisation?.kind == .vendor && deal.customer.contacts.isEmpty),
      "a shadow copy shows contacts, or stands at a partner (5, G15)")
    require(!deal.isShadow || !deal.status.isNew, "a shadow copy waits for an answer (10)")
    require(deal.shownTo == nil || !isInbound, "shown by an organisation that was invited (6)")
    require(isInbound != (deal.initiator.id == organisation?.id), "direction against initiator (1)")
    require(isInbound || !deal.status.isNew, "one's own deal is New (2)")
    require((deal.respondBy != nil) == deal.status.isNew, "respondBy is set iff New (10)")
    require(
      deal.remindAt.map { deal.status.isNew && $0 < deal.respondBy ?? .zero } ?? true,
      "reminded of an answer that is not due later")
    require((deal.closedAt != nil) == deal.status.isTerminal, "closedAt is set iff closed")
    require((deal.stage == .won) == (deal.status == .won), "100 % iff won")
    let neverAccepted = deal.status == .declined || deal.status == .expired
    require(
      !neverAccepted
        || (deal.sharedView == nil && deal.customer.contacts.isEmpty
          && deal.invitation?.team.isEmpty != false),
      "an ended invitation still shows people (G11)")
    require(
      isInbound || organisation?.kind == .vendor
        || deal.isVisibleToVendor == (deal.baseKind != .privateDeal),
      "visible to the vendor without the vendor, or the other way round (5)")
    let partners = deal.cards.filter { $0.organisationKind != .vendor }.map(\.organisation.id)
    require(Set(partners).count == partners.count, "invited twice (G08)")
    let vendors = deal.cards.filter { $0.organisationKind == .vendor }
    require(
      vendors.dropLast().allSatisfy(\.saidNo) && vendors.count <= 1 + Int(Limits.vendorRetries),
      "the vendor was asked again without a no, or too often (G08)")
    require(deal.counterpartCount <= Limits.counterparts, "too many counterparts")
    require(locations[deal.location] != nil, "the location is not the organisation's")
    let lines =
      deal.team.map(\.line) + deal.customer.contacts.map(\.line)
      + deal.solutions.map(\.line)
    require(Set(lines).count == lines.count, "a line number comes twice")
    require(lines.allSatisfy { $0 > 0 && $0 < deal.nextLine }, "a line number was not given")
    require(
      zip(deal.fieldVersions, deal.fieldVersions.dropFirst()).allSatisfy { $0.field < $1.field }
        && deal.fieldVersions.allSatisfy { $0.version <= deal.version }, "field versions")
    require(deal.updatedAt <= lastTime, "changed in the future")
  }

  /// Invariants 7 and 8, and that no other deal looks like an assessment.
  private func checkAssessment(_ deal: Deal, _ broken: inout [String]) {
    func require(_ holds: Bool, _ text: String) {
      if !holds { broken.append("\(deal.id): \(text)") }
    }
    let lines = deal.solutions.filter { $0.group == .assessment }
    guard deal.isAssessment else {
      require(lines.isEmpty && deal.assessment == nil, "sells an assessment and is none (7)")
      require(
        deal.solutions.allSatisfy(\.assessmentLocation.isZero), "a place without an assessment (7)")
      return
    }
    require(lines.count == 1 && deal.solutions.count == 1, "not exactly one assessment (7)")
    require(
      deal.cards.isEmpty && deal.invitation == nil && !deal.partnerToPartner,
      "somebody was invited to an assessment (7)")
    let isPlaced = lines.allSatisfy {
      deal.direction == .inbound
        ? !$0.assessmentLocation.isZero : locations[$0.assessmentLocation] != nil
    }
    require(isPlaced, "an assessment is made nowhere (7)")
    let completed = deal.assessment?.completed ?? []
    require(
      completed.map(\.stage) == Array(SalesStage.ofAssessments.prefix(completed.count)),
      "stages are complete out of order (8)")
    require(
      zip(completed, completed.dropFirst()).allSatisfy { $0.at <= $1.at }, "stages in no order (8)")
    let isWon = deal.status == .won
    require(!isWon || completed.count == SalesStage.ofAssessments.count, "won too early (8)")
    require(
      isWon || deal.stage == completed.last?.stage ?? .created,
      "at a stage that is not complete (8)")
  }

  /// What the organisation says of the deal for itself.
  private func checkOwn(_ deal: Deal, _ broken: inout [String]) {
    if deal.owner != 0, !deal.team.contains(where: { $0.line == deal.owner }) {
      broken.append("\(deal.id): somebody is responsible who is not on the team")
    }
    if deal.tags.count > Limits.tags || Set(deal.tags).count != deal.tags.count {
      broken.append("\(deal.id): too many tags, or one twice")
    }
  }

  private func checkOrganisation(_ broken: inout [String]) {
    guard let organisation else {
      if !users.isEmpty || !locations.isEmpty || !keys.isEmpty {
        broken.append("people without an organisation")
      }
      return
    }
    if organisation.kind != .directory {
      if locations.values.filter(\.isGlobal).count != 1 { broken.append("not one global location") }
      if !users.values.contains(where: \.administers) { broken.append("nobody administers") }
      if !entries.isEmpty || !realms.isEmpty { broken.append("lists without a directory") }
    }
    if organisation.kind != .directory,
      solutions.values.contains(where: { $0.owner != organisation.id })
    {
      broken.append("a solution of somebody else")
    }
    if solutions.values.contains(where: { !$0.isCoSellReady && !$0.incentives.isEmpty }) {
      broken.append("an incentive without being co-sell ready (R-901)")
    }
    if keys.values.contains(where: { users[$0.user] == nil }) { broken.append("a key of nobody") }
    if notifications.values.contains(where: { $0.count > Limits.notificationsPerUser }) {
      broken.append("an inbox is over its bound")
    }
  }

  /// domain.md 18.
  private func checkLeads(_ broken: inout [String]) {
    if leads.count > Limits.leadsPerOrganisation { broken.append("too many leads") }
    leads.forEach { lead in
      func require(_ holds: Bool, _ text: String) {
        if !holds { broken.append("\(lead.id): \(text)") }
      }
      let isAwaited = lead.status == .received && !lead.isInformational
      require((lead.respondBy != nil) == isAwaited, "an answer is awaited iff received (18)")
      require(lead.remindAt == nil || isAwaited, "a reminder of what is answered")
      require(
        !lead.hasLostItsContact || (lead.contact == .erased && lead.text.isEmpty),
        "the contact of a lead that came to nothing (18)")
      require((lead.outcome != nil) == (lead.status == .archived), "what an archived lead was")
      require((lead.deleteAt != nil) == (lead.leadClass == .direct), "kept for ever, or not")
      let wasTaken = lead.acceptedAt != nil
      require((lead.acceptance != nil) == wasTaken, "accepted without saying what")
      require(lead.deal.isZero || wasTaken, "a deal of a lead that nobody took (G16)")
      require(lead.version >= 1 && lead.updatedAt <= lastTime, "changed in the future")
    }
    if leadFavourites.values.contains(where: { $0.contains { leads[$0] == nil } }) {
      broken.append("a mark on a lead that is gone")
    }
  }

  private func checkOutbox(_ broken: inout [String]) {
    for (receiver, queue) in outbox {
      let sequences = queue.entries.map(\.sequence)
      let first = queue.lastSequence + 1 - UInt64(sequences.count)
      if sequences != Array(first..<queue.lastSequence + 1) {
        broken.append("messages for \(receiver) are not contiguous")
      }
    }
  }
}

extension Deal {
  /// The vendor has a copy: it reads along, or was invited.
  fileprivate var isVisibleToVendor: Bool {
    shownTo != nil || cards.contains { $0.organisationKind == .vendor }
  }
}
