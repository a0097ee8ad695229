// SPDX-License-Identifier: Apache-2.0
// The records of one partition that wait for the next append, written where they are sent from.

import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemWire

struct PendingRecords {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0
  /// Of the record that is being written; its capacity is kept.
  private var personal: [UInt8] = []

  init() {}

  /// Goes on in an old buffer, whose content is over.
  init(reusing buffer: inout [UInt8]) {
    swap(&bytes, &buffer)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Adds a commit's record and returns how many bytes it has.
  mutating func add(
    _ commit: Commit, of tenant: TenantID, in partition: PartitionID, salt: (UInt64, UInt64)
  ) -> Int {
    let start = RecordCodec.begin(in: &bytes)
    if !personal.isEmpty { personal.removeAll(keepingCapacity: true) }
    let eventType = CommitCodec.encode(commit, salt: salt, body: &bytes, personal: &personal)
    if !personal.isEmpty { bytes.append(contentsOf: personal) }
    var keyHash = KeyHash.none
    if let key = commit.ledger?.key { keyHash = KeyHash(high: key.scopeHigh, low: key.scopeLow) }
    let parts = RecordParts(
      partition: partition, tenant: tenant, commitSeq: commit.sequence, time: commit.at,
      eventType: eventType, schemaVersion: CommitCodec.schemaVersion, keyHash: keyHash)
    RecordCodec.finish(parts, at: start, personalBytes: personal.count, in: &bytes)
    count += 1
    return bytes.count - start
  }

  /// Takes the newest record back.
  mutating func removeLast(_ size: Int) {
    bytes.removeLast(size)
    count -= 1
  }

  /// Moves the newest record to the beginning of others.
  mutating func moveLast(_ size: Int, to others: inout PendingRecords) {
    others.bytes.append(contentsOf: bytes.suffix(size))
    others.count += 1
    removeLast(size)
  }
}
