// SPDX-License-Identifier: Apache-2.0
// What is due of leads: reminders, the end of their time to be answered, and of the time that marketplace
// leads are kept (domain.md 10).

import TandemPrimitives

enum FiringLeads {
  /// How many leads one turn looks at; the rest follow in the next.
  private static let leadsPerTurn = 256

  /// Goes on with a commit that has some bytes already.
  static func fire(
    _ state: TenantState, bytes: Int, _ context: inout CommandContext, _ events: inout [Event]
  ) {
    let due = state.leads.due(at: context.now, max: leadsPerTurn)
    guard !due.isEmpty else { return }
    let workers = state.leadWorkers
    var bytes = bytes
    var over: [LeadID] = []
    for lead in due {
      let isReminder = lead.respondBy.map { context.now < $0 } ?? false
      // An ended lead is told twice: in its own event and in the message to the vendor.
      bytes += isReminder ? lead.byteCount + Reminding.byteCount(workers) : lead.byteCount + 1_024
      if !events.isEmpty || !over.isEmpty, bytes > Limits.commitBytes { break }
      if let deleteAt = lead.deleteAt, deleteAt <= context.now {
        over.append(lead.id)
      } else if isReminder {
        remind(of: lead, workers, state, &context, &events)
      } else {
        let after = lead.ended(.expired, nil, at: context.now)
        events.append(.leadChanged(after.changed(at: context.now), .expired))
        events.sendAnswer(of: after, at: context.now, state)
      }
    }
    if !over.isEmpty { events.append(.leadsDeleted(over)) }
  }

  /// One reminder for all that were due by now.
  private static func remind(
    of lead: Lead, _ workers: [UserID], _ state: TenantState, _ context: inout CommandContext,
    _ events: inout [Event]
  ) {
    var after = lead
    after.remindAt = Reminding.next(
      after: max(lead.remindAt ?? context.now, context.now), before: lead.respondBy, state)
    events.append(.leadChanged(after.changed(at: context.now), .reminded))
    events.notify(.leadDueSoon, of: lead, workers, state, &context)
  }
}
