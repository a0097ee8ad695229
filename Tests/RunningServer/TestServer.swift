// SPDX-License-Identifier: Apache-2.0
// A whole server in this process on a free loopback port, over the in-memory journal.

import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
package import TandemServer

package struct TestServer {
  private static let operatorKey = OperatorKeyText(secret: [UInt8](repeating: 7, count: 32))

  package let server: Server
  package let metrics: ServerMetrics
  package var port: UInt16 { server.address.port }
  package var operatorKey: String { Self.operatorKey.text }

  /// Runs a test against a server of its own.
  package static func run(
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
