// SPDX-License-Identifier: Apache-2.0
import JournalConformance
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation
import TestThreads
import Testing

@Suite(.on(.disks)) struct LocalJournalTests {
  let partition = PartitionID(1)

  @Test(arguments: ConformanceCheck.all)
  func `the local log keeps every promise on a simulated disk`(check: ConformanceCheck) async throws
  {
    try await check.run(LocalSystem(SimulatedFileSystem()))
  }

  @Test(arguments: ConformanceCheck.all)
  func `the local log keeps every promise on a real disk`(check: ConformanceCheck) async throws {
    let folder = TemporaryFolder()
    try await check.run(LocalSystem(try PosixFileSystem(root: folder.path)))
    withExtendedLifetime(folder) {}
  }

  @Test func `a second process cannot take the directory`() async throws {
    let disk = SimulatedFileSystem()
    let first = try LocalSystem(disk).open()
    #expect(throws: JournalError.self) { try LocalSystem(disk).open() }
    await first.stop()
    _ = try LocalSystem(disk).open()
  }

  @Test func `a failed sync makes the append indeterminate and ends the log`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let journal = try system.open()
    let opened = try await journal.open(partition)
    #expect(await appendCommits(journal, partition, 1...3, epoch: opened.epoch).count == 3)
    var plan = FaultPlan()
    plan.atMutation[1] = .syncLosesPages
    disk.setPlan(plan)
    let results = await appendCommits(journal, partition, 4...5, epoch: opened.epoch)
    #expect(results == [.indeterminate, .indeterminate])
    #expect(system.fatalErrors.count == 1)
    disk.endProcess()
    // The page cache still shows the lost pages; recovery may keep the record, and then for good.
    let again = try LocalSystem(disk, seed: 2).open()
    let tail = try await again.open(partition).tail
    #expect(tail >= Position(3))
    var random = SeededRandom(seed: 5)
    disk.crash(random: &random)
    let third = try LocalSystem(disk, seed: 3).open()
    #expect(try await third.open(partition).tail == tail)
  }

  @Test func `a full disk refuses appends while certain and takes them again later`() async throws {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk).open()
    let opened = try await journal.open(partition)
    disk.setCapacity(0)
    var stored: UInt64 = 0
    var result = AppendResult.durable(.start)
    while case .durable = result, stored < 100 {
      result = await appendCommits(
        journal, partition, (stored + 1)...(stored + 1), epoch: opened.epoch)[0]
      if case .durable = result { stored += 1 }
    }
    #expect(result == .full)
    #expect(stored > 5)
    #expect(try await readAll(journal, partition).count == Int(stored))
    disk.setCapacity(1 << 30)
    let after = await appendCommits(
      journal, partition, (stored + 1)...(stored + 20), epoch: opened.epoch)
    #expect(after.last == .durable(Position(stored + 20)))
  }

  @Test(arguments: [false, true])
  func `a hundred starts pile up neither segments nor runs`(_ isKilled: Bool) async throws {
    let disk = SimulatedFileSystem()
    var random = SeededRandom(seed: 9)
    for start in 1...100 as ClosedRange<UInt64> {
      let system = LocalSystem(disk, segmentBytes: 128 * 1024, seed: start)
      let journal = try system.open()
      let opened = try await journal.open(partition)
      #expect(opened.tail == Position(start - 1))
      let results = await appendCommits(journal, partition, start...start, epoch: opened.epoch)
      #expect(results == [.durable(Position(start))])
      let history = try LocalHistory(
        journal, executor: system.executor, subjects: subjectsOfSample)
      try await history.prepareSegment()
      try await history.buildRuns()
      try await journal.truncate(partition, through: Position(start))
      try await history.collectGarbage()
      if isKilled { disk.crash(random: &random) } else { await journal.stop() }
    }
    // At most three frames of a block each per start.
    #expect(disk.paths.count { $0.hasSuffix(".wal") } <= 2)
    #expect(disk.paths.count { $0.hasSuffix(".run") } <= 300 * FrameHeader.block / (128 * 1024) + 1)
    let system = LocalSystem(disk, segmentBytes: 128 * 1024, seed: 101)
    let history = try LocalHistory(
      try system.open(), executor: system.executor, subjects: subjectsOfSample)
    let records = try await history.read(
      Samples.tenant(1), in: partition, after: 0, recordsMax: 1_000, bytesMax: 1 << 20)
    #expect(records.map(\.commitSeq) == Array(1...100))
    #expect(JournalInspector(disk).verify().verdict == .note)
  }

  @Test func `segments that were forgotten and not deleted go after the next start`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let first = try system.open()
    let epoch = try await first.open(partition).epoch
    _ = await appendCommits(first, partition, 1...60, epoch: epoch, bodySize: 2_000)
    let built = try await LocalHistory(
      first, executor: system.executor, subjects: subjectsOfSample
    ).buildRuns()
    try await first.truncate(partition, through: Position(60))
    let before = disk.paths.count { $0.hasSuffix(".wal") }
    let forgotten = try await first.forgetSegments(standingIn: RunCatalogue.ranges(disk))
    #expect(forgotten.count == built)
    #expect(disk.paths.count { $0.hasSuffix(".wal") } == before)
    disk.endProcess()
    let journal = try LocalSystem(disk, seed: 2).open()
    let history = try LocalHistory(journal, executor: system.executor, subjects: subjectsOfSample)
    #expect(try await history.collectGarbage() == 0)
    #expect(disk.paths.count { $0.hasSuffix(".wal") } == before - built)
    #expect(JournalInspector(disk).verify().verdict == .note)
  }

  @Test func `what recovery cut off goes with its segment`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk, segmentBytes: 32 * 1024)
    let first = try system.open()
    let epoch = try await first.open(partition).epoch
    _ = await appendCommits(first, partition, 1...2, epoch: epoch)
    disk.endProcess()
    let segment = try #require(disk.paths.last { $0.hasSuffix(".wal") })
    // A header that was never written, before content that was.
    disk.damage(segment) { $0[SegmentHeader.bytes + 4 * FrameHeader.block - 600] = 1 }
    let journal = try LocalSystem(disk, segmentBytes: 32 * 1024, seed: 2).open()
    #expect(disk.paths.contains(segment + ".pre-recovery"))
    let again = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 3...14, epoch: again.epoch)
    let history = try LocalHistory(journal, executor: system.executor, subjects: subjectsOfSample)
    try await history.buildRuns()
    try await journal.truncate(partition, through: Position(14))
    #expect(try await history.collectGarbage() > 0)
    #expect(!disk.paths.contains { $0.hasPrefix(segment) })
  }

  @Test func `a full disk is announced while what was begun still fits`() async throws {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk).open()
    let opened = try await journal.open(partition)
    #expect(journal.hasRoom)
    disk.setCapacity(0)
    var stored: UInt64 = 0
    while journal.hasRoom, stored < 100 {
      stored += 1
      let results = await appendCommits(journal, partition, stored...stored, epoch: opened.epoch)
      #expect(results == [.durable(Position(stored))])
    }
    #expect(!journal.hasRoom)
    let begun = await appendCommits(
      journal, partition, (stored + 1)...(stored + 1), epoch: opened.epoch)
    #expect(begun == [.durable(Position(stored + 1))])
    disk.setCapacity(1 << 30)
    await journal.tick()
    #expect(journal.hasRoom)
  }

  @Test func `appends that wait share one frame`() async throws {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk).open()
    var epochs: [Epoch] = []
    for number in 0..<64 {
      epochs.append(try await journal.open(PartitionID(UInt16(number))).epoch)
    }
    disk.clearLog()
    await withTaskGroup(of: AppendResult.self) { group in
      for number in 0..<64 {
        let batch = Samples.batch(
          PartitionID(UInt16(number)), after: .start, [(UInt64(number), 1)])
        let epoch = epochs[number]
        group.addTask { await journal.append(batch, after: .start, epoch: epoch) }
      }
      for await result in group { #expect(result == .durable(Position(1))) }
    }
    let syncs = disk.log.filter { $0.kind == .sync }.count
    #expect(syncs < 64)
    #expect(disk.log.map(\.kind).prefix(2) == [.write, .sync])
  }

  @Test func `silence is followed by a frame and a mark that prove the last record`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let journal = try system.open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 1...1, epoch: opened.epoch)
    disk.clearLog()
    await journal.tick()
    #expect(disk.log.isEmpty)
    system.time.advance(5)
    await journal.tick()
    await journal.tick()
    #expect(disk.log.map(\.kind) == [.write, .sync])
    system.time.advance(1_000)
    await journal.tick()
    await journal.tick()
    #expect(disk.log.map(\.path).suffix(2) == ["wal/durable.mark", "wal/durable.mark"])
    #expect(disk.log.count == 4)
  }

  @Test func `the durable mark and the lock alternate between two slots and never grow`()
    async throws
  {
    let disk = SimulatedFileSystem()
    for life in UInt64(1)...3 {
      let system = LocalSystem(disk, seed: life)
      let journal = try system.open()
      let opened = try await journal.open(partition)
      for commit in 1...3 as ClosedRange<UInt64> {
        let next = opened.tail.value + commit
        _ = await appendCommits(journal, partition, next...next, epoch: opened.epoch)
        system.time.advance(1_000)
        await journal.tick()
        await journal.tick()
      }
      // Written once at the start and three times by the clock; the lock once.
      for (path, stores) in [("wal/durable.mark", life * 4), ("LOCK", life)] {
        let bytes = try #require(disk.contents(of: path))
        #expect(bytes.count <= 1_024)
        let newest = [0, 512].compactMap { start -> UInt64? in
          guard bytes.count >= start + 512, bytes[start] != 0 else { return nil }
          return bytes[start + 8..<start + 16].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }.max()
        #expect(newest == stores)
      }
      disk.endProcess()
    }
  }

  @Test func `a segment stays while its run has a name and could not be opened`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let (journal, history) = try await system.filled(partition, 1...60)
    try await journal.truncate(partition, through: Position(60))
    // Which call makes the name durable is seen on a copy of the disk.
    let copy = disk.copy()
    copy.clearLog()
    let segment = try #require(await journal.sealedSegments().first)
    let store = journal.store
    try RunBuilder(files: copy, store: store, subjects: subjectsOfSample).build(segment)
    let call = try #require(copy.log.lastIndex { $0.kind == .syncDirectory })
    var plan = FaultPlan()
    plan.atMutation[call] = .failure(.inputOutput(errno: 24))
    disk.setPlan(plan)
    await #expect(throws: JournalError.self) { try await history.buildRuns() }
    #expect(disk.paths.contains { $0.hasSuffix(".run") })
    #expect(try await history.collectGarbage() == 0)
    let all = try await history.read(
      Samples.tenant(1), in: partition, after: 0, recordsMax: 100, bytesMax: 1 << 30)
    #expect(all.map(\.commitSeq) == Array(1...60))
    #expect(try await history.buildRuns() > 0)
    #expect(try await history.collectGarbage() > 0)
  }

  @Test func `runs take over sealed segments, which are then deleted`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let (journal, history) = try await system.filled(partition, 1...60)
    #expect(try await history.collectGarbage() == 0)
    let built = try await history.buildRuns()
    #expect(built >= 3)
    #expect(try await history.collectGarbage() == 0)
    try await journal.truncate(partition, through: Position(60))
    #expect(try await history.collectGarbage() == built)
    let tenant = Samples.tenant(1)
    let all = try await history.read(
      tenant, in: partition, after: 0, recordsMax: 100, bytesMax: 1 << 30)
    #expect(all.map(\.commitSeq) == Array(1...60))
    let heads = try await history.heads(of: partition)
    #expect(heads.map(\.tenant) == [tenant])
    // The newest ones stand in the active segment only.
    #expect(heads.allSatisfy { (31..<60).contains($0.commitSeq) })
    for key in Set(all.flatMap { subjectsOfSample($0.eventType, $0.body) }) {
      let told = try await history.read(
        tenant, in: partition, about: key, after: 5, recordsMax: 100, bytesMax: 1 << 30)
      let expected = all.filter {
        $0.commitSeq > 5 && subjectsOfSample($0.eventType, $0.body) == [key]
      }
      #expect(told.map(\.commitSeq) == expected.map(\.commitSeq))
      let one = try await history.read(
        tenant, in: partition, about: key, after: 0, recordsMax: 1, bytesMax: 1 << 30)
      #expect(one.count == 1)
    }
    await journal.stop()
    let next = try LocalSystem(disk, seed: 9).open()
    let again = try await next.open(partition)
    #expect(again.tail == Position(60))
    let results = await appendCommits(next, partition, 61...61, epoch: again.epoch)
    #expect(results == [.durable(Position(61))])
  }

  @Test func `a page of history never passes over a record that did not fit`() async throws {
    let system = LocalSystem(SimulatedFileSystem())
    let journal = try system.open()
    let opened = try await journal.open(partition)
    var random = SeededRandom(seed: 17)
    // The last segment has no run, those before have.
    for commit in UInt64(1)...120 {
      let size = Int.random(in: 100...6_000, using: &random)
      _ = await appendCommits(
        journal, partition, commit...commit, epoch: opened.epoch, bodySize: size)
    }
    let history = try LocalHistory(journal, executor: system.executor, subjects: subjectsOfSample)
    #expect(try await history.buildRuns() >= 3)
    var seen: [UInt64] = []
    while true {
      let page = try await history.read(
        Samples.tenant(1), in: partition, after: seen.last ?? 0, recordsMax: 512,
        bytesMax: 10_000)
      if page.isEmpty { break }
      seen += page.map(\.commitSeq)
    }
    #expect(seen == Array(1...120))
  }
}
