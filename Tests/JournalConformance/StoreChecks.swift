// SPDX-License-Identifier: Apache-2.0
// Promises about snapshots and history.

import TandemJournal

extension ConformanceCheck {
  static let snapshotChecks: [ConformanceCheck] = [
    ConformanceCheck(name: "snapshots come back whole, newest first, two generations") { subject in
      let store = try await subject.start().snapshots
      let partition = PartitionID(2)
      try promise(try await store.get(Samples.tenant(1), in: partition) == nil, "empty store")
      for commit in [UInt64(10), 20, 30] {
        let snapshot = Samples.snapshot(1, in: partition, commitSeq: commit, position: commit)
        try await store.putIfAbsent(snapshot)
        try await store.putIfAbsent(snapshot)
      }
      try await store.putIfAbsent(
        Samples.snapshot(2, in: partition, commitSeq: 5, position: 6))
      try await store.putIfAbsent(
        Samples.snapshot(3, in: PartitionID(9), commitSeq: 1, position: 1))
      let again = try await subject.start().snapshots
      let expected = Samples.snapshot(1, in: partition, commitSeq: 30, position: 30)
      let found = try await again.get(Samples.tenant(1), in: partition)
      try promise(found?.footer, is: expected.footer, "footer")
      try promise(found?.chunks, is: expected.chunks, "chunks")
      let listed = try await again.list(partition)
      try promise(listed.map(\.commitSeq), is: [30, 5], "newest of each tenant, sorted")
      try await again.delete(Samples.tenant(1), in: partition, keeping: 0)
      try promise(try await again.get(Samples.tenant(1), in: partition) == nil, "deleted")
      try promise(try await again.list(partition).count, is: 1, "the other tenant stays")
    }
  ]

  static let historyChecks: [ConformanceCheck] = [
    ConformanceCheck(name: "history gives a tenant's commits in order and in pages") { subject in
      let system = try await subject.start()
      let partition = PartitionID(11)
      let opened = try await system.journal.open(partition)
      var tail = Position.start
      for commit in 1...30 as ClosedRange<UInt64> {
        let batch = Samples.batch(partition, after: tail, [(1, commit), (2, commit)])
        _ = await system.journal.append(batch, after: tail, epoch: opened.epoch)
        tail = batch.last
      }
      var seen: [UInt64] = []
      while true {
        let page = try await system.history.read(
          Samples.tenant(2), in: partition, after: seen.last ?? 0, recordsMax: 7,
          bytesMax: 1 << 20)
        try promise(page.count <= 7, "a page is too long")
        if page.isEmpty { break }
        for record in page {
          try promise(Array(record.body), is: Samples.body(2, record.commitSeq), "body")
        }
        seen += page.map(\.commitSeq)
      }
      try promise(seen, is: Array(1...30), "commit_seq")
      let small = try await system.history.read(
        Samples.tenant(1), in: partition, after: 4, recordsMax: 10, bytesMax: 1)
      try promise(small.map(\.commitSeq), is: [5], "one record always fits")
      let oldest = try await system.history.oldest(Samples.tenant(1), in: partition)
      try promise(oldest, is: 1, "oldest")
      let none = try await system.history.oldest(Samples.tenant(77), in: partition)
      try promise(none, is: nil, "oldest of an unknown tenant")
    }
  ]
}
