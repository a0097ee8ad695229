// SPDX-License-Identifier: Apache-2.0
// Frames that version 0.1.0 wrote: this version reads each of them and writes the same bytes again.

import GoldenFiles
import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct GoldenFrameTests {
  /// Everything is in flight and introduced: the frames stand alone here.
  private struct Anything: FrameContext {
    let isIntroduced: Bool
    let isInFlight: Bool
    func isInFlight(_ call: UInt32) -> Bool { isInFlight }
  }

  private func lines() throws -> [Transcript.Line] {
    try Golden.transcript("conversation.txt").lines + Golden.transcript("reading.txt").lines
  }

  private func header(_ line: Transcript.Line) -> FrameHeader {
    FrameHeader(reading: line.bytes.span.bytes, at: 0)
  }

  private func body(_ line: Transcript.Line) throws -> ArraySlice<UInt8> {
    let payload = line.bytes[16...]
    return header(line).hasMeta ? try Meta.split(payload).body : payload
  }

  @Test func `every frame is accepted by the side that it was sent to`() throws {
    for line in try lines() {
      var decoder = FrameDecoder(
        role: line.fromClient ? .server : .client, frameBytesMax: 4 << 20)
      let isGreeting = line.name == "hello" || line.name == "welcome"
      let verdict = decoder.next(
        line.bytes.span.bytes,
        context: Anything(isIntroduced: !isGreeting, isInFlight: !line.fromClient))
      #expect(
        verdict == .frame(header(line), payload: 16..<line.bytes.count),
        "\(line.connection) \(line.name)")
    }
  }

  @Test func `every frame is encoded again to the same bytes`() throws {
    for line in try lines() {
      var out: [UInt8] = []
      FrameEncoder.append(header(line), payload: line.bytes[16...], to: &out)
      #expect(out == line.bytes)
    }
  }

  @Test func `HELLO and WELCOME keep every field`() throws {
    var hellos = 0
    for line in try lines() {
      var again: [UInt8] = []
      switch header(line).kind {
      case .hello:
        let hello = try Hello(decoding: line.bytes[16...])
        #expect(hello.client == "golden/0.1.0")
        #expect(hello.credential == .apiKey(GoldenServer.key(line.connection)))
        #expect(hello.frameBytesMax == 4 << 20)
        hello.encode(into: &again)
        hellos += 1
      case .welcome:
        let welcome = try Welcome(decoding: line.bytes[16...])
        #expect(welcome.server.contains("0.1.0"))
        #expect(welcome.limits.frameBytesMax == 4_194_304)
        welcome.encode(into: &again)
      case .request, .response, .item, .credit, .cancel, .ping, .pong, .goAway, nil: continue
      }
      #expect(again[...] == line.bytes[16...], "\(line.connection) \(line.name)")
    }
    #expect(hellos == 7)
  }

  @Test func `every main method stands in the conversation, asked and answered`() throws {
    let lines = try lines()
    let asked = Set(lines.filter(\.fromClient).map(\.name))
    let answered = Set(lines.filter { !$0.fromClient }.map(\.name))
    let main: [Method] = [
      .health, .createDeal, .getDeal, .patchDeal, .listDeals, .setFavourite, .winDeal, .loseDeal,
      .inviteToDeal, .acknowledgeDeal, .acceptDeal, .declineDeal, .dealHistory,
      .listNotifications, .getOrganisation, .listOrganisations, .listUsers, .listLocations,
      .getRealm,
    ]
    for method in main {
      #expect(asked.contains("\(method)") && answered.contains("\(method)"), "\(method)")
    }
  }

  @Test func `every request means what it meant`() throws {
    var arena = RequestArena()
    var found: [String: DecodedRequest] = [:]
    for line in try lines() where line.fromClient && line.name != "hello" {
      let method = try #require(Method(rawValue: header(line).method))
      #expect("\(method)" == line.name)
      let bytes = try body(line)
      found[line.name] = try RequestCodec.decode(method, bytes.span, arena: &arena)
    }
    guard case .tenant(.command(.createDeal(let made), returnDeal: true)) = found["createDeal"],
      case .tenant(.command(.patchDeal(let patch), returnDeal: false)) = found["patchDeal"],
      case .tenant(.command(.declineDeal(let decline), returnDeal: false)) = found["declineDeal"],
      case .tenant(.command(.acceptDeal(let accept), returnDeal: true)) = found["acceptDeal"],
      case .tenant(.command(.loseDeal(let lose), returnDeal: false)) = found["loseDeal"]
    else {
      Issue.record("a request became another one")
      return
    }
    #expect(made.name == "Cold chain for Wingtip")
    #expect(made.customer.address.city == "Bremen")
    #expect(made.value?.units == 64_000)
    #expect(made.notes == "Made for the golden files: äß€語")
    #expect(patch.baseVersion == 1)
    #expect(patch.edits == [.notes("Second meeting held"), .stage(.percent(60))])
    #expect(decline.reason == ReasonCode(3) && decline.notes == "No capacity before spring")
    #expect(accept.name == "With Contoso")
    #expect(lose.reason == ReasonCode(4))
  }

  @Test func `the deals are the ones that were written`() throws {
    var deals: [String] = []
    for line in try lines() where !line.fromClient && line.name == "getDeal" {
      var reader = ProtoReader(try body(line))
      #expect(try reader.next() && reader.field == 1)
      let stored = try reader.slice()
      let deal = try Deal(decoding: stored)
      var again: [UInt8] = []
      deal.encode(into: &again)
      #expect(again[...] == stored)
      deals.append("\(line.connection): \(deal.name), \(deal.direction) \(deal.status)")
    }
    #expect(
      deals.sorted() == [
        "contoso: Archive migration for Litware, outbound accepted",
        "contoso: Cold chain for Wingtip, outbound won",
        "contoso: Fleet telemetry for Adatum, outbound accepted",
        "contoso: Security review for Proseware, outbound lost",
        "fabrikam: With Contoso, inbound accepted",
        "tailspin: , inbound declined",
      ])
  }

  @Test func `the history is the one that was written`() throws {
    var causes: [String: [UInt64]] = [:]
    let lines = try Golden.transcript("reading.txt").lines
    for (number, line) in lines.enumerated() where !line.fromClient && line.name == "dealHistory" {
      // The deal's own answer stands before the question about its history.
      var deal = ProtoReader(try body(lines[number - 2]))
      _ = try deal.next()
      let name = "\(line.connection): \(try Deal(decoding: try deal.slice()).customer.name)"
      var reply = ProtoReader(try body(line))
      while try reply.next() {
        guard reply.field == 1 else { try reply.skip(); continue }
        var entry = try reply.message()
        while try entry.next() {
          if entry.field == 5 {
            causes[name, default: []].append(try entry.unsigned())
          } else {
            try entry.skip()
          }
        }
      }
    }
    // Created, patched, won, lost, invitation sent and received, acknowledged, accepted, declined, answered.
    #expect(
      causes == [
        "contoso: Wingtip Foods": [1, 2, 3],
        "contoso: Adatum Logistics": [1, 5, 11],
        "contoso: Litware Press": [1, 5, 11],
        "contoso: Proseware Bank": [1, 4],
        "fabrikam: Adatum Logistics": [6, 7, 8],
        "tailspin: Litware Press": [6, 9],
      ])
  }
}
