// SPDX-License-Identifier: Apache-2.0
// Promises about ownership: epochs grow, old owners are fenced, a partition may be closed and re-opened.

import TandemJournal

extension ConformanceCheck {
  static let ownershipChecks: [ConformanceCheck] = [
    ConformanceCheck(name: "a second open fences the first owner") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(7)
      let first = try await journal.open(partition)
      let second = try await journal.open(partition)
      try promise(second.epoch > first.epoch, "the epoch did not grow")
      let batch = Samples.batch(partition, after: .start, [(1, 1)])
      let old = await journal.append(batch, after: .start, epoch: first.epoch)
      try promise(old, is: .fenced(second.epoch), "append of the old owner")
      try promise(await journal.renew(partition, epoch: first.epoch), is: .lost, "old lease")
      try promise(await journal.renew(partition, epoch: second.epoch), is: .held, "new lease")
      let new = await journal.append(batch, after: .start, epoch: second.epoch)
      try promise(new, is: .durable(Position(1)), "append of the new owner")
    },
    ConformanceCheck(name: "an open that races an append leaves no doubt about it") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(9)
      var tail = Position.start
      var commit: UInt64 = 1
      for _ in 0..<20 {
        let owner = try await journal.open(partition)
        let batch = Samples.batch(partition, after: tail, [(1, commit)])
        let after = tail
        async let result = journal.append(batch, after: after, epoch: owner.epoch)
        async let next = journal.open(partition)
        let (ended, opened) = try await (result, next)
        // The append may be ordered before or after the open; either way the log must agree.
        let records = try await readAll(journal, partition)
        switch ended {
        case .durable(let position):
          try promise(records.last?.position ?? .start, is: position, "tail after durable")
          tail = position
          commit += 1
        case .fenced(let epoch):
          try promise(epoch, is: opened.epoch, "fenced by")
          try promise(records.last?.position ?? .start, is: tail, "tail after fenced")
        case .unavailable, .full, .conflict, .indeterminate:
          throw BrokenPromise(description: "a race ended as \(ended)")
        }
      }
    },
    ConformanceCheck(name: "a closed partition takes nothing until it is opened again") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(4)
      let first = try await journal.open(partition)
      let batch = Samples.batch(partition, after: .start, [(1, 1)])
      _ = await journal.append(batch, after: .start, epoch: first.epoch)
      await journal.close(partition)
      try promise(await journal.renew(partition, epoch: first.epoch), is: .lost, "lease")
      let next = Samples.batch(partition, after: Position(1), [(1, 2)])
      switch await journal.append(next, after: Position(1), epoch: first.epoch) {
      case .fenced: break
      case let other: throw BrokenPromise(description: "append after close ended as \(other)")
      }
      let again = try await journal.open(partition)
      try promise(again.tail, is: Position(1), "tail after re-open")
      try promise(again.epoch > first.epoch, "the epoch did not grow")
      let result = await journal.append(next, after: Position(1), epoch: again.epoch)
      try promise(result, is: .durable(Position(2)), "append after re-open")
    },
    ConformanceCheck(name: "a new start keeps every record and every chain") { subject in
      var expected: [Record] = []
      var epochs: [Epoch] = []
      let partition = PartitionID(5)
      for start in 0..<4 as Range<UInt64> {
        let journal = try await subject.start().journal
        let opened = try await journal.open(partition)
        epochs.append(opened.epoch)
        try promise(try await readAll(journal, partition), is: expected, "replay \(start)")
        try promise(opened.tail, is: Position(start * 3), "tail")
        for commit in 1...3 as ClosedRange<UInt64> {
          let after = Position(start * 3 + commit - 1)
          let batch = Samples.batch(partition, after: after, [(1, start * 3 + commit)])
          let result = await journal.append(batch, after: after, epoch: opened.epoch)
          try promise(result, is: .durable(batch.last), "append")
        }
        expected = try await readAll(journal, partition)
      }
      try promise(epochs, is: epochs.sorted(), "epochs")
      try promise(Set(epochs).count, is: 4, "different epochs")
    },
  ]
}
