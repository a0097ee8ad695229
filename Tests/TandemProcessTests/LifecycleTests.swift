// SPDX-License-Identifier: Apache-2.0
// How the program starts and ends: signals, exit codes and what it says when it cannot start.

import Foundation
import Glibc
import StartedPrograms
import TandemClient
import TandemPlatform
import Testing

struct LifecycleTests {
  @Test(.timeLimit(.minutes(2)))
  func `SIGTERM answers what runs, refuses what comes, and ends with code 0 in time`() async throws
  {
    let folder = try TemporaryFolder()
    let grace = 700
    let server = try await Tandemd.start(in: folder, ["--drain-grace-ms", "\(grace)"])
    // A client that neither leaves nor reads must not hold the server longer than the grace.
    let silent = try RawConnection(port: server.port)
    try silent.introduce("tdk_demo_tailspin")
    async let written = Self.writeUntilRefused(server)
    async let watched = Self.watchUntilItEnds(server)
    try await Self.waitForChange(server)
    let began = SystemTime().monotonic
    #expect(await server.stop() == .code(0))
    let took = (SystemTime().monotonic.nanoseconds - began.nanoseconds) / 1_000_000
    // Grace, then closing (1500 ms), then the last sync; the rest is for a busy machine.
    #expect(took < UInt64(grace) + 1_500 + 5_000)
    let (acknowledged, refusal) = await written
    #expect(!acknowledged.isEmpty)
    let codes: [TandemError.Code] = [.unavailable, .connection]
    #expect(refusal.map { codes.contains($0.code) } == true, "\(refusal as Any)")
    #expect(await watched == true)
    let next = try await Tandemd.start(in: folder)
    try await withClient(next.url, key: "tdk_demo_fabrikam") { client in
      var names: Set<String> = []
      for try await row in client.listDeals() { names.insert(row.deal.name) }
      #expect(names.isSuperset(of: acknowledged))
    }
    #expect(await next.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a second SIGTERM ends a server that waits for its clients at once`() async throws {
    let folder = try TemporaryFolder()
    // The first stop would wait a minute for the client to close.
    let server = try await Tandemd.start(in: folder, ["--linger-ms", "60000"])
    let silent = try RawConnection(port: server.port)
    try silent.introduce("tdk_demo_tailspin")
    server.process.signal(SIGTERM)
    #expect(silent.reads(.goAway))
    server.process.signal(SIGTERM)
    #expect(await server.process.ending() == .code(128 + SIGTERM))
    let next = try await Tandemd.start(in: folder)
    #expect(await next.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a data directory in use is refused with code 75, its name and what to do`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(in: folder)
    let second = try Tandemd.launch(in: folder)
    #expect(await second.ending() == .code(75))
    let complaint = second.complaints
    #expect(complaint.contains("\(folder.path)/data"))
    #expect(complaint.contains("another process has the data directory"))
    // The first one has not noticed.
    try await withClient(server.url, key: "tdk_demo_contoso") { client in
      let health = try await client.health()
      #expect(health == .serving)
    }
    #expect(await server.stop() == .code(0))
    let third = try await Tandemd.start(in: folder)
    #expect(await third.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a port in use is refused with code 69 and its address`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(in: folder)
    let second = try Tandemd.launch(
      in: folder, data: folder.path + "/other", ["--listen", server.address])
    #expect(await second.ending() == .code(69))
    #expect(second.complaints.contains(server.address))
    #expect(second.complaints.contains("is another server there?"))
    #expect(await server.stop() == .code(0))
  }

  // MARK: Clients

  private static func writeUntilRefused(_ server: Tandemd) async -> (Set<String>, TandemError?) {
    var acknowledged: Set<String> = []
    do {
      let client = try Client(server.url, key: "tdk_demo_fabrikam")
      let sample = try await sampleDeal("sample", of: client)
      for number in 1...100_000 {
        var deal = sample
        deal.name = "deal \(number)"
        _ = try await client.createDeal(deal)
        acknowledged.insert(deal.name)
      }
      return (acknowledged, nil)
    } catch {
      return (acknowledged, error as? TandemError)
    }
  }

  /// True when the watch got its first item and was ended with the server.
  private static func watchUntilItEnds(_ server: Tandemd) async -> Bool {
    var items = 0
    do {
      let client = try Client(server.url, key: "tdk_demo_fabrikam")
      let stopper = Task {
        // The library goes on for ever once it has an item; the server's end is seen on a call.
        while (try? await client.health()) == .serving {}
        await client.close(drain: .zero)
      }
      for try await _ in client.watch(includesProgress: true) { items += 1 }
      await stopper.value
    } catch {
      return items > 0
    }
    return items > 0
  }

  private static func waitForChange(_ server: Tandemd) async throws {
    let client = try Client(server.url, key: "tdk_demo_fabrikam")
    for try await _ in client.watch() { break }
    await client.close()
  }
}
