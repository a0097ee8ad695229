// SPDX-License-Identifier: Apache-2.0
// What a shard knows of one tenant, awake or asleep. Confined to the shard.

import TandemDomain
import TandemJournal
import TandemPrimitives

final class TenantEntry {
  /// Asleep → loading → awake; back to asleep only when its partition is opened again.
  enum Stage {
    case asleep
    case loading
    case awake(Tenant)
  }

  let id: TenantID
  let log: PartitionLog
  let timeline: TimelineID
  var stage = Stage.asleep
  /// Counts loads, so that one that was overtaken by a reopened partition is not admitted.
  var loads: UInt64 = 0
  /// Known once the tenant was awake.
  var realm: RealmID?
  var isWatched = false
  var queue = WorkQueue()
  /// Connections whose keys are being checked.
  var authentications = 0
  var isRunnable = false
  var isInPendingRecords = false
  var bucket: TokenBucket
  /// Wall time at which its next timer is due.
  var nextDeadline: Timestamp?
  var bytesSinceSnapshot = 0
  /// About how much a snapshot of it has to say, as of its last turn.
  var stateBytes = 0
  var commitsSinceSnapshot: UInt64 = 0
  /// How many bytes its partition had taken then.
  var logBytesAtSnapshot: UInt64 = 0
  var isSnapshotting = false
  var snapshotAt = MonotonicInstant(nanoseconds: 0)
  /// Positions of the newest two snapshots and of the newest commit.
  var newestSnapshot = Position.start
  /// The commit of the newest snapshot; a tenant that wakes must not know less.
  var snapshotCommit: UInt64 = 0
  var previousSnapshot = Position.start
  var lastCommit = Position.start
  /// Set while a deadline command waits in the queue, so that one is enough.
  var isFiring = false
  /// Messages sent and not yet marked; asks for a resend after a while.
  var hasUnmarkedMail = false
  var lastMailSent = MonotonicInstant(nanoseconds: 0)
  /// Receipts that arrived and wait for one common commit.
  var pendingMarks: [TenantID: UInt64] = [:]

  init(id: TenantID, log: PartitionLog, timeline: TimelineID, bucket: TokenBucket) {
    self.id = id
    self.log = log
    self.timeline = timeline
    self.bucket = bucket
  }
}
