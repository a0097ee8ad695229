// SPDX-License-Identifier: Apache-2.0
// What a positive answer to a command says. Small on purpose: the ledger keeps it.

package import TandemPrimitives

package enum Answer: Sendable, Equatable {
  /// A deal was created or changed; `pending` engagement only for invitations.
  case deal(id: DealID, version: UInt64, warnings: [Warning])
  case favourite(id: DealID, isFavourite: Bool)
  case leadSent(LeadID)
  case lead(LeadID, version: UInt64)
  case user(UserID)
  case location(LocationID)
  case solution(SolutionID)
  case key(KeyID)
  case organisation(TenantID, administrator: UserID, key: KeyID, globalLocation: LocationID)
  case realm(RealmID, directory: TenantID)
  case clock(now: Timestamp)
  case imported(ImportCounts)
  /// Of each operation, in their order.
  indirect case transaction([Answer])
  case done
}
