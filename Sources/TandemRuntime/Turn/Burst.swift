// SPDX-License-Identifier: Apache-2.0
// What a shard hands to a tenant for one turn, and takes back afterwards. Reused, never allocated per turn.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

/// One thing for a tenant to do.
enum Work {
  case call(Call)
  /// A message from another tenant of the realm.
  case mail(Envelope)
  case command(SystemCommand)
  case cancel(Ticket, sink: any AnswerSink)
  case credit(Int64, Ticket, sink: any AnswerSink)
  case disconnect(sink: any AnswerSink)
  /// Sends unmarked messages again.
  case resend
  /// Tells silent watchers how far they are.
  case beat
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

/// Waiting work of one tenant, oldest first.
struct WorkQueue {
  /// Nil where an item was handed out.
  private var items: [Work?] = []
  /// For each item the deal it asks for, zero for none.
  private var deals: [DealID] = []
  private var head = 0

  var count: Int { items.count - head }
  var isEmpty: Bool { count == 0 }

  mutating func push(_ work: consuming Work, about deal: DealID? = nil) {
    items.append(consume work)
    deals.append(deal ?? .zero)
  }

  mutating func pop() -> Work? {
    guard head < items.count else { return nil }
    let work = items[head].take()
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      deals.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 256, head * 2 > items.count {
      // A queue that is never empty must not keep what it handed out.
      items.removeFirst(head)
      deals.removeFirst(head)
      head = 0
    }
    return work
  }

  private var nextDeal: DealID? { head < deals.count ? deals[head] : nil }

  /// The deals that the next items ask for.
  func appendDeals(ofNext limit: Int, to ids: inout [DealID]) {
    for index in head..<min(head + limit, items.count) where !deals[index].isZero {
      ids.append(deals[index])
    }
  }

  /// Puts the items of another queue behind its own.
  mutating func append(_ other: consuming WorkQueue) {
    var other = other
    while true {
      let deal = other.nextDeal
      guard let work = other.pop() else { return }
      push(work, about: deal)
    }
  }
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
  var news: [Event] = []
  /// What must be read from the past before it can be told.
  var wantsHistory: [HistoryWork] = []
}

/// Work that needs the past and so cannot be done within a turn.
struct HistoryWork {
  enum Purpose {
    /// Page of a deal's history.
    case dealHistory(Call, DealHistory)
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
