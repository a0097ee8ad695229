// SPDX-License-Identifier: Apache-2.0
// A disk that is full for real: changes are refused by name, reads go on, nothing acknowledged is
// lost, and the server works again when there is room.

import Foundation
import Glibc
import StartedPrograms
import TandemClient
import Testing

@Suite(
  .enabled(if: SmallDisk.isPermitted, "this machine lets a test mount no small file system"))
struct FullDiskTests {
  private static let organisations = ["tdk_demo_contoso", "tdk_demo_fabrikam", "tdk_demo_tailspin"]

  /// A deal and the newest change of it that was acknowledged.
  private struct Held: Sendable {
    let organisation: String
    let id: ID
    var notes: String
    var version: UInt64
    var refusal: TandemError?
  }

  @Test(.timeLimit(.minutes(5)))
  func `a full disk refuses changes by name, serves reads, and heals without a restart`()
    async throws
  {
    let folder = try TemporaryFolder()
    let disk = try await SmallDisk(mebibytes: 320)
    let server = try await start(folder, disk)
    try disk.fill()
    var held = try await fillTheLog(server)
    #expect(!server.process.complaints.contains("tandemd:"), "\(server.process.complaints)")
    for deal in held {
      #expect(deal.refusal?.reason == "STORAGE_FULL", "\(deal.refusal as Any)")
      #expect(deal.refusal?.notExecuted == true)
      #expect(deal.refusal?.retryable == true)
    }
    try await expectReads(of: held, server)
    disk.empty()
    for index in held.indices { try await changeAgain(&held[index], server) }
    server.process.signal(SIGKILL)
    #expect(await server.process.ending() == .signal(SIGKILL))
    let next = try await start(folder, disk)
    try await expectReads(of: held, next)
    #expect(await next.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(2)))
  func `a start on a full disk is refused with code 74 and works when there is room`() async throws
  {
    let folder = try TemporaryFolder()
    let disk = try await SmallDisk(mebibytes: 320)
    let first = try await start(folder, disk)
    let client = try Client(first.url, key: Self.organisations[0])
    let change = try await client.createDeal(try await sampleDeal("kept", of: client))
    await client.close()
    #expect(await first.stop() == .code(0))
    // A segment that was prepared, or half of one, is room enough for a start; whether there is one
    // depends on the moment.
    for name in ["next.prealloc", "background.tmp", "writer.tmp"] {
      disk.remove("data/wal/" + name)
    }
    try disk.fill()
    let refused = try Tandemd.launch(in: folder, data: disk.path + "/data", through: disk.entrance)
    let ending = await refused.ending()
    #expect(ending == .code(74), "\(ending): \(refused.complaints)")
    #expect(refused.complaints.contains("the disk is full"))
    disk.empty()
    let next = try await start(folder, disk)
    try await withClient(next.url, key: Self.organisations[0]) { client in
      let id = try #require(change.id)
      let found = try await client.getDeal(id).deal
      #expect(found.name == "kept")
    }
    #expect(await next.stop() == .code(0))
  }

  private func start(_ folder: TemporaryFolder, _ disk: SmallDisk) async throws -> Tandemd {
    try await Tandemd.start(in: folder, data: disk.path + "/data", through: disk.entrance)
  }

  /// Several writers of each organisation until each of them is refused.
  private func fillTheLog(_ server: Tandemd) async throws -> [Held] {
    try await withThrowingTaskGroup(of: Held.self) { group in
      for organisation in Self.organisations {
        for number in 0..<4 {
          group.addTask {
            try await withClient(server.url, key: organisation) { client in
              try await Self.write(client, organisation, number)
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private static func write(
    _ client: Client, _ organisation: String, _ number: Int
  ) async throws -> Held {
    let created = try await client.createDeal(
      try await sampleDeal("deal \(number)", of: client))
    guard let id = created.id else { throw ProcessFailure(description: "no deal") }
    var held = Held(organisation: organisation, id: id, notes: "", version: created.version)
    for count in 1...100_000 {
      var patch = DealPatch()
      let notes = "\(count) " + String(repeating: "n", count: 9_000)
      patch.notes = notes
      do {
        held.version = try await client.patchDeal(id, patch).version
        held.notes = notes
      } catch {
        held.refusal = error
        return held
      }
    }
    return held
  }

  private func expectReads(of held: [Held], _ server: Tandemd) async throws {
    for deal in held {
      try await withClient(server.url, key: deal.organisation) { client in
        let found = try await client.getDeal(deal.id).deal
        #expect(found.version == deal.version)
        #expect(found.notes == deal.notes)
        var rows = 0
        for try await _ in client.listDeals() { rows += 1 }
        #expect(rows >= 4)
      }
    }
  }

  /// The library waits as long as the server asks for; the whole takes a few of its attempts.
  private func changeAgain(_ held: inout Held, _ server: Tandemd) async throws {
    let client = try Client(server.url, key: held.organisation)
    var patch = DealPatch()
    patch.notes = "after the disk had room"
    var refusal: TandemError?
    for _ in 0..<10 {
      do {
        let change = try await client.patchDeal(held.id, patch)
        #expect(change.version == held.version + 1)
        held.version = change.version
        held.notes = "after the disk had room"
        refusal = nil
        break
      } catch {
        refusal = error
        guard error.reason == "STORAGE_FULL" else { break }
      }
    }
    #expect(refusal == nil)
    await client.close()
  }
}
