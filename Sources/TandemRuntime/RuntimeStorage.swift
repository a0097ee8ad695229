// SPDX-License-Identifier: Apache-2.0
// The durable parts a runtime is given; which kinds they are is known above only.

package import TandemJournal
package import TandemPrimitives

package struct RuntimeStorage: Sendable {
  package let journal: any Journal
  package let snapshots: any SnapshotStore
  package let history: any HistoryStore
  /// Where snapshots are encoded; may block, never a shard's thread.
  package let background: any TaskExecutor
  /// Of the store; part of resume tokens.
  package let timeline: TimelineID

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
