// SPDX-License-Identifier: Apache-2.0
// wire.md 2.10: a stream with much credit holds up no other call of its connection by more than
// 64 KiB and one item.

import RunningServer
import TandemServer
import TandemWire
import Testing

struct FairOutputTests {
  private static let deals: UInt32 = 60

  @Test func `an answer does not wait for all that a stream may send`() async throws {
    try await TestServer.run { server in
      let key = server.register("Fair")
      let watcher = server.partner(key) { $0.streamWindow = 1 }
      watcher.write(RawClient.request(.watch, call: 5, Bodies.watchNow))
      #expect(watcher.frame()?.header.kind == .item)
      createDeals(server.partner(key))
      watcher.write(
        RawClient.frame(6, call: 5, argument: 1 << 30) + RawClient.request(.listLocations, call: 6))
      var before = 0
      var items: UInt32 = 0
      var isAnswered = false
      while items < Self.deals || !isAnswered {
        let frame = try #require(watcher.frame())
        switch frame.header.kind {
        case .item:
          items += 1
          #expect(frame.header.argument == items + 1)
          if !isAnswered { before += frame.payload.count }
        default:
          #expect(frame.header.call == 6)
          isAnswered = true
        }
      }
      #expect(before < 80 * 1_024)
    }
  }

  private func createDeals(_ client: RawClient) {
    let locations = client.ask(.listLocations)?.payload ?? []
    let location = Bodies.bytes(1, in: locations).flatMap { Bodies.bytes(1, in: $0) } ?? []
    let notes = String(repeating: "x", count: 9_000)
    let published = client.ask(.publishSolution, Bodies.publishSolution("Rack"))?.payload ?? []
    let solution = Bodies.bytes(1, in: published) ?? []
    for call in 1...Self.deals {
      let body = Bodies.createDeal("Deal \(call)", of: solution, at: location, notes: notes)
      let answer = client.ask(.createDeal, call: call, body)
      #expect(answer?.header.argument == 0, "\(String(describing: answer?.error))")
    }
  }
}
