// SPDX-License-Identifier: Apache-2.0
// Clients of a running server, and the few request bodies that they send.

import RunningServer
import TandemServer
import TandemWire

extension TestServer {
  func client() -> RawClient { RawClient(port: port) }

  /// A client of the operator, introduced.
  func operatorClient() -> RawClient {
    let client = client()
    precondition(client.introduce(operatorKey) != nil, "the operator is let in")
    return client
  }

  /// Registers a partner and gives its key.
  func register(_ name: String) -> String {
    let client = operatorClient()
    let reply = client.ask(.registerOrganisation, Bodies.register(name))
    guard let reply, reply.header.argument == 0, let key = Bodies.string(6, in: reply.payload)
    else { preconditionFailure("a partner can be registered: \(String(describing: reply))") }
    return key
  }

  /// A client of a partner, introduced; waits until the directory has told the partner who it is.
  func partner(_ key: String, change: (inout Hello) -> Void = { _ in }) -> RawClient {
    for _ in 0..<1_000 {
      let client = client()
      if client.introduce(key, change: change) != nil { return client }
    }
    preconditionFailure("a registered partner is let in")
  }
}

/// Request bodies and replies by field number.
enum Bodies {
  private static func ada(at name: String) -> [UInt8] {
    var person = ProtoWriter()
    person.string(1, "Ada")
    person.string(2, "Admin")
    person.string(3, "ada@\(name.lowercased()).example")
    person.string(4, "+49 30 5550100")
    return take(person)
  }

  static func register(_ name: String) -> [UInt8] {
    var writer = ProtoWriter()
    writer.unsigned(1, 1 as UInt32)
    writer.string(2, name)
    writer.string(3, "DE")
    writer.flag(4, true)
    writer.flag(5, true)
    writer.element(6, ada(at: name)[...])
    return take(writer)
  }

  static func addLocation(_ name: String) -> [UInt8] {
    var writer = ProtoWriter()
    writer.string(1, name)
    writer.string(2, "DE")
    return take(writer)
  }

  static func issueKey(user: [UInt8]) -> [UInt8] {
    var writer = ProtoWriter()
    writer.blob(1, user[...])
    writer.string(2, "second key")
    return take(writer)
  }

  /// A service user with one role for the entire organisation.
  static func addService(_ name: String, role: UInt32) -> [UInt8] {
    var person = ProtoWriter()
    person.string(1, name)
    var writer = ProtoWriter()
    writer.flag(1, true)
    writer.element(2, take(person)[...])
    writer.element(3, grant(role)[...])
    return take(writer)
  }

  static func setGrants(user: [UInt8], role: UInt32, isActive: Bool) -> [UInt8] {
    var writer = ProtoWriter()
    writer.blob(1, user[...])
    writer.element(2, grant(role)[...])
    writer.flag(3, isActive)
    return take(writer)
  }

  private static func grant(_ role: UInt32) -> [UInt8] {
    var writer = ProtoWriter()
    writer.unsigned(1, role)
    return take(writer)
  }

  /// One field of sixteen bytes.
  static func identifier(_ bytes: [UInt8]) -> [UInt8] {
    var writer = ProtoWriter()
    writer.blob(1, bytes[...])
    return take(writer)
  }

  static func publishSolution(_ name: String) -> [UInt8] {
    var writer = ProtoWriter()
    writer.string(2, name)
    writer.unsigned(3, 1 as UInt32)
    writer.flag(4, true)
    return take(writer)
  }

  static func createDeal(
    _ name: String, of solution: [UInt8], at location: [UInt8], notes: String
  ) -> [UInt8] {
    var address = ProtoWriter()
    address.string(1, "1 Main Street")
    address.string(3, "Springfield")
    address.string(6, "US")
    var customer = ProtoWriter()
    customer.string(1, "Adatum")
    customer.element(2, take(address)[...])
    var value = ProtoWriter()
    value.signed(1, 25_000)
    value.string(3, "USD")
    var member = ProtoWriter()
    member.element(2, ada(at: "adatum")[...])
    var line = ProtoWriter()
    line.blob(2, solution[...])
    var consent = ProtoWriter()
    consent.flag(1, true)
    consent.flag(2, true)
    var writer = ProtoWriter()
    writer.string(1, name)
    writer.blob(2, location[...])
    writer.element(3, take(customer)[...])
    writer.element(4, take(value)[...])
    writer.signed(5, 1_900_000_000_000)
    writer.string(8, notes)
    writer.element(9, take(member)[...])
    writer.element(10, take(line)[...])
    writer.element(11, take(consent)[...])
    return take(writer)
  }

  static let watchNow: [UInt8] = {
    var writer = ProtoWriter()
    writer.unsigned(1, 1 as UInt32)
    return take(writer)
  }()

  static func bytes(_ field: UInt32, in message: [UInt8]) -> [UInt8]? {
    var reader = ProtoReader(message[...])
    while (try? reader.next()) == true {
      if reader.field == field { return (try? reader.slice()).map { Array($0) } }
      guard (try? reader.skip()) != nil else { return nil }
    }
    return nil
  }

  static func string(_ field: UInt32, in message: [UInt8]) -> String? {
    bytes(field, in: message).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func take(_ writer: ProtoWriter) -> [UInt8] {
    var writer = writer
    var bytes: [UInt8] = []
    writer.giveBack(to: &bytes)
    return bytes
  }
}
