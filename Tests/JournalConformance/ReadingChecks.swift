// SPDX-License-Identifier: Apache-2.0
// Promises about reading and truncation.

import TandemJournal

extension ConformanceCheck {
  static let readingChecks: [ConformanceCheck] = [
    ConformanceCheck(name: "reading begins after any position, also inside a batch") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(6)
      let opened = try await journal.open(partition)
      var tail = Position.start
      for round in 0..<4 as Range<UInt64> {
        let commits = (1...5).map { (tenant: UInt64(1), commitSeq: round * 5 + $0) }
        let batch = Samples.batch(partition, after: tail, commits)
        _ = await journal.append(batch, after: tail, epoch: opened.epoch)
        tail = batch.last
      }
      let all = try await readAll(journal, partition)
      for position in 0...20 {
        let rest = try await readAll(journal, partition, after: Position(UInt64(position)))
        try promise(rest, is: Array(all.dropFirst(position)), "after \(position)")
      }
    },
    ConformanceCheck(name: "a reader ends where the log ended when reading began") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(8)
      let opened = try await journal.open(partition)
      let first = Samples.batch(partition, after: .start, [(1, 1)])
      _ = await journal.append(first, after: .start, epoch: opened.epoch)
      let reader = try await journal.read(partition, after: .start)
      let second = Samples.batch(partition, after: Position(1), [(1, 2)])
      _ = await journal.append(second, after: Position(1), epoch: opened.epoch)
      try promise(try await reader.next()?.count, is: 1, "first batch")
      try promise(try await reader.next() == nil, "the reader went on")
    },
    ConformanceCheck(name: "truncation forgets a prefix and nothing else") { subject in
      let journal = try await subject.start().journal
      let partition = PartitionID(10)
      let opened = try await journal.open(partition)
      for commit in 1...10 as ClosedRange<UInt64> {
        let batch = Samples.batch(partition, after: Position(commit - 1), [(1, commit)])
        _ = await journal.append(batch, after: Position(commit - 1), epoch: opened.epoch)
      }
      let all = try await readAll(journal, partition)
      try await journal.truncate(partition, through: Position(4))
      try await journal.truncate(partition, through: Position(2))
      let rest = try await readAll(journal, partition, after: Position(4))
      try promise(rest, is: Array(all.dropFirst(4)), "records after the truncation")
      do {
        _ = try await journal.read(partition, after: Position(3))
        throw BrokenPromise(description: "truncated records were offered")
      } catch is JournalError {}
      let again = try await journal.open(partition)
      try promise(again.truncatedThrough, is: Position(4), "truncated through")
      try promise(again.tail, is: Position(10), "tail")
      do {
        try await journal.truncate(partition, through: Position(11))
        throw BrokenPromise(description: "truncation beyond the tail was accepted")
      } catch is JournalError {}
    },
  ]
}
