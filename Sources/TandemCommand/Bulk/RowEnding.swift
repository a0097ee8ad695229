// SPDX-License-Identifier: Apache-2.0
// How a row ends its deal.

import TandemClient

enum RowEnding: Sendable {
  case won
  case lost(reason: UInt32, notes: String)
  case error(reason: UInt32, notes: String)
  case declined(reason: UInt32, notes: String)

  /// The ending that a status stands for; nil for others, with what is wrong.
  static func read(_ row: BulkRow, _ problems: inout [RowProblem]) -> RowEnding? {
    let reason = UInt32(clamping: row.number(.reason) ?? 0)
    let notes = row.text(.reasonNotes)
    switch DealStatus(rawValue: row.text(.status)) {
    case .won:
      guard reason == 0, notes.isEmpty else {
        problems.append(RowProblem(.reason, "REASON_MISPLACED", "a won deal has no reason"))
        return nil
      }
      return .won
    case .lost: return .lost(reason: reason, notes: notes)
    case .error: return .error(reason: reason, notes: notes)
    case .declined: return .declined(reason: reason, notes: notes)
    case .accepted:
      refuse("tandem deal accept answers an invitation, and an ended deal stays ended", &problems)
    case .received: refuse("tandem deal acknowledge says that a deal was received", &problems)
    case .pending, .expired: refuse("only time and counterparts bring it about", &problems)
    case .unspecified, nil: refuse("a status cannot be emptied", &problems)
    }
    return nil
  }

  private static func refuse(_ why: String, _ problems: inout [RowProblem]) {
    problems.append(
      RowProblem(
        .status, "STATUS_BY_COMMAND",
        "a row may end a deal as won, lost, declined or error and nothing else: \(why)"))
  }

  /// Adds the ending behind what else the row changes.
  func add(to transaction: inout Transaction, of deal: TransactedDeal) {
    switch self {
    case .won: transaction.win(deal)
    case .lost(let reason, let notes): transaction.lose(deal, reason: reason, notes: notes)
    case .error(let reason, let notes):
      transaction.closeAsError(deal, reason: reason, notes: notes)
    case .declined(let reason, let notes):
      transaction.decline(deal, reason: reason, notes: notes)
    }
  }

  /// Ends a deal of which nothing else changes.
  ///
  /// Without a base version: a colleague's stage is no reason against the end, and an ended deal
  /// refuses another end by itself.
  func end(
    _ deal: ID, by client: Client, _ options: ChangeOptions
  ) async throws(TandemError) -> DealChange {
    switch self {
    case .won: try await client.winDeal(deal, options: options)
    case .lost(let reason, let notes):
      try await client.loseDeal(deal, reason: reason, notes: notes, options: options)
    case .error(let reason, let notes):
      try await client.closeDealAsError(deal, reason: reason, notes: notes, options: options)
    case .declined(let reason, let notes):
      try await client.declineDeal(deal, reason: reason, notes: notes, options: options)
    }
  }
}
