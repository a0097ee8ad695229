// SPDX-License-Identifier: Apache-2.0
// A whole server in this process on a free loopback port, over the in-memory journal.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemServer
import TandemWire

struct TestServer {
  static let operatorKey = OperatorKeyText(secret: [UInt8](repeating: 7, count: 32))

  let server: Server
  let metrics: ServerMetrics
  var port: UInt16 { server.address.port }
  var operatorKey: String { Self.operatorKey.text }

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

  /// Runs a test against a server of its own.
  static func run(
    loops count: Int = 2, _ change: (inout SessionLimits) -> Void = { _ in },
    _ test: (TestServer) async throws -> Void
  ) async throws {
    let thread = try BlockingThread(name: "journal")
    try thread.start()
    let journal = InMemoryJournal(executor: thread, subjects: RuntimeStorage.subjects)
    let loops = try (0..<count).map { try EventLoop(name: "shard-\($0)", core: nil) }
    for loop in loops { try loop.start() }
    let node = Node(
      executors: loops,
      storage: RuntimeStorage(
        journal: journal, snapshots: journal, history: journal, background: thread,
        timeline: TimelineID(high: 1, low: 1)),
      settings: RuntimeSettings(), seed: 11)
    try await node.start()
    var limits = SessionLimits()
    limits.lingerMilliseconds = 200
    change(&limits)
    let metrics = ServerMetrics(lanes: count)
    let server = try await Server(
      listen: .loopback(port: 0), node: node, loops: loops, connectionsMax: 100,
      settings: LaneSettings(
        limits: limits, operatorKey: OperatorKey(operatorKey), demoKeys: DemoKeys(),
        health: ServerHealth(), metrics: metrics,
        log: StandardLog(level: .error, clock: SystemTime(), write: { _ in }),
        entropy: SystemEntropy()))
    // Clients block; on a thread of their own they cannot starve anybody's tasks.
    let clients = try BlockingThread(name: "clients")
    try clients.start()
    let outcome = await withTaskExecutorPreference(clients) { () -> Result<Void, any Error> in
      do { return .success(try await test(TestServer(server: server, metrics: metrics))) } catch {
        return .failure(error)
      }
    }
    await stop(server, node, loops, thread)
    clients.stop()
    try outcome.get()
  }

  private static func stop(
    _ server: Server, _ node: Node, _ loops: [EventLoop], _ thread: BlockingThread
  ) async {
    await server.stopAccepting()
    await server.drain(graceMilliseconds: 100)
    await node.stop()
    for loop in loops { loop.stop() }
    thread.stop()
  }
}

/// Request bodies and replies by field number.
enum Bodies {
  static func register(_ name: String) -> [UInt8] {
    var person = ProtoWriter()
    person.string(1, "Ada")
    person.string(2, "Admin")
    person.string(3, "ada@\(name.lowercased()).example")
    person.string(4, "+49 30 5550100")
    var writer = ProtoWriter()
    writer.unsigned(1, 1 as UInt32)
    writer.string(2, name)
    writer.string(3, "DE")
    writer.flag(4, true)
    writer.flag(5, true)
    writer.element(6, take(person)[...])
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

  /// One field of sixteen bytes.
  static func identifier(_ bytes: [UInt8]) -> [UInt8] {
    var writer = ProtoWriter()
    writer.blob(1, bytes[...])
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
