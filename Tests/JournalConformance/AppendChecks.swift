// SPDX-License-Identifier: Apache-2.0
// Promises about appending: whole, contiguous, conditional on position and epoch, chained per tenant.

import TandemJournal

extension ConformanceCheck {
  static let appendChecks: [ConformanceCheck] = [
    ConformanceCheck(name: "appends are contiguous and read back in order") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(3)
      let opened = try await journal.open(partition)
      var tail = opened.tail
      try promise(tail, is: .start, "a new partition begins at the start")
      for commit in 1...20 as ClosedRange<UInt64> {
        let batch = Samples.batch(partition, after: tail, [(1, commit)])
        let result = await journal.append(batch, after: tail, epoch: opened.epoch)
        try promise(result, is: .durable(Position(commit)), "append \(commit)")
        tail = Position(commit)
      }
      let records = try await readAll(journal, partition)
      try promise(records.map(\.position.value), is: Array(1...20), "positions")
      try promise(records.map(\.commitSeq), is: Array(1...20), "commit_seq")
      for record in records {
        try promise(Array(record.body), is: Samples.body(1, record.commitSeq), "body")
        try promise(Array(record.personal), is: Samples.personal(1, record.commitSeq), "personal")
        try promise(record.epoch, is: opened.epoch, "epoch")
      }
    },
    ConformanceCheck(name: "a batch at another position is a conflict and changes nothing") {
      subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(0)
      let opened = try await journal.open(partition)
      let first = Samples.batch(partition, after: .start, [(1, 1), (2, 1)])
      _ = await journal.append(first, after: .start, epoch: opened.epoch)
      for wrong in [UInt64(0), 1, 3, 9] {
        let batch = Samples.batch(partition, after: Position(wrong), [(1, 2)])
        let result = await journal.append(batch, after: Position(wrong), epoch: opened.epoch)
        try promise(result, is: .conflict(tail: Position(2)), "append after \(wrong)")
      }
      try promise(try await readAll(journal, partition).count, is: 2, "records")
    },
    ConformanceCheck(name: "a tenant's commits must go on where its chain stopped") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(1)
      let opened = try await journal.open(partition)
      let gap = Samples.batch(partition, after: .start, [(1, 1), (1, 3)])
      let refused = await journal.append(gap, after: .start, epoch: opened.epoch)
      try promise(refused, is: .conflict(tail: .start), "a gap in commit_seq")
      let whole = Samples.batch(partition, after: .start, [(1, 1), (2, 1), (1, 2)])
      let stored = await journal.append(whole, after: .start, epoch: opened.epoch)
      try promise(stored, is: .durable(Position(3)), "whole batch")
      let again = Samples.batch(partition, after: Position(3), [(1, 2)])
      let twice = await journal.append(again, after: Position(3), epoch: opened.epoch)
      try promise(twice, is: .conflict(tail: Position(3)), "a commit_seq twice")
    },
    ConformanceCheck(name: "chains link every record of a tenant, and only those") { subject in
      let system = try await subject.start()
      let partition = PartitionID(2)
      let opened = try await system.journal.open(partition)
      let batch = Samples.batch(partition, after: .start, [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)])
      _ = await system.journal.append(batch, after: .start, epoch: opened.epoch)
      var heads: [UInt64: ChainHash] = [:]
      let reader = try await system.journal.read(partition, after: .start)
      while let batch = try await reader.next() {
        var start = 0
        while start < batch.bytes.count,
          let range = RecordCodec.range(at: start, in: batch.bytes, end: batch.bytes.count)
        {
          let record = RecordCodec.decode(range, in: batch.bytes)
          let previous = heads[record.tenant.low] ?? .start
          let expected = ChainSealer.link(range, in: batch.bytes, previous: previous)
          try promise(record.chain, is: expected, "chain of \(record.commitSeq)")
          heads[record.tenant.low] = record.chain
          start = range.end
        }
      }
      try promise(heads.count, is: 2, "tenants")
    },
    ConformanceCheck(name: "partitions are independent and appends may overlap") { subject in
      let journal = try await subject.start().journal
      var epochs: [Epoch] = []
      for number in 0..<16 as Range<UInt16> {
        epochs.append(try await journal.open(PartitionID(number)).epoch)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<16 as Range<UInt16> {
          let epoch = epochs[Int(number)]
          group.addTask {
            for commit in 1...8 as ClosedRange<UInt64> {
              let after = Position(commit - 1)
              let batch = Samples.batch(
                PartitionID(number), after: after, [(UInt64(number), commit)], bodySize: 3_000)
              let result = await journal.append(batch, after: after, epoch: epoch)
              try promise(result, is: .durable(Position(commit)), "partition \(number)")
            }
          }
        }
        try await group.waitForAll()
      }
      for number in 0..<16 as Range<UInt16> {
        let records = try await readAll(journal, PartitionID(number))
        try promise(records.map(\.commitSeq), is: Array(1...8), "partition \(number)")
      }
    },
  ]
}
