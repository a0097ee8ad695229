// SPDX-License-Identifier: Apache-2.0
// Reads a partition's batches back, each against its own checksum.

import TandemPlatform
import TandemPrimitives

/// The batches of one partition in one segment.
struct BatchSource: Sendable {
  let path: String
  let file: any File
  let entries: [BatchEntry]

  func read(_ entry: BatchEntry) throws(JournalError) -> Batch {
    let bytes: [UInt8]
    do {
      bytes = try file.read(at: Int64(entry.offset), count: Int(entry.length))
    } catch { throw JournalError(error) }
    guard bytes.count == Int(entry.length), Checksum.crc(bytes[...]) == entry.checksum else {
      throw .corrupt("\(path) at offset \(entry.offset): a batch does not match its checksum")
    }
    return Batch(
      partition: entry.partition, first: Position(entry.first), count: Int(entry.count),
      bytes: bytes)
  }
}

/// Runs where the journal reads, because reading blocks.
actor LocalBatchReader: BatchReader {
  private let executor: any SerialExecutor
  private let sources: [BatchSource]
  private let position: Position
  private var source = 0
  private var entry = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init(_ sources: [BatchSource], after position: Position, executor: any SerialExecutor) {
    self.sources = sources
    self.position = position
    self.executor = executor
  }

  func next() async throws(JournalError) -> Batch? {
    while source < sources.count {
      let entries = sources[source].entries
      while entry < entries.count, entries[entry].last <= position.value { entry += 1 }
      if entry < entries.count {
        let batch = try sources[source].read(entries[entry])
        entry += 1
        return batch.suffix(after: position)
      }
      source += 1
      entry = 0
    }
    return nil
  }
}
