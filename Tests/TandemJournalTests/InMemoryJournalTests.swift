// SPDX-License-Identifier: Apache-2.0
import JournalConformance
import TandemJournal
import TandemPlatform
import TestThreads
import Testing

@Suite(.on(.disks)) struct InMemoryJournalTests {
  private struct Memory: JournalUnderTest {
    let journal: InMemoryJournal
    func start() async throws -> JournalSystem {
      JournalSystem(journal: journal, snapshots: journal, history: journal)
    }
  }

  @Test(arguments: ConformanceCheck.all)
  func `the reference keeps every promise`(check: ConformanceCheck) async throws {
    try await check.run(
      Memory(
        journal: InMemoryJournal(executor: BlockingThread.disks, subjects: subjectsOfSample)))
  }
}
