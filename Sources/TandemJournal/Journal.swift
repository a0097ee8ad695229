// SPDX-License-Identifier: Apache-2.0
// The contract of a durable log. Bytes are opaque; files, segments and databases are not named here.

/// An ordered, durable, fenced log per partition.
///
/// One append is in flight per partition. A partition may be closed and opened again while the process
/// lives. Every promise is a test in `JournalConformance`.
package protocol Journal: Sendable {
  /// False when little room is left: what was begun still goes in, and nothing new should begin.
  var hasRoom: Bool { get }
  /// Takes ownership of a partition: a new epoch, larger than any before, and where its log ends.
  func open(_ partition: PartitionID) async throws(JournalError) -> OpenedPartition
  /// Makes a whole batch durable directly after a position, or does not.
  func append(_ batch: Batch, after: Position, epoch: Epoch) async -> AppendResult
  /// Reads batches in order from the first record after a position.
  func read(_ partition: PartitionID, after position: Position) async throws(JournalError)
    -> any BatchReader
  /// Allows everything up to and including a position to be forgotten once history has it.
  func truncate(_ partition: PartitionID, through position: Position) async throws(JournalError)
  /// Confirms that the epoch still owns the partition.
  func renew(_ partition: PartitionID, epoch: Epoch) async -> LeaseState
  /// Gives the partition up.
  func close(_ partition: PartitionID) async
}

extension Journal {
  package var hasRoom: Bool { true }
}

/// Hands out batches until the end of what was durable when reading began.
package protocol BatchReader: Sendable {
  func next() async throws(JournalError) -> Batch?
}

/// One of the logs of a store; which tenant lives where is a table above.
package struct PartitionID: Hashable, Comparable, Sendable {
  package let value: UInt16
  package init(_ value: UInt16) { self.value = value }
  @inlinable
  package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
  @inlinable
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  @inlinable
  package static func <= (left: Self, right: Self) -> Bool { left.value <= right.value }
}

/// A place in a partition's log: the count of records up to and including one.
@frozen
@usableFromInline
package struct Position: Hashable, Comparable, Sendable {
  @usableFromInline package let value: UInt64
  @inlinable
  package init(_ value: UInt64) { self.value = value }
  package static let start = Position(0)
  @inlinable
  package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
  @inlinable
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  @inlinable
  package static func <= (left: Self, right: Self) -> Bool { left.value <= right.value }
}

/// Fencing number of a partition's owner.
@frozen
@usableFromInline
package struct Epoch: Hashable, Comparable, Sendable {
  @usableFromInline package let value: UInt64
  @inlinable
  package init(_ value: UInt64) { self.value = value }
  @inlinable
  package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
  @inlinable
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  @inlinable
  package static func <= (left: Self, right: Self) -> Bool { left.value <= right.value }
}

/// What an owner learns when it opens a partition.
package struct OpenedPartition: Sendable {
  package let epoch: Epoch
  /// The last durable record.
  package let tail: Position
  /// Records up to here may be gone; snapshots stand for them.
  package let truncatedThrough: Position
  package init(epoch: Epoch, tail: Position, truncatedThrough: Position) {
    self.epoch = epoch
    self.tail = tail
    self.truncatedThrough = truncatedThrough
  }
}

/// How an append ended.
package enum AppendResult: Sendable, Equatable {
  /// On stable storage, whole.
  case durable(Position)
  /// Certainly not stored; the same batch may be offered again.
  case unavailable
  /// Certainly not stored, the disk is full; the same batch may be offered again.
  case full
  /// Another owner has a newer epoch: stop, open again, replay.
  case fenced(Epoch)
  /// The log does not end where the caller thinks: stop, open again, replay.
  case conflict(tail: Position)
  /// Nobody knows: stop, open again, replay.
  case indeterminate
}

/// Whether an owner may go on.
package enum LeaseState: Sendable, Equatable {
  case held
  case lost
}

/// What went wrong outside an append.
package enum JournalError: Error, Sendable, Equatable {
  /// Damage below the durable end: refuse to serve.
  case corrupt(String)
  /// Damage in the newest, unproven frame that does not look like an interrupted write.
  case ambiguousTail(String)
  case unavailable(String)
  case unsupportedFormat(found: UInt32, newest: UInt32)
  case locked(String)
  case closed
}
