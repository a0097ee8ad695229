// SPDX-License-Identifier: Apache-2.0
// From a snapshot and the records behind it to a tenant's state. Replay looks at no clock and asks no rule.

import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemWire

/// A tenant that is being rebuilt.
final class TenantRecovery {
  let id: TenantID
  private(set) var state = TenantState()
  private var deals = EncodedDealStore()
  private(set) var position = Position.start
  /// Since the snapshot.
  private(set) var commitsApplied: UInt64 = 0

  init(id: TenantID) { self.id = id }

  /// Takes a snapshot as the beginning.
  init(id: TenantID, snapshot: Snapshot) throws(JournalError) {
    self.id = id
    guard let first = snapshot.chunks.first else {
      throw .corrupt("the snapshot of \(id) has no state")
    }
    do throws(WireError) {
      state = try SnapshotCodec.decodeState(first[...])
      for chunk in snapshot.chunks.dropFirst() { try restoreDeals(chunk) }
    } catch {
      throw .corrupt("the snapshot of \(id) cannot be read: \(error)")
    }
    position = snapshot.footer.position
    guard state.commitSequence == snapshot.footer.commitSeq else {
      throw .corrupt(
        "the snapshot of \(id) holds commit \(state.commitSequence), its footer says"
          + " \(snapshot.footer.commitSeq)")
    }
  }

  /// Hands over what was rebuilt; this recovery is over then.
  func takeDeals() -> EncodedDealStore {
    var taken = EncodedDealStore()
    swap(&taken, &deals)
    return taken
  }

  /// Applies one record; those that the snapshot holds already are passed over.
  func apply(_ record: Record) throws(JournalError) {
    guard record.commitSeq > state.commitSequence else { return }
    guard record.commitSeq == state.commitSequence + 1 else {
      throw .corrupt(
        "\(id) jumps from commit \(state.commitSequence) to \(record.commitSeq) at position"
          + " \(record.position.value)")
    }
    let commit = try record.commit()
    Decider.evolve(&state, &deals, commit)
    position = record.position
    commitsApplied += 1
  }

  private func restoreDeals(_ chunk: [UInt8]) throws(WireError) {
    var reader = DealChunkReader(chunk)
    while let bytes = try reader.next() {
      guard deals.restore(bytes) else {
        throw WireError(.malformed, field: "deals", "a deal has no head")
      }
    }
  }
}

extension Record {
  /// What happened, as a value.
  func commit() throws(JournalError) -> Commit {
    do throws(WireError) {
      return try CommitCodec.decode(
        sequence: commitSeq, at: time, keyHash: (keyHash.high, keyHash.low), body: body,
        personal: personal)
    } catch {
      throw .corrupt("commit \(commitSeq) of \(tenant) cannot be read: \(error)")
    }
  }
}
