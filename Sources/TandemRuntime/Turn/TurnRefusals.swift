// SPDX-License-Identifier: Apache-2.0
// What a tenant says when it does not even ask the rules. One place for reasons and their texts.

import TandemJournal
import TandemPrimitives
import TandemWire

enum TurnRefusals {
  static let deadline = ErrorStatus(
    .deadlineExceeded, "DEADLINE", "the call's time was over before it began; nothing was done",
    notExecuted: true)
  static let scanTooLong = ErrorStatus(
    .deadlineExceeded, "DEADLINE",
    "the call's time was over before all deals were looked at; narrow the filter or allow more time"
  )
  static let tooManyScans = ErrorStatus(
    .resourceExhausted, "TOO_MANY_SCANS",
    "\(Limits.scansPerTenant) long lists or sums of this organisation are under way; wait for one, or"
      + " narrow the filter by a field with an index",
    retryable: true, notExecuted: true, retryAfterMilliseconds: 50)
  static let cancelled = ErrorStatus(.cancelled, "CANCELLED", "the caller cancelled the stream")
  static let draining = ErrorStatus(
    .unavailable, "DRAINING", "the server is stopping; resume elsewhere with the last token",
    retryable: true, notExecuted: true)
  static let userNeeded = ErrorStatus(
    .permissionDenied, "USER_NEEDED",
    "feeds and inboxes belong to users; call with the key of a user of an organisation")
  static let keyReused = ErrorStatus(
    .failedPrecondition, "IDEMPOTENCY_KEY_REUSED",
    "this idempotency key was used for another request; make a new key for a new request")
  static let tokenUnreadable = ErrorStatus(
    .invalidArgument, "RESUME_TOKEN_INVALID",
    "this is no resume token of this organisation; start without one")
  static let tokenTooOld = ErrorStatus(
    .outOfRange, "RESUME_TOKEN_TOO_OLD",
    "history behind this token was trimmed; read a snapshot, then follow")
  static let tooManySnapshots = ErrorStatus(
    .resourceExhausted, "TOO_MANY_SNAPSHOTS",
    "\(Limits.feedSnapshotsPerTenant) watches of this organisation read snapshots already; "
      + "wait until one is through",
    retryable: true, notExecuted: true, retryAfterMilliseconds: 1_000)
  static func snapshotStalled(afterMilliseconds: UInt64) -> ErrorStatus {
    ErrorStatus(
      .unavailable, "SNAPSHOT_STALLED",
      "nothing of the snapshot was taken for \(afterMilliseconds / 1_000) s; begin again and give "
        + "credit as you read", retryable: true)
  }
  static let timelineChanged = ErrorStatus(
    .outOfRange, "RESUME_TIMELINE_CHANGED",
    "the store was restored or repaired since this token; read a snapshot, then follow")
  static let selectorChanged = ErrorStatus(
    .outOfRange, "RESUME_SELECTOR_CHANGED",
    "this token belongs to another selection of deals; use it with the same selection")
  static let historyUnavailable = ErrorStatus(
    .unavailable, "HISTORY_UNAVAILABLE", "history cannot be read now; try again",
    retryable: true,
    notExecuted: true, retryAfterMilliseconds: 1_000)
  static let rightsChanged = ErrorStatus(
    .unavailable, "RIGHTS_CHANGED",
    "users or keys changed while a large commit was told; go on with the last token",
    retryable: true, notExecuted: true)
  static let queueFull = ErrorStatus(
    .resourceExhausted, "TENANT_QUEUE_FULL",
    "\(Limits.callsQueuedPerTenant) calls of this organisation wait already; send fewer at once",
    retryable: true,
    notExecuted: true, retryAfterMilliseconds: 20)
  static let unknownTenant = ErrorStatus(
    .notFound, "ORGANISATION_NOT_FOUND", "this organisation does not exist here")
  static let outcomeUnknown = ErrorStatus(
    .unknown, "OUTCOME_UNKNOWN",
    "the journal could not say whether this was stored; repeat with the same idempotency key")
  static let starting = ErrorStatus(
    .unavailable, "STARTING", "this organisation is being loaded; try again",
    retryable: true,
    notExecuted: true, retryAfterMilliseconds: 100)

  static let damaged = ErrorStatus(
    .dataLoss, "ORGANISATION_DAMAGED",
    "the stored state of this organisation is damaged; the operator must verify the data directory",
    notExecuted: true)

  /// Why a tenant could not be loaded, as its callers are told.
  static func notLoaded(_ error: JournalError) -> ErrorStatus {
    switch error {
    case .corrupt, .ambiguousTail, .unsupportedFormat: damaged
    case .unavailable, .locked, .closed: starting
    }
  }

  static func rateLimited(retryAfterMilliseconds: UInt32, perSecond: UInt32) -> ErrorStatus {
    ErrorStatus(
      .resourceExhausted, "RATE_LIMITED",
      "this organisation may make \(perSecond) calls a second; wait \(retryAfterMilliseconds) ms",
      retryable: true,
      notExecuted: true, retryAfterMilliseconds: retryAfterMilliseconds)
  }

  static func timeAhead(_ now: Timestamp) -> ErrorStatus {
    ErrorStatus(
      .outOfRange, "TIME_AHEAD",
      "it is \(now) in this realm; what will be then cannot be told", notExecuted: true)
  }

  static func minSeq(_ wanted: UInt64, _ present: UInt64) -> ErrorStatus {
    ErrorStatus(
      .unavailable, "MIN_SEQ_NOT_REACHED",
      "the call wants commit \(wanted), this organisation is at \(present)", retryable: true,
      notExecuted: true, retryAfterMilliseconds: 20)
  }

  static func keyTooOld(_ horizon: Timestamp) -> ErrorStatus {
    ErrorStatus(
      .failedPrecondition, "IDEMPOTENCY_KEY_TOO_OLD",
      "answers before \(horizon.milliseconds) ms were forgotten, so this key may have run already;"
        + " read the deal before you repeat it with a new key")
  }

  static func commitTooLarge(_ bytes: Int, limit: Int) -> ErrorStatus {
    ErrorStatus(
      .resourceExhausted, "COMMIT_TOO_LARGE",
      "this change takes \(bytes) bytes with what it tells counterparts, at most \(limit) go into"
        + " one commit; change less at once",
      notExecuted: true)
  }

  static func stalled(_ result: AppendResult) -> ErrorStatus {
    ErrorStatus(
      .unavailable, result == .full ? "STORAGE_FULL" : "STORAGE_UNAVAILABLE",
      result == .full
        ? "the disk is full; reads work, changes are refused until there is room"
        : "the journal does not take changes now; reads work",
      retryable: true,
      notExecuted: true, retryAfterMilliseconds: 1_000)
  }
}
