// SPDX-License-Identifier: Apache-2.0
// The change feed of one tenant: a ring of recent commits shared by all watchers, each a cursor into it.
// A watcher that is behind the ring is served from history; nothing is copied per watcher.

import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemWire

/// One open watch.
struct Watcher {
  /// Where its next item comes from.
  enum Source: Equatable {
    case ring
    /// A page of the past is being fetched.
    case fetching
    /// Behind the ring; a page must be fetched.
    case history
  }

  let id: WatchID
  let sink: any AnswerSink
  let ticket: Ticket
  let principal: Principal
  /// Empty: every deal that the principal may see.
  let selection: Set<DealID>
  let selectorHash: UInt64
  /// The last commit that was told or passed over.
  var cursor: UInt64
  var credit: Int64
  var source: Source
  /// What is to be told before anything that comes after the cursor.
  var snapshot: FeedSnapshot?
  /// What is left of the commit at the cursor, last part first; only while there is no credit.
  var parts: [[UInt8]] = []
  /// The newest change of rights when the parts were made.
  var partsAccess = Position.start
  var itemsSent: UInt32 = 0
  /// When something was last sent, for progress items.
  var toldAt: MonotonicInstant
  /// The commit of the last token that was sent.
  var tokenAt: UInt64
  /// The first item waits for this position: a token must not name a commit that may be lost.
  var greetAt: Position?
}

/// The deals as they were with one commit, and how far they were told.
struct FeedSnapshot {
  let deals: ChunkedTable<DealSlot>
  var place = 0
  var isTold: Bool { place == deals.count }
}

/// Recent commits and who watches them.
struct TenantFeed {
  private(set) var watchers: [Watcher] = []
  /// Commits from `firstSequence` on, without holes; only kept while somebody watches.
  private var ring: [(commit: Commit, position: Position, bytes: Int)] = []
  private var ringHead = 0
  private var ringBytes = 0
  private var nextWatch: UInt64 = 1

  var isWatched: Bool { !watchers.isEmpty }
  var count: Int { watchers.count }
  var snapshots: Int { watchers.count { $0.snapshot != nil } }

  /// The oldest commit in the ring; nil when it is empty.
  var firstSequence: UInt64? {
    ringHead < ring.count ? ring[ringHead].commit.sequence : nil
  }

  mutating func append(
    _ commit: Commit, at position: Position, recordBytes: Int, bytesMax: Int
  ) {
    var commit = commit
    // Watchers are not told, and what an answer was encoded in is used again.
    commit.ledger = nil
    let bytes = recordBytes + 256 * (1 + commit.events.count)
    ring.append((commit, position, bytes))
    ringBytes += bytes
    while ringBytes > bytesMax, ringHead < ring.count - 1 {
      ringBytes -= ring[ringHead].bytes
      ringHead += 1
    }
    if ringHead > 256, ringHead * 2 > ring.count {
      ring.removeFirst(ringHead)
      ringHead = 0
    }
  }

  /// A commit of the ring when it is there and durable.
  func commit(_ sequence: UInt64, durable: Position) -> Commit? {
    guard let first = firstSequence, sequence >= first else { return nil }
    let index = ringHead + Int(sequence - first)
    guard index < ring.count, ring[index].position <= durable else { return nil }
    return ring[index].commit
  }

  mutating func add(_ make: (WatchID) -> Watcher) -> Int {
    watchers.append(make(WatchID(value: nextWatch)))
    nextWatch += 1
    return watchers.count - 1
  }

  func index(of ticket: Ticket, _ sink: any AnswerSink) -> Int? {
    watchers.firstIndex { $0.sink === sink && $0.ticket == ticket }
  }

  func index(of id: WatchID) -> Int? { watchers.firstIndex { $0.id == id } }

  mutating func update(_ index: Int, _ change: (inout Watcher) -> Void) { change(&watchers[index]) }

  mutating func remove(at index: Int) {
    watchers.remove(at: index)
    forgetWhenUnwatched()
  }

  mutating func removeAll(of sink: any AnswerSink) {
    watchers.removeAll { $0.sink === sink }
    forgetWhenUnwatched()
  }

  private mutating func forgetWhenUnwatched() {
    guard watchers.isEmpty else { return }
    ring.removeAll()
    ringHead = 0
    ringBytes = 0
  }
}
