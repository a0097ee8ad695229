// SPDX-License-Identifier: Apache-2.0
// Messages to other tenants as part of state; delivering is the runtime's. Every message is
// appended, none replaces a waiting one: that may be under way already, and at-least-once in order
// is easy to prove this way. Shared views coalesce before they are sent (`SharedViews`).

package import TandemPrimitives

extension TenantState {
  /// What a receiver has not marked yet, oldest first.
  package func pendingMessages(for receiver: TenantID) -> [OutboxEntry] {
    outbox[receiver]?.entries ?? []
  }

  /// Receivers with unmarked messages, ascending.
  package var pendingReceivers: [TenantID] {
    outbox.filter { !$0.value.entries.isEmpty }.keys.sorted()
  }

  /// Commands that need a message ask first; answers of timers and messages are always appended,
  /// and bounded by the number of copies, each of which answers at most a few times.
  package func requireOutboxRoom(_ receiver: TenantID) throws(Rejection) {
    guard let queue = outbox[receiver], queue.entries.count >= Limits.outboxEntries else { return }
    throw Rejection(
      .resourceExhausted, "COUNTERPART_BEHIND",
      "\(queue.entries.count) messages wait for \(receiver), at most \(Limits.outboxEntries) may; "
        + "repeat later", rules: ["G24"], retryable: true, retryAfterMilliseconds: 1_000)
  }

  mutating func enqueue(_ entry: OutboxEntry) {
    let last = outbox[entry.receiver]?.lastSequence ?? 0
    invariant(entry.sequence == last + 1, "message sequences are contiguous")
    outbox[entry.receiver, default: OutboxQueue(lastSequence: 0, entries: [])].entries.append(entry)
    outbox[entry.receiver]?.lastSequence = entry.sequence
    if case .responsivenessChanged(let told) = entry.message { answerTimes.told = told }
  }

  mutating func dropMarked(_ receiver: TenantID, through: UInt64) {
    outbox[receiver]?.entries.removeAll { $0.sequence <= through }
  }
}

extension [Event] {
  /// Adds a message with the next sequence for its receiver, counting those of this turn.
  mutating func send(_ message: Message, to receiver: TenantID, _ state: TenantState) {
    var sequence = (state.outbox[receiver]?.lastSequence ?? 0) + 1
    for case .messageSent(let entry) in self where entry.receiver == receiver { sequence += 1 }
    append(.messageSent(OutboxEntry(receiver: receiver, sequence: sequence, message: message)))
  }
}

/// Dropping what the receiver has seen, and telling it what changed meanwhile.
package enum MarkingOutbox {
  /// Marks as much as one commit can follow; the caller asks again for the rest.
  package static func decide(
    _ command: MarkOutbox, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable
  ) -> Decision {
    let entries = state.outbox[command.receiver]?.entries ?? []
    let marked = entries.prefix { $0.sequence <= command.through }
    var events: [Event] = []
    let count = SharedViews.follow(marked, state, deals, &events)
    guard let last = marked.prefix(count).last else { return Decision(events: [], answer: .done) }
    events.append(.outboxMarked(receiver: command.receiver, through: last.sequence))
    return Decision(events: events, answer: .done)
  }
}
