// SPDX-License-Identifier: Apache-2.0
// A sandbox's clock runs ahead by an offset that its directory tells every organisation of the
// realm.

import TandemPrimitives

package enum AdvancingClocks {
  /// The most that one call may add.
  static let most = Timestamp.Span.days(400)

  package static func decide(
    _ command: AdvanceClock, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let realm = try state.operatedRealm(context.principal)
    guard realm.isSandbox else {
      throw Rejection(
        .failedPrecondition, "NOT_A_SANDBOX", "only sandboxes have clocks that may be advanced")
    }
    guard command.by.milliseconds > 0, command.by <= most else {
      throw .invalid(
        "by", "CLOCK_RANGE", "is \(command.by.milliseconds) ms; 1 to \(most.milliseconds) may be")
    }
    let offset = Timestamp.Span(
      milliseconds: realm.clockOffset.milliseconds + command.by.milliseconds)
    var events: [Event] = [.clockAdvanced(offset: offset)]
    for receiver in state.entries.keys.sorted() {
      try state.requireOutboxRoom(receiver)
      events.send(.clockAdvanced(offset: offset), to: receiver, state)
    }
    return Decision(events: events, answer: .clock(now: context.now.advanced(by: command.by)))
  }
}
