// SPDX-License-Identifier: Apache-2.0
// Puts a process together: the only file that names the concrete journal, files and threads.

import TandemJournal
package import TandemPlatform
import TandemPrimitives
package import TandemRuntime
import TandemWire

/// Why a server does not start; the text is for the operator.
package struct StartFault: Error, Sendable, Equatable {
  package let code: ExitCode
  package let text: String
}

/// A whole server: data directory, shards and port.
package final class Assembly: Sendable {
  package let server: Server
  private let node: Node
  private let journal: LocalJournal
  private let loops: [EventLoop]
  private let threads: [BlockingThread]
  private let upkeep: Upkeep
  private let configuration: ServerConfiguration

  package var address: SocketAddress { server.address }

  /// Recovers the data directory, then serves.
  ///
  /// `onFatal` is told that nothing more can be stored.
  package static func start(
    _ configuration: ServerConfiguration, runtime: RuntimeSettings = RuntimeSettings(),
    log: StandardLog, onFatal: @escaping @Sendable (String) -> Void
  ) async throws(StartFault) -> Assembly {
    do {
      return try await Assembly(configuration, runtime, log, onFatal)
    } catch let fault as StartFault {
      throw fault
    } catch let error as JournalError {
      throw StartFault(error, in: configuration.dataDirectory)
    } catch let error as FileError {
      throw StartFault(
        code: error.reason == .locked ? .locked : .storageFailed,
        text: "\(configuration.dataDirectory): \(error.operation): \(error.reason)")
    } catch let error as OperatorKeyFile.Fault {
      throw StartFault(code: .storageFailed, text: "operator key: \(error)")
    } catch let error as Errno {
      throw StartFault(
        code: .portUnavailable,
        text: "cannot serve on \(configuration.listen.text): \(error); is another server there?")
    } catch {
      throw StartFault(code: .internalFault, text: "\(error)")
    }
  }

  private init(
    _ configuration: ServerConfiguration, _ runtime: RuntimeSettings, _ log: StandardLog,
    _ onFatal: @escaping @Sendable (String) -> Void
  ) async throws {
    guard let listen = SocketAddress(configuration.listen.text) else {
      throw StartFault(code: .usage, text: "\(configuration.listen.text) is no address")
    }
    self.configuration = configuration
    let files = try PosixFileSystem(root: configuration.dataDirectory)
    let entropy = SystemEntropy()
    let writing = try BlockingThread(name: "journal")
    let reading = try BlockingThread(name: "history", isBackground: true)
    threads = [writing, reading]
    var settings = LocalJournalSettings()
    settings.acceptTailLoss = configuration.acceptTailLoss
    let journal = try LocalJournal.open(
      files: files, settings: settings, clock: SystemTime(), entropy: entropy, executor: writing,
      reading: reading, onFatal: { onFatal("\($0)") })
    for warning in journal.warnings { log.error("recovery", warning) }
    let history = try LocalHistory(journal, executor: reading, subjects: RuntimeStorage.subjects)
    let operatorKey = try Self.operatorKey(configuration, files, entropy)
    self.journal = journal
    let loops = try Self.makeLoops(configuration)
    self.loops = loops
    var runtime = runtime
    runtime.tenantCallsPerSecond = UInt32(clamping: configuration.tenantRate)
    runtime.tenantBurstCalls = UInt32(clamping: configuration.tenantBurstCalls)
    let node = Node(
      executors: loops,
      storage: RuntimeStorage(
        journal: journal, snapshots: LocalSnapshotStore(files, executor: reading),
        history: history, background: reading, timeline: journal.timeline),
      settings: runtime, seed: entropy.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
    self.node = node
    for thread in threads { try thread.start() }
    for loop in loops { try loop.start() }
    upkeep = Upkeep(
      loop: loops[0], journal: journal, on: writing, history: history, on: reading, log: log)
    upkeep.start()
    try await node.start()
    let demoKeys =
      configuration.demo ? try await DemoWorld(node: node, loop: loops[0]).prepare() : DemoKeys()
    server = try await Server(
      listen: listen, node: node, loops: loops, connectionsMax: configuration.connectionsMax,
      settings: LaneSettings(
        limits: configuration.limits, operatorKey: OperatorKey(operatorKey), demoKeys: demoKeys,
        health: ServerHealth(), metrics: ServerMetrics(lanes: loops.count), log: log,
        entropy: entropy))
  }

  /// The steps of an orderly end, each within its time.
  package func stop() async {
    let sequence = ShutdownSequence(
      graceMilliseconds: configuration.drainGraceMilliseconds,
      lingerMilliseconds: configuration.limits.lingerMilliseconds)
    for step in sequence.steps {
      switch step {
      case .stopAccepting: await server.stopAccepting()
      case .drain(let grace): await server.drain(graceMilliseconds: grace)
      case .closeConnections: await server.closeAll()
      case .stopNode:
        await node.stop()
        upkeep.stop()
        await journal.stop()
        for loop in loops { loop.stop() }
        for thread in threads { thread.stop() }
      case .exit: return
      }
    }
  }

  // MARK: Parts

  private static func makeLoops(_ configuration: ServerConfiguration) throws(Errno) -> [EventLoop] {
    let cores = allowedCores()
    let count = configuration.shards ?? max(1, cores.count)
    var loops: [EventLoop] = []
    for index in 0..<count {
      // Threads are pinned only when each has a core of its own.
      let core = count <= cores.count ? cores[index] : nil
      loops.append(try EventLoop(name: "shard-\(index)", core: core))
    }
    return loops
  }

  private static func operatorKey(
    _ configuration: ServerConfiguration, _ files: PosixFileSystem, _ entropy: any EntropySource
  ) throws -> OperatorKeyText {
    guard let path = configuration.operatorKeyFile else {
      return try OperatorKeyFile.load("operator.key", in: files, entropy: entropy)
    }
    guard let slash = path.lastIndex(of: "/") else {
      return try OperatorKeyFile.load(path, in: try PosixFileSystem(root: "."), entropy: entropy)
    }
    let directory = path[..<slash].isEmpty ? "/" : String(path[..<slash])
    return try OperatorKeyFile.load(
      String(path[path.index(after: slash)...]), in: try PosixFileSystem(root: directory),
      entropy: entropy)
  }
}

extension StartFault {
  fileprivate init(_ error: JournalError, in directory: String) {
    let (code, text): (ExitCode, String) =
      switch error {
      case .corrupt(let text): (.storageDamaged, "the log is damaged: \(text)")
      case .ambiguousTail(let text):
        (
          .storageDamaged,
          "the end of the log is damaged and may have held answers: \(text); "
            + "--accept-tail-loss cuts it off"
        )
      case .unsupportedFormat(let found, let newest):
        (
          .storageDamaged,
          "the data directory has format \(found), this program knows up to \(newest)"
        )
      case .locked(let text):
        (
          .locked,
          "another process has the data directory (\(text)): stop it, or choose another --data"
        )
      case .unavailable(let text): (.storageFailed, text)
      case .closed: (.storageFailed, "the journal is closed")
      }
    self.init(code: code, text: "\(directory): \(text)")
  }
}
