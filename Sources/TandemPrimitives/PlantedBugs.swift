// SPDX-License-Identifier: Apache-2.0
// Mistakes that only the simulator's second build contains, so that its checkers are themselves checked.
// Nothing of this may exist in a build without TANDEM_PLANTED_BUGS.

#if TANDEM_PLANTED_BUGS
  import Synchronization

  package enum PlantedBug: String, CaseIterable, Sendable {
    case answerBeforeDurable
    case readsNotHeld
    case ledgerEntryNotRecorded
    case duplicateMessageApplied
    case mailNotResent
    case receiptBeforeDurable
    case syncSkipped
    case tornTailKept
    case snapshotAheadOfLog
    case truncatedTooFar
    case feedItemSkippedOnResume
    case expiryNeverFires
    case answerToAnotherSink
    case timeRunsBackwards
    case acceptNotTold
    case privateDealShown
    case declinedKeepsContact
    case wonBeforeAccepted
    case locationEdited
    case viewerEdits
    case teamNotShared
    case conflictIgnored

    private static let chosen = Mutex<PlantedBug?>(nil)

    /// Makes one bug real, or none.
    package static func choose(_ bug: PlantedBug?) { chosen.withLock { $0 = bug } }

    package var isActive: Bool { Self.chosen.withLock { $0 == self } }
  }
#endif
