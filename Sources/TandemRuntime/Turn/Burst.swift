// SPDX-License-Identifier: Apache-2.0
// What a shard hands to a tenant for one turn, and takes back afterwards. Reused, never allocated per turn.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

/// One thing for a tenant to do that is no call.
enum Work {
  /// A message from another tenant of the realm.
  case mail(Envelope)
  case command(SystemCommand)
  /// Another slice of a list.
  case walk(DealWalk)
  /// Another slice of a sum or of a sorted list.
  case scan(DealScan)
  case cancel(Ticket, sink: any AnswerSink)
  case credit(Int64, Ticket, sink: any AnswerSink)
  case disconnect(sink: any AnswerSink)
  /// Sends unmarked messages again.
  case resend
  /// Tells silent watchers how far they are.
  case beat
  /// Goes on with streams that stopped at a bound of their turn.
  case pump
  case endWatches
  case authenticate(KeyID, secretHash: [UInt8], done: (Authentication) -> Void)
}

/// What the runtime itself asks of a tenant.
enum SystemCommand: Sendable {
  case fireDeadlines
  /// How far is in the entry, so that later receipts count too.
  case markOutbox(receiver: TenantID)
  case establish(EstablishOrganisation)
}

/// The argument of one tenant turn.
struct Burst {
  var queue: WorkQueue
  /// How many items this turn may take; the rest waits for the next round.
  var limit: Int
  let entry: TenantEntry
  let log: PartitionLog
  let time: TurnTime
  let settings: RuntimeSettings
  /// False while the journal wants no new changes.
  let hasRoom: Bool
  /// Everybody's view of the tenant's realm.
  var directory: RealmDirectory
  /// Where answers are built; capacity is kept.
  var scratch: [UInt8]
  /// Deals of the next calls; capacity is kept.
  var ahead: [DealID]
  var random: SeededRandom
  /// Wall time of the tenant's next deadline, as of the end of the turn.
  var nextDeadline: Timestamp?
  /// Receipts of messages that were marked before and need no new commit.
  var receipts: [MailReceipt] = []
  /// Messages that may go out.
  var mail: [Envelope] = []
  /// What a directory has to tell every shard.
  var news: [DirectoryItem] = []
  /// What must be read from the past before it can be told.
  var wantsHistory: [HistoryWork] = []
  /// A stream stopped at a bound of the turn and not for want of credit.
  var wantsPump = false
}

/// Work that needs the past and so cannot be done within a turn.
struct HistoryWork {
  enum Purpose {
    /// Page of a deal's history.
    case dealHistory(Call, DealHistory)
    /// A deal as it was, as far as it was read.
    case pastDeal(Call, PastDeal)
    /// A watch that is behind the ring.
    case watch(WatchID, after: UInt64)
  }
  let purpose: Purpose
}

/// Work for the past, and the tenant that asked: a later incarnation of it did not.
struct HistoryErrand {
  let work: HistoryWork
  let entry: TenantEntry
  let tenant: Tenant
}

/// Names a stream within its tenant.
struct WatchID: Hashable, Sendable {
  let value: UInt64
}

/// What came back from the past.
struct HistoryPage {
  let work: HistoryWork
  /// In order; or why they could not be read.
  let commits: Result<PastCommits, JournalError>
  var burst: Burst
}

/// Commits from the past.
struct PastCommits {
  var commits: [Commit]
  /// A bound ended them; there may be more.
  var isCut = false
}

/// A picture of a tenant from which a snapshot is written.
struct TenantImage: Sendable {
  let state: TenantState
  let deals: ChunkedTable<DealSlot>
  let position: Position
  let nextDeadline: Timestamp?
}
