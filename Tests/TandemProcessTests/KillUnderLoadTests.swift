// SPDX-License-Identifier: Apache-2.0
// The promise of the product, on the real program and a real disk: what was acknowledged is there
// once after kill -9, what was not is there at most once, and a feed goes on without a gap.

import Foundation
import StartedPrograms
import Synchronization
import TandemClient
import TandemPlatform
import TandemPrimitives
import Testing

@Suite(.serialized)
struct KillUnderLoadTests {
  static let organisations = ["tdk_demo_contoso", "tdk_demo_fabrikam", "tdk_demo_tailspin"]
  static let writersEach = 4
  static let watchersEach = 2

  private static let cycles = setting("TANDEM_KILL_CYCLES").map { Int($0) } ?? 50
  private static let seed =
    setting("TANDEM_KILL_SEED") ?? SystemEntropy().bytes(8).reduce(0) { $0 << 8 | UInt64($1) }

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test(.timeLimit(.minutes(30)))
  func `kill -9 under load loses no answer, doubles no change and tears no feed`() async throws {
    print("kill -9 under load: \(Self.cycles) cycles, TANDEM_KILL_SEED=\(Self.seed)")
    let folder = try TemporaryFolder()
    let whereabouts = Whereabouts()
    let run = KillingRun(
      folder: folder, whereabouts: whereabouts, cycles: Self.cycles, seed: Self.seed)
    async let watched = Self.watch(whereabouts)
    async let written = Self.write(whereabouts, seed: Self.seed)
    let last = try await run.killAgainAndAgain()
    let writers = await written
    for organisation in Self.organisations { try await run.createLastDeal(last, organisation) }
    let watchers = await watched
    let faults = writers.flatMap(\.faults) + watchers.flatMap(\.faults)
    #expect(faults.isEmpty, "TANDEM_KILL_SEED=\(Self.seed)")
    for organisation in Self.organisations {
      let audit = Audit(
        organisation: organisation, writers: writers.filter { $0.organisation == organisation },
        watchers: watchers.filter { $0.organisation == organisation })
      let findings = try await audit.run(last)
      #expect(findings.isEmpty, "\(organisation), TANDEM_KILL_SEED=\(Self.seed)")
    }
    #expect(await last.stop() == .code(0))
    #expect(last.process.complaints.contains(" error ") == false)
    let verify = try StartedProgram.start(
      [try StartedProgram.path(of: "tandem"), "journal", "verify", folder.path + "/data"],
      errors: folder.path + "/verify")
    #expect(await verify.ending() == .code(0))
    let acknowledged = writers.reduce(0) { $0 + $1.acknowledged }
    let replayed = writers.reduce(0) { $0 + $1.replayed }
    let repeated = writers.reduce(0) { $0 + $1.repeated }
    print(
      "kill -9 under load: \(acknowledged) acknowledged, \(repeated) calls lost their answer, "
        + "\(replayed) repetitions found their first answer")
    #expect(acknowledged > Self.cycles)
  }

  private static func watch(_ whereabouts: Whereabouts) async -> [WatcherBook] {
    await withTaskGroup(of: WatcherBook.self) { group in
      for organisation in organisations {
        for _ in 0..<watchersEach {
          group.addTask {
            await Watcher(organisation: organisation, whereabouts: whereabouts).run()
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// The load begins when every watcher has its first token.
  private static func write(_ whereabouts: Whereabouts, seed: UInt64) async -> [WriterBook] {
    await whereabouts.all(organisations.count * watchersEach)
    return await withTaskGroup(of: WriterBook.self) { group in
      for (place, organisation) in organisations.enumerated() {
        for index in 0..<writersEach {
          let number = place * writersEach + index
          group.addTask {
            await Writer(
              organisation: organisation, number: number, seed: seed &+ UInt64(number) &* 7_919,
              whereabouts: whereabouts
            ).run()
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}

/// The hand that kills.
struct KillingRun: Sendable {
  let folder: TemporaryFolder
  let whereabouts: Whereabouts
  let cycles: Int
  let seed: UInt64

  /// Lives and deaths; gives the last server, which nobody kills.
  func killAgainAndAgain() async throws -> Tandemd {
    var random = SeededRandom(seed: seed)
    let moments = try Moments()
    var left: [Client] = []
    for cycle in 0..<cycles {
      let server = try await Tandemd.start(in: folder)
      await whereabouts.isUp(at: server.url)
      for client in left { await client.close(drain: .zero) }
      if cycle == 0 {
        await whereabouts.all(
          KillUnderLoadTests.organisations.count * KillUnderLoadTests.watchersEach)
      }
      await moments.pass(milliseconds: Self.span(&random))
      left = await whereabouts.goesDown()
      server.process.signal(SIGKILL)
      #expect(await server.process.ending() == .signal(SIGKILL))
      // In half of the lives clients find out by themselves, in the others they are closed while
      // they wait. An address never comes back, so that none may stay with it.
      if cycle % 2 == 1 {
        for client in left { await client.close(drain: .zero) }
        left = []
      }
      if random.next() % 5 == 0 { try await killWhileItRecovers(&random, moments) }
    }
    let last = try await Tandemd.start(in: folder)
    await whereabouts.isUp(at: last.url)
    for client in left { await client.close(drain: .zero) }
    await whereabouts.finish()
    return last
  }

  private func killWhileItRecovers(
    _ random: inout SeededRandom, _ moments: Moments
  ) async throws {
    let process = try Tandemd.launch(in: folder)
    await moments.pass(milliseconds: random.next() % 400)
    process.signal(SIGKILL)
    #expect(await process.ending() == .signal(SIGKILL))
  }

  /// From 5 to 2000 ms, short ones more often: some lives reach the upkeep of the log, most do not.
  private static func span(_ random: inout SeededRandom) -> UInt64 {
    let share = Double(random.next() % 1_000) / 1_000
    return 5 + UInt64(1_995 * share * share * share * share)
  }

  func createLastDeal(_ server: Tandemd, _ organisation: String) async throws {
    try await withClient(server.url, key: organisation) { client in
      _ = try await client.createDeal(try await sampleDeal(Watcher.lastDeal, of: client))
    }
  }
}
