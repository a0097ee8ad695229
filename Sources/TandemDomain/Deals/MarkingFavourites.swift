// SPDX-License-Identifier: Apache-2.0
// Favourites are a user's own marks (G19): no version changes, closed deals may be marked too.

import TandemPrimitives

package enum MarkingFavourites {
  package static func decide(
    _ command: SetFavourite, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    let deal = try state.deal(command.deal, for: .favourite, context, deals)
    let isMarked = state.favourites[caller.id]?.contains(deal.id) ?? false
    let answer = Answer.favourite(id: deal.id, isFavourite: command.isFavourite)
    if isMarked == command.isFavourite { return Decision(events: [], answer: answer) }
    if command.isFavourite { try requireRoom(for: deal.id, caller, state) }
    return Decision(
      events: [
        .favouriteSet(user: caller.id, deal: deal.id, isFavourite: command.isFavourite)
      ], answer: answer)
  }

  /// G24: room for one more mark, unless the deal has one.
  static func requireRoom(
    for deal: DealID, _ caller: Caller, _ state: TenantState
  ) throws(Rejection) {
    guard let marked = state.favourites[caller.id], marked.count >= Limits.favouritesPerUser,
      !marked.contains(deal)
    else { return }
    throw Rejection(
      .resourceExhausted, "FAVOURITES_FULL",
      "\(marked.count) deals are marked, at most \(Limits.favouritesPerUser) may be; unmark some",
      rules: ["G24"])
  }
}
