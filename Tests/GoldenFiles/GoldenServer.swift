// SPDX-License-Identifier: Apache-2.0
// The real server on a data directory: demo world, one shard, a snapshot after every few commits.

import TandemJournal
import TandemPlatform
import TandemRuntime
import TandemServer

package enum GoldenServer {
  /// The demo keys by their members' words.
  package static let members = ["northwind", "contoso", "fabrikam", "tailspin"]

  package static func key(_ member: String) -> String { "tdk_demo_\(member)" }

  /// Serves a directory while a body runs on a thread that may block.
  package static func run<Value: Sendable>(
    _ directory: String, _ body: @escaping @Sendable (UInt16) async throws -> Value
  ) async throws -> Value {
    var configuration = ServerConfiguration()
    configuration.listen = ListenAddress(host: "127.0.0.1", port: 0)
    configuration.dataDirectory = directory
    configuration.demo = true
    configuration.shards = 1
    configuration.drainGraceMilliseconds = 100
    configuration.limits.lingerMilliseconds = 100
    var runtime = RuntimeSettings()
    runtime.snapshotAfterCommits = 3
    let assembly = try await Assembly.start(
      configuration, runtime: runtime, log: StandardLog(level: .error)
    ) { StandardStream.error.write("the journal has failed: \($0)\n") }
    let clients = try BlockingThread(name: "clients")
    try clients.start()
    let port = assembly.address.port
    let outcome = await withTaskExecutorPreference(clients) { () -> Result<Value, any Error> in
      do { return .success(try await body(port)) } catch { return .failure(error) }
    }
    await assembly.stop()
    clients.stop()
    return try outcome.get()
  }

  /// Ends the open segment as a full one ends, so that the next start builds a history run of it.
  package static func sealLog(_ directory: String) async throws {
    let thread = try BlockingThread(name: "journal")
    try thread.start()
    let journal = try LocalJournal.open(
      files: PosixFileSystem(root: directory), settings: LocalJournalSettings(),
      clock: SystemTime(), entropy: SystemEntropy(), executor: thread, onFatal: { _ in })
    try await journal.sealSegment()
    await journal.stop()
    thread.stop()
  }
}
