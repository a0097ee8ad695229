// SPDX-License-Identifier: Apache-2.0
// Watches over real connections: tokens, healing, credit, the errors that come out.

import TandemClient
import TandemPrimitives
import TandemWire
import TestThreads
import Testing

/// Writes an item with a token and one event of a deal.
private func event(_ token: UInt8, version: UInt64, continued: Bool = false) -> (
  inout ProtoWriter
) -> Void {
  { writer in
    if !continued { writer.blob(1, [token]) }
    writer.flag(2, continued)
    let start = writer.begin(7)
    writer.unsigned(2, version)
    writer.end(start)
  }
}

@Suite(.on(.sockets)) struct WatchTests {
  @Test func `a watch goes on after its last item when the connection breaks`() async throws {
    let server = try FakeServer { peer, request in
      switch peer.number {
      case 1:
        peer.item(request, 1) { $0.blob(1, [1]) }
        peer.item(request, 2, event(2, version: 10))
        peer.item(request, 3, event(3, version: 11, continued: true))
        peer.close()
      case 2:
        peer.item(request, 1, event(3, version: 11, continued: true))
        peer.item(request, 2, event(4, version: 12))
      default: break
      }
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        var items: [WatchItem] = []
        for try await item in client.watch() {
          items.append(item)
          if items.count == 2 { break }
        }
        #expect(items.map(\.token) == [[2], [4]])
        #expect(items.map { $0.events.map(\.version) } == [[10], [11, 12]])
        let first = try #require(await server.next(.request))
        #expect(first.body == [0x08, 1])
        #expect(first.header.argument == .max)
        let second = try #require(await server.next(.request))
        #expect(second.body == [0x08, 2, 0x12, 1, 2])
        _ = try #require(await server.next(.cancel))
      }
    }
  }

  @Test func `a watch goes on when nothing else holds its client`() async throws {
    let server = try FakeServer { peer, request in
      peer.item(request, 1, event(2, version: 10))
      peer.item(request, 2, event(3, version: 11))
    }
    try await withFake(server) { server in
      var versions: [UInt64] = []
      for try await item in try Client(server.url, key: "k").watch() {
        versions += item.events.map(\.version)
        if versions.count == 2 { break }
      }
      #expect(versions == [10, 11])
    }
  }

  @Test func `progress is given when it is asked for`() async throws {
    let server = try FakeServer { peer, request in peer.item(request, 1) { $0.blob(1, [9]) } }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        for try await item in client.watch(from: [8], includesProgress: true) {
          #expect(item.isProgress)
          #expect(item.token == [9])
          break
        }
        let seen = try #require(await server.next(.request))
        #expect(seen.body == [0x08, 2, 0x12, 1, 8])
      }
    }
  }

  @Test func `a token that is of no use comes out`() async throws {
    let server = try FakeServer { peer, request in
      peer.fail(request, ErrorStatus(.outOfRange, "RESUME_TOKEN_TOO_OLD", "gone"))
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        var found: TandemError?
        do {
          for try await _ in client.watch(from: [1]) { Issue.record("nothing can come") }
        } catch { found = error as? TandemError }
        #expect(found?.needsFreshStart == true)
        #expect(found?.method == "Feed/Watch")
      }
    }
  }

  @Test func `credit is given back as items are taken`() async throws {
    let server = try FakeServer { peer, request in
      for number in 1...3 as ClosedRange<UInt32> {
        peer.item(request, number) { writer in
          writer.blob(1, [UInt8](repeating: 1, count: 70_000)[...])
        }
      }
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        var taken = 0
        for try await _ in client.watch(includesProgress: true) {
          taken += 1
          if taken == 3 { break }
        }
        let credit = try #require(await server.next(.credit))
        #expect(credit.header.argument == 2 * (16 + 1 + 3 + 70_000))
      }
    }
  }

  @Test func `cancelling the task ends the watch`() async throws {
    try await withFake(FakeServer { _, _ in }) { server in
      try await withClient(server.url, key: "k") { client in
        let watching = Task {
          for try await _ in client.watch() { Issue.record("nothing can come") }
          return true
        }
        _ = try #require(await server.next(.request))
        watching.cancel()
        #expect(try await watching.value)
        _ = try #require(await server.next(.cancel))
      }
    }
  }
}
