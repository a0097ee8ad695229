// SPDX-License-Identifier: Apache-2.0
// A message from another tenant: applied once, in order, never refused (architecture.md 5).

import TandemPrimitives

package enum ReceivingMessages {
  /// Events are empty for a message that was applied before, and for one that came ahead of its
  /// turn: marking the latter would lose those between.
  ///
  /// The sender is told the mark in state, so it repeats.
  package static func decide(
    _ command: ReceiveMessage, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) -> Decision {
    let mark = state.inboxMarks[command.sender] ?? 0
    #if TANDEM_PLANTED_BUGS
      let isRepeated = PlantedBug.duplicateMessageApplied.isActive && command.sequence == mark
    #else
      let isRepeated = false
    #endif
    guard command.sequence == mark + 1 || isRepeated else {
      return Decision(events: [], answer: .done)
    }
    var events: [Event] = []
    let sender = command.sender
    switch command.message {
    case .invite(let message):
      ReceivingInvitations.receive(message, from: sender, state, deals, &context, &events)
    case .invitationAnswered(let message):
      CounterpartCards.receive(message, from: sender, state, deals, &context, &events)
    case .counterpartMoved(let message):
      CounterpartCards.receive(message, from: sender, state, deals, &context, &events)
    case .sharedViewChanged(let message):
      SharedViews.receive(message, from: sender, state, deals, context, &events)
    case .engagementClosed(let message):
      Expiring.receive(message, from: sender, state, deals, &context, &events)
    case .extensionAsked(let message):
      Extending.receive(message, from: sender, state, deals, &context, &events)
    case .deadlineExtended(let message):
      Extending.confirm(message, from: sender, deals, context.now, &events)
    case .organisationRegistered(let message):
      Registering.receive(message, state, &events)
    case .policyChanged(let change): UpdatingRealms.receive(change, state, &events)
    case .organisationUpdated(let update):
      UpdatingOrganisations.receive(update, from: sender, state, &events)
    case .clockAdvanced(let offset):
      if state.realm?.isSandbox == true { events.append(.clockAdvanced(offset: offset)) }
    case .dealShown(let view):
      ShadowCopies.receive(view, from: sender, state, deals, &context, &events)
    case .solutionPublished(let solution):
      PublishingSolutions.receive(solution, from: sender, state, &events)
    case .leadSent(let lead):
      ReceivingLeads.receive(lead, from: sender, state, &context, &events)
    case .leadAnswered(let answer):
      SendingLeads.receive(answer, from: sender, state, &events)
    case .realmCreated(let realm):
      CreatingRealms.receive(realm, state, context.now, &events)
    case .responsivenessChanged(let responsiveness):
      state.receive(responsiveness, from: sender, &events)
    }
    events.append(.inboxAdvanced(sender: sender, through: command.sequence))
    return Decision(events: events, answer: .done)
  }
}
