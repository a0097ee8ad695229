// SPDX-License-Identifier: Apache-2.0
// Clients that do not read, that drip, that vanish, and an organisation beyond its quota: what they
// do to themselves, and that others do not notice.

import Foundation
import Glibc
import StartedPrograms
import TandemClient
import TandemPlatform
import TandemWire
import Testing

struct NeighbourTests {
  private static let neighbour = "tdk_demo_contoso"
  private static let bad = "tdk_demo_fabrikam"

  @Test(.timeLimit(.minutes(2)))
  func `readers that stop are closed by the limit, hold bounded memory and slow nobody`()
    async throws
  {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(
      in: folder, ["--stall-timeout-ms", "1500", "--max-in-flight", "65536"])
    let deal = try await Self.largeDeal(server)
    let stuck = try (0..<8).map { _ in try RawConnection(port: server.port, receiveBytes: 4_096) }
    for connection in stuck { try connection.introduce(Self.bad) }
    let before = server.process.residentBytes
    // Answers of 10 KB each to everything that the server reads: more than it may hold.
    let requests = (1...4_000).flatMap {
      RawConnection.request(.getDeal, call: UInt32($0), Self.dealBody(deal))
    }
    var sent = 0
    for connection in stuck { sent += connection.writeWhatFits(requests) }
    #expect(sent > 8 * 2_000 * 34)
    try await Self.callsComplete(server, Self.neighbour)
    // The pause at 4 MiB, one turn's answers above it, and the allocator's share.
    if !server.process.isSanitized {
      #expect(server.process.residentBytes - before < stuck.count * 12 << 20)
    }
    try await Self.metric("goaways_sent_total", of: server) { $0 == stuck.count }
    try await Self.metric("reading_paused_total", of: server) { $0 >= stuck.count }
    // Only the asker itself is left; reading now finds the end, and no farewell but the right one.
    try await Self.metric("connections_open", of: server) { $0 <= 1 }
    for connection in stuck {
      let reason = await onOwnThread { connection.reasonOfEnd() }
      #expect(reason == nil || reason == .slowConsumer)
    }
    #expect(await server.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(2)))
  func `clients that drip or stop inside a frame are closed by the limit and slow nobody`()
    async throws
  {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(
      in: folder, ["--frame-timeout-ms", "1500", "--hello-timeout-ms", "1500"])
    let request = RawConnection.request(.health, call: 1)
    var halves: [RawConnection] = []
    for count in 1...8 {
      let connection = try RawConnection(port: server.port)
      try connection.introduce(Self.bad)
      // One byte of the header, some of it, nearly all.
      try connection.write(Array(request.prefix(count * 2 - 1)))
      halves.append(connection)
    }
    let silent = try RawConnection(port: server.port)
    let begun = try RawConnection(port: server.port)
    try begun.write(Array(Preamble.bytes.prefix(3)))
    try await Self.callsComplete(server, Self.neighbour)
    for connection in halves {
      let reason = await onOwnThread { connection.reasonOfEnd() }
      #expect(reason == .idle)
    }
    for connection in [silent, begun] {
      #expect(await onOwnThread { connection.hasEnded() })
    }
    #expect(await server.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(2)))
  func `clients that vanish with calls and streams in flight leave nothing behind`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(in: folder)
    let deal = try await Self.largeDeal(server)
    for round in 0..<30 {
      let connection = try RawConnection(port: server.port)
      try connection.introduce(Self.bad)
      var bytes = RawConnection.request(.watch, call: 1, [0x08, 0x01])
      for call in 2...50 {
        bytes += RawConnection.request(.getDeal, call: UInt32(call), Self.dealBody(deal))
      }
      try connection.write(bytes + bytes.prefix(round % 16))
      connection.vanish()
    }
    try await Self.callsComplete(server, Self.neighbour)
    try await Self.callsComplete(server, Self.bad)
    try await Self.metric("connections_open", of: server) { $0 <= 1 }
    #expect(await server.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(2)))
  func `an organisation beyond its quota is told when to come back and others go on`()
    async throws
  {
    let folder = try TemporaryFolder()
    let rate = 50
    let server = try await Tandemd.start(
      in: folder, ["--tenant-rate", "\(rate)", "--tenant-burst", "200"])
    let noisy = try RawConnection(port: server.port)
    try noisy.introduce(Self.bad)
    let requests = (1...1_000).flatMap { RawConnection.request(.listLocations, call: UInt32($0)) }
    try noisy.write(requests)
    try await Self.callsComplete(server, Self.neighbour, count: 100)
    let told = await onOwnThread { noisy.answers(1_000) }
    #expect(told.answered >= 200)
    #expect(told.refused > 0)
    #expect(told.answered + told.refused == 1_000)
    // The burst, and what the bucket gains while a thousand calls are read.
    #expect(told.refused > 500)
    #expect(told.reasons == ["RATE_LIMITED"])
    #expect(told.retryAfterMilliseconds.allSatisfy { (1...1_000 / UInt32(rate)).contains($0) })
    #expect(await server.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `the smallest quota lets the demo world be made and an operator in`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(
      in: folder, ["--tenant-rate", "1", "--tenant-burst", "10"])
    let key = try String(contentsOfFile: folder.path + "/data/operator.key", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try await withClient(server.url, key: key) { client in
      for _ in 0..<50 { _ = try await client.listOrganisations() }
    }
    #expect(await server.stop() == .code(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `the demo world starts again after one of it left the ecosystem`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(in: folder, [])
    let key = try String(contentsOfFile: folder.path + "/data/operator.key", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try await withClient(server.url, key: key) { client in
      let found = try await client.listOrganisations(namePrefix: "Fabrikam")
      var change = OrganisationChange()
      change.inEcosystem = false
      try await client.updateOrganisation(try #require(found.first?.id), change)
      let still = try await client.listOrganisations(namePrefix: "Fabrikam")
      #expect(still.map(\.name) == ["Fabrikam"])
    }
    #expect(await server.stop() == .code(0))
    let again = try await Tandemd.start(in: folder, [])
    #expect(await again.stop() == .code(0))
  }

  // MARK: What the neighbour does

  /// Reads and durable changes that must all be answered.
  private static func callsComplete(
    _ server: Tandemd, _ key: String, count: Int = 300
  ) async throws {
    try await withClient(server.url, key: key) { client in
      let change = try await client.createDeal(try await sampleDeal("neighbour", of: client))
      let id = try #require(change.id)
      for number in 1...count / 4 {
        var patch = DealPatch()
        patch.crmID = "\(number)"
        let version = try await client.patchDeal(id, patch).version
        #expect(version == change.version + UInt64(number))
        for _ in 0..<2 {
          let found = try await client.getDeal(id).deal.crmID
          #expect(found == "\(number)")
        }
      }
    }
  }

  /// A deal whose answer has about ten thousand bytes, of the organisation that behaves badly.
  private static func largeDeal(_ server: Tandemd) async throws -> ID {
    try await withClient(server.url, key: bad) { client in
      var deal = try await sampleDeal("large", of: client)
      deal.notes = String(repeating: "n", count: 9_900)
      return try #require(try await client.createDeal(deal).id)
    }
  }

  private static func dealBody(_ id: ID) -> [UInt8] { [0x0A, 16] + id.bytes }

  /// Asks until a number of the metrics page is as it must become; a minute is too late.
  private static func metric(
    _ name: String, of server: Tandemd, _ isRight: (Int) -> Bool
  ) async throws {
    let began = SystemTime().monotonic
    var value = -1
    while SystemTime().monotonic < began.advanced(byMilliseconds: 60_000) {
      value = try await metrics(server)["tandem_" + name, default: -1]
      if isRight(value) { return }
    }
    Issue.record("\(name) stays \(value)")
  }

  private static func metrics(_ server: Tandemd) async throws -> [String: Int] {
    let connection = try RawConnection(port: server.port)
    let request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    try connection.write(Array(request.utf8))
    let text = await onOwnThread { connection.rest() }
    var found: [String: Int] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      if words.count == 2, let value = Int(words[1]) { found[String(words[0])] = value }
    }
    return found
  }
}
