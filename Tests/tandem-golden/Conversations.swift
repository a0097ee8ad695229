// SPDX-License-Identifier: Apache-2.0
// What is said to the server while the golden files are made. Every answer must be OK.

import GoldenFiles
import TandemDomain
import TandemPrimitives
import TandemWire

/// Changes of every main kind: a deal made, changed, shared, accepted, declined, won and lost.
final class Writing {
  private let contoso: GoldenClient
  private let fabrikam: GoldenClient
  private let tailspin: GoldenClient
  private var calls: UInt32 = 0
  private var tailspinID: [UInt8] = []

  init(port: UInt16) throws {
    contoso = try GoldenClient(port: port, connection: "contoso")
    fabrikam = try GoldenClient(port: port, connection: "fabrikam")
    tailspin = try GoldenClient(port: port, connection: "tailspin")
    for (client, member) in [(contoso, "contoso"), (fabrikam, "fabrikam")] {
      _ = try client.introduce(key: GoldenServer.key(member))
    }
    let welcome = try Welcome(
      decoding: try tailspin.introduce(key: GoldenServer.key("tailspin"))[...])
    guard let id = TenantID(welcome.tenant[...]) else {
      throw GoldenFault("\(welcome.tenant) is no organisation")
    }
    tailspinID = id.bytes
  }

  func run() throws -> Transcript {
    let deals = try Message.all([1, 1, 1], in: ask(contoso, .listDeals))
    guard deals.count == 3 else { throw GoldenFault("the demo world has \(deals.count) deals") }
    // Newest change first: the shared deal was changed by its invitation, yet made first.
    let names = try Message.all([1, 1, 8], in: ask(contoso, .listDeals))
    func deal(_ word: String) throws -> [UInt8] {
      guard let place = names.firstIndex(where: { $0.contains(word) }) else {
        throw GoldenFault("no deal for \(word)")
      }
      return deals[place]
    }
    let made = try create()
    try change(made: made, adatum: deal("Adatum"), litware: deal("Litware"))
    try close(made: made, proseware: deal("Proseware"))
    return transcript
  }

  func runAfterRestart() throws {
    let deals = try Message.all([1, 1, 1], in: ask(contoso, .listDeals))
    for (number, deal) in deals.enumerated() {
      _ = try ask(contoso, .setFavourite) { writer in
        writer.blob(1, deal[...])
        writer.flag(2, number.isMultiple(of: 2))
      }
    }
  }

  private var transcript: Transcript {
    var all = Transcript()
    for client in [contoso, fabrikam, tailspin] { all.lines += client.transcript.lines }
    return all
  }

  private func ask(
    _ client: GoldenClient, _ method: Method, meta: Meta? = nil,
    _ write: (inout ProtoWriter) -> Void = { _ in }
  ) throws -> [UInt8] {
    var writer = ProtoWriter()
    write(&writer)
    calls += 1
    return try client.ask(method, call: calls, writer.bytes, meta: meta)
  }

  private static let carla = Person(
    firstName: "Carla", lastName: "Conte", email: "carla@contoso.example",
    phone: "+49 30 5550100", title: "Alliances")

  private static let wingtip = Customer(
    name: "Wingtip Foods",
    address: Address(
      line1: "Marktplatz 4", line2: "", city: "Bremen", state: "", postalCode: "28195",
      country: CountryCode("DE".utf8) ?? CountryCode(packed: 0)),
    size: 120,
    identifiers: [CustomerIdentifier(scheme: .external, value: "WT-7")],
    contacts: [
      TeamMember(
        line: 0,
        person: Person(
          firstName: "Wim", lastName: "Tip", email: "wim@wingtip.example", phone: "+49 421 5550107",
          title: "Logistics"))
    ])

  private func create() throws -> [UInt8] {
    let locations = try Message.all([1, 1], in: ask(contoso, .listLocations))
    guard let location = locations.first else { throw GoldenFault("Contoso has no location") }
    let sold = try Message.all([1, 1, 1], in: ask(contoso, .listSolutions) { $0.flag(2, true) })
    guard let solution = sold.first.flatMap(SolutionID.init(bytes:)) else {
      throw GoldenFault("Contoso sells nothing")
    }
    var meta = Meta()
    meta.idempotencyKey = ArraySlice(1...16)
    let reply = try ask(contoso, .createDeal, meta: meta) { writer in
      writer.string(1, "Cold chain for Wingtip")
      writer.blob(2, location[...])
      writer.message(3, Self.wingtip)
      let value = writer.begin(4)
      writer.unsigned(1, 64_000 as UInt64)
      writer.string(3, "EUR")
      writer.end(value)
      writer.signed(5, 4_102_444_800_000)
      writer.string(8, "Made for the golden files: äß€語")
      writer.messages(9, [TeamMember(line: 0, person: Self.carla)])
      writer.messages(
        10,
        [
          SolutionLine(
            line: 0, solution: solution, name: .empty, group: nil, quantityMilli: 2_500, price: nil)
        ])
      writer.message(11, Consent(customerContact: true, shareWithOthers: true))
      writer.flag(14, true)
    }
    guard let made = try Message.all([1], in: reply).first else { throw GoldenFault("no deal id") }
    return made
  }

