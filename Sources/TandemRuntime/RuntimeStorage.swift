// SPDX-License-Identifier: Apache-2.0
// The durable parts a runtime is given; which kinds they are is known above only.

package import TandemJournal
package import TandemPrimitives
import TandemWire

package struct RuntimeStorage: Sendable {
  package let journal: any Journal
  package let snapshots: any SnapshotStore
  package let history: any HistoryStore
  /// Where snapshots are encoded; may block, never a shard's thread.
  package let background: any TaskExecutor
  /// Of the store; part of resume tokens.
  package let timeline: TimelineID

  /// What history must index records by: the deals that a commit makes or changes.
  ///
  /// A record that cannot be read is found by no deal.
  package static let subjects: SubjectsOfRecord = { _, body in
    var keys: [SubjectKey] = []
    SubjectKeys.forEachDeal(inBody: body) { keys.append(SubjectKey($0)) }
    return keys
  }

  package init(
    journal: any Journal, snapshots: any SnapshotStore, history: any HistoryStore,
    background: any TaskExecutor, timeline: TimelineID
  ) {
    self.journal = journal
    self.snapshots = snapshots
    self.history = history
    self.background = background
    self.timeline = timeline
  }
}

extension SubjectKey {
  init(_ deal: DealID) { self.init(high: deal.high, low: deal.low) }
}
