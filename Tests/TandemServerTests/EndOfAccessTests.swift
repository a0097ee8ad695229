// SPDX-License-Identifier: Apache-2.0
// A revoked key or a deactivated user ends open connections, streams too, on every shard.

import RunningServer
import TandemServer
import TandemWire
import Testing

/// A service user of a registered partner, with an administrator beside it.
private struct Colleague {
  static let viewer: UInt32 = 4

  let admin: RawClient
  let user: [UInt8]
  let key: [UInt8]
  let text: String

  init?(_ server: TestServer, _ name: String) {
    admin = server.partner(server.register(name))
    guard
      let added = admin.ask(.addUser, call: 1, Bodies.addService("robot", role: Self.viewer)),
      added.header.argument == 0, let user = Bodies.bytes(1, in: added.payload),
      let issued = admin.ask(.issueKey, call: 2, Bodies.issueKey(user: user)),
      issued.header.argument == 0, let key = Bodies.bytes(1, in: issued.payload),
      let text = Bodies.string(3, in: issued.payload)
    else { return nil }
    self.user = user
    self.key = key
    self.text = text
  }

  func setGrants(_ call: UInt32, role: UInt32 = viewer, isActive: Bool) -> [UInt8] {
    RawClient.request(
      .setUserGrants, call: call, Bodies.setGrants(user: user, role: role, isActive: isActive))
  }

  /// A connection of the user with a stream that could read on for ever.
  func reader(_ server: TestServer) -> RawClient? {
    let reader = server.client()
    guard reader.introduce(text) != nil else { return nil }
    reader.write(RawClient.request(.watch, call: 5, Bodies.watchNow))
    return reader.frame()?.header.kind == .item ? reader : nil
  }

  /// The connection of a deactivated user ends; its stream may be told so before.
  func hearsFarewell(_ reader: RawClient) -> Bool {
    let first = reader.frame()
    if let goAway = first?.goAway { return goAway.reason == .authFailed }
    return first?.error?.reason == "USER_INACTIVE" && reader.frame()?.goAway?.reason == .authFailed
  }
}

struct EndOfAccessTests {
  @Test func `a deactivated user reads no further on any connection`() async throws {
    try await TestServer.run(loops: 4) { server in
      for name in ["North", "South", "East", "West"] {
        let colleague = try #require(Colleague(server, name))
        let readers = [colleague.reader(server), colleague.reader(server)].compactMap { $0 }
        #expect(readers.count == 2)
        colleague.admin.write(colleague.setGrants(3, isActive: false))
        #expect(colleague.admin.frame()?.header.argument == 0)
        for reader in readers {
          #expect(colleague.hearsFarewell(reader))
          #expect(reader.rest() == [])
        }
        #expect(server.client().introduce(colleague.text) == nil)
        #expect(colleague.admin.isAlive())
      }
    }
  }

  @Test func `new grants end no connection, and an activated user comes in again`() async throws {
    try await TestServer.run { server in
      let colleague = try #require(Colleague(server, "Grants"))
      let reader = try #require(colleague.reader(server))
      colleague.admin.write(colleague.setGrants(3, role: 3, isActive: true))
      #expect(colleague.admin.frame()?.header.argument == 0)
      #expect(reader.isAlive())
      colleague.admin.write(
        colleague.setGrants(4, isActive: false) + colleague.setGrants(5, isActive: true))
      #expect(colleague.admin.frame()?.header.argument == 0)
      #expect(colleague.admin.frame()?.header.argument == 0)
      #expect(colleague.hearsFarewell(reader))
      #expect(colleague.reader(server) != nil)
    }
  }

  @Test func `a revoked key ends its streams on every shard`() async throws {
    try await TestServer.run(loops: 4) { server in
      for name in ["North", "South", "East", "West"] {
        let colleague = try #require(Colleague(server, name))
        let reader = try #require(colleague.reader(server))
        let revoke = Bodies.identifier(colleague.key)
        #expect(colleague.admin.ask(.revokeKey, call: 3, revoke)?.header.argument == 0)
        #expect(reader.frame()?.goAway?.reason == .authFailed)
        #expect(reader.rest() == [])
      }
    }
  }

  @Test func `access ends also when nobody is left to read the answer`() async throws {
    try await TestServer.run { server in
      let colleague = try #require(Colleague(server, "Gone"))
      let reader = try #require(colleague.reader(server))
      // The fault ends the administrator's connection before its first call is answered.
      colleague.admin.write(
        RawClient.request(.revokeKey, call: 3, Bodies.identifier(colleague.key))
          + RawClient.frame(0x20))
      #expect(colleague.admin.frame()?.goAway?.reason == .protocolError)
      #expect(reader.frame()?.goAway?.reason == .authFailed)
    }
  }
}
