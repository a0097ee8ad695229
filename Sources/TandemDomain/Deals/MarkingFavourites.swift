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
    let marked = state.favourites[caller.id]
    let answer = Answer.favourite(id: deal.id, isFavourite: command.isFavourite)
    if (marked?.contains(deal.id) ?? false) == command.isFavourite {
      return Decision(events: [], answer: answer)
    }
    if command.isFavourite, let marked, marked.count >= Limits.favouritesPerUser {
      throw Rejection(
        .resourceExhausted, "FAVOURITES_FULL",
        "\(marked.count) deals are marked, at most \(Limits.favouritesPerUser) may be; unmark some")
    }
    return Decision(
      events: [
        .favouriteSet(user: caller.id, deal: deal.id, isFavourite: command.isFavourite)
      ], answer: answer)
  }
}
