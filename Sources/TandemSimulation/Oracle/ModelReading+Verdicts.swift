// SPDX-License-Identifier: Apache-2.0
// What somebody is told of criteria, an inbox and the organisation, judged by counting.

import TandemDomain
import TandemPrimitives
import TandemWire

extension ModelReading {
  /// 12.1: kind, incentive, won, and the vendor's part.
  func judgeEligibility(_ id: DealID, _ answer: Operation.Told) -> String? {
    guard let deal = seen(id) else { return judgeAbsence(answer) }
    guard own.kind == .partner else {
      return answer.reason == "PARTNERS_ONLY" ? nil : "was told to the vendor"
    }
    if deal.solutions.contains(where: { world.unsettled.contains($0.solution) }) { return nil }
    let isRewarded = deal.solutions.contains { line in
      (own.solutions[line.solution] ?? world.catalogue[line.solution])?.incentives.isEmpty == false
    }
    let vendors = deal.cards.filter { $0.organisationKind == .vendor }
    let isStartedByVendor = world.organisations[deal.initiator.id]?.kind == .vendor
    let others = deal.sharedView?.participants ?? []
    let isHelped =
      deal.isInbound
      ? isStartedByVendor || others.contains { world.organisations[$0.id]?.kind == .vendor }
      : vendors.contains { [.accepted, .won, .lost, .error].contains($0.status) }
    let isEligible =
      [.partnerLed, .coSell].contains(deal.kind) && isRewarded && deal.status == .won
      && (deal.kind == .partnerLed || isHelped)
    let told = SimulatedClient.number(1, in: answer.body[...]) == 1
    return told == isEligible ? nil : "is said to be \(told ? "" : "not ")eligible"
  }

  /// Newest first, of deals that the caller may still see.
  func judgeInbox(_ list: ListNotifications, _ answer: Operation.Told) -> String? {
    let mine = (own.inboxes[caller.id] ?? []).reversed().filter { entry in
      let isSeen = entry.deal.isZero ? own.mayReadLeads(caller) : seen(entry.deal) != nil
      return isSeen && !(list.unreadOnly && entry.isRead)
    }
    let told = SimulatedClient.fields(1, in: answer.body[...]).compactMap {
      SimulatedClient.fields(1, in: $0).first.flatMap { NotificationID(bytes: $0) }
    }
    let expected = mine.prefix(Int(list.pageSize)).map(\.id)
    return told == expected ? nil : "\(told.count) entries were told, \(expected.count) expected"
  }

  func judgeLead(_ id: LeadID, _ answer: Operation.Told) -> String? {
    guard own.mayReadLeads(caller), own.leads[id] != nil else {
      return answer.reason == "LEAD_NOT_FOUND" ? nil : "a lead was told that is not to be seen"
    }
    return answer.status == .ok ? nil : "a lead that is there was not told"
  }

  /// Newest first.
  func judgeLeads(_ list: ListLeads, _ answer: Operation.Told) -> String? {
    let mine = own.leads.values.filter { lead in
      guard own.mayReadLeads(caller) else { return false }
      switch list.tab {
      case nil: return true
      case .marketplace: return lead.leadClass == .direct
      case .qualified: return lead.leadClass != .direct
      case .favourites: return own.leadMarks[caller.id]?.contains(lead.id) ?? false
      }
    }
    let told = Self.leads(in: answer.body)
    let expected = mine.map(\.id).sorted(by: >).prefix(Int(list.pageSize))
    return told == Array(expected) ? nil : "\(told.count) leads were told of \(expected.count)"
  }

  /// Of rows.
  static func leads(in body: [UInt8]) -> [LeadID] {
    SimulatedClient.fields(1, in: body[...]).compactMap { row in
      SimulatedClient.fields(1, in: row).first.flatMap {
        SimulatedClient.fields(1, in: $0).first.flatMap { LeadID(bytes: $0) }
      }
    }
  }

  func judgeCount(_ expected: Int, _ answer: Operation.Told) -> String? {
    guard answer.status == .ok else { return nil }
    let told = SimulatedClient.fields(1, in: answer.body[...]).count
    return told == expected ? nil : "\(told) were told, there are \(expected)"
  }
}
