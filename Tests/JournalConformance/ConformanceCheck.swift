// SPDX-License-Identifier: Apache-2.0
// What a journal must promise, as checks that any implementation can be put through.

package import TandemJournal

/// One journal with its snapshots and history.
package struct JournalSystem: Sendable {
  package let journal: any Journal
  package let snapshots: any SnapshotStore
  package let history: any HistoryStore

  package init(
    journal: any Journal, snapshots: any SnapshotStore, history: any HistoryStore
  ) {
    self.journal = journal
    self.snapshots = snapshots
    self.history = history
  }
}

/// Storage that can be started again and again; each start sees what the one before stored.
package protocol JournalUnderTest: Sendable {
  func start() async throws -> JournalSystem
}

/// One promise, with the code that tries to catch an implementation breaking it.
package struct ConformanceCheck: Sendable, CustomStringConvertible {
  package let name: String
  package let run: @Sendable (any JournalUnderTest) async throws -> Void

  package var description: String { name }

  /// Every promise.
  package static var all: [ConformanceCheck] {
    appendChecks + ownershipChecks + readingChecks + snapshotChecks + historyChecks
  }
}

/// A promise that was not kept.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String
}

/// Throws when something promised does not hold.
func promise(_ holds: Bool, _ text: @autoclosure () -> String) throws {
  if !holds { throw BrokenPromise(description: text()) }
}

/// Throws when two values differ.
func promise<Value: Equatable>(_ value: Value, is expected: Value, _ text: String) throws {
  if value != expected {
    throw BrokenPromise(description: "\(text): \(value) instead of \(expected)")
  }
}