  private func change(made: [UInt8], adatum: [UInt8], litware: [UInt8]) throws {
    _ = try ask(contoso, .patchDeal) { writer in
      writer.blob(1, made[...])
      writer.unsigned(2, 1 as UInt64)
      let values = writer.begin(3)
      writer.string(15, "Second meeting held")
      writer.unsigned(19, 60 as UInt32)
      writer.end(values)
      for field in [15, 19] as [UInt32] {
        let edit = writer.begin(4)
        writer.packed(1, [field])
        writer.unsigned(3, 1 as UInt32)
        writer.end(edit)
      }
    }
    _ = try ask(contoso, .inviteToDeal) { writer in
      writer.blob(1, litware[...])
      writer.blob(2, tailspinID[...])
      writer.unsigned(3, 2 as UInt32)
      writer.string(6, "Can you help with the archive?")
      writer.packed(8, [3])
    }
    let received = try inbound(fabrikam)
    _ = try ask(fabrikam, .acknowledgeDeal) { $0.blob(1, received[...]) }
    _ = try ask(fabrikam, .acceptDeal) { writer in
      writer.blob(1, received[...])
      writer.string(2, "With Contoso")
      writer.flag(9, true)
    }
    let refused = try inbound(tailspin)
    _ = try ask(tailspin, .declineDeal) { writer in
      writer.blob(1, refused[...])
      writer.unsigned(2, 3 as UInt32)
      writer.string(3, "No capacity before spring")
    }
    _ = try ask(contoso, .setFavourite) { writer in
      writer.blob(1, adatum[...])
      writer.flag(2, true)
    }
  }

  private func close(made: [UInt8], proseware: [UInt8]) throws {
    _ = try ask(contoso, .winDeal) { $0.blob(1, made[...]) }
    _ = try ask(contoso, .loseDeal) { writer in
      writer.blob(1, proseware[...])
      writer.unsigned(3, 4 as UInt32)
      writer.string(4, "Went to another vendor")
    }
    // Its answer holds the time, so it is not asked again by those who compare.
    for client in [contoso, fabrikam, tailspin] { _ = try ask(client, .getRealm) }
  }

  /// The one deal that somebody else brought; it takes a moment to arrive.
  private func inbound(_ client: GoldenClient) throws -> [UInt8] {
    for _ in 0..<1_000 {
      let silent = try ask(client, .listDeals) { $0.unsigned(2, 1 as UInt32) }
      if let deal = try Message.all([1, 1, 1], in: silent).first { return deal }
    }
    throw GoldenFault("an invitation did not arrive")
  }
}

/// Questions whose answers follow from the directory alone.
final class Reading {
  private let port: UInt16
  private var transcript = Transcript()

  init(port: UInt16) { self.port = port }

  func run() throws -> Transcript {
    for member in GoldenServer.members {
      let client = try GoldenClient(port: port, connection: member)
      _ = try client.introduce(key: GoldenServer.key(member))
      var call: UInt32 = 0
      func ask(_ method: Method, _ write: (inout ProtoWriter) -> Void = { _ in }) throws -> [UInt8]
      {
        var writer = ProtoWriter()
        write(&writer)
        call += 1
        return try client.ask(method, call: call, writer.bytes)
      }
      let deals = try Message.all([1, 1, 1], in: ask(.listDeals) { $0.unsigned(4, 2 as UInt32) })
      for deal in deals {
        _ = try ask(.getDeal) { $0.blob(1, deal[...]) }
        _ = try ask(.dealHistory) { $0.blob(1, deal[...]) }
      }
      for method in [
        Method.listNotifications, .getOrganisation, .listOrganisations, .listUsers, .listLocations,
        .health,
      ] { _ = try ask(method) }
      transcript.lines += client.transcript.lines
    }
    return transcript
  }
}

/// Fields of a message by their numbers from the outside in.
enum Message {
  static func all(_ path: [UInt32], in message: [UInt8]) throws -> [[UInt8]] {
    guard let number = path.first else { return [message] }
    var found: [[UInt8]] = []
    var reader = ProtoReader(message[...])
    while try reader.next() {
      if reader.field == number {
        found += try all(Array(path.dropFirst()), in: Array(try reader.slice()))
      } else {
        try reader.skip()
      }
    }
    return found
  }
}

extension [UInt8] {
  /// True when a text stands somewhere in these bytes.
  func contains(_ word: String) -> Bool {
    String(decoding: self, as: UTF8.self).contains(word)
  }
}
