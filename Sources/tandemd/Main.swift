// SPDX-License-Identifier: Apache-2.0
// The server program: arguments, banner, signals, exit codes. Everything else is a library's.

import Glibc
import Synchronization
import TandemPlatform
import TandemServer

@main
struct Main {
  static func main() async {
    let configuration: ServerConfiguration
    do throws(ConfigurationError) {
      switch try readInvocation(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: environment())
      {
      case .help(let text), .version(let text):
        StandardStream.output.write(text + "\n")
        exit(ExitCode.success.rawValue)
      case .run(let chosen): configuration = chosen
      }
    } catch {
      StandardStream.error.write("tandemd: \(error.text)\n")
      exit(ExitCode.usage.rawValue)
    }
    await run(configuration)
  }

  private static func run(_ configuration: ServerConfiguration) async {
    let log = StandardLog(level: configuration.logLevel)
    do throws(StartFault) {
      let assembly = try await Assembly.start(configuration, log: log) { text in
        // Fail-stop: what cannot be stored must not be answered.
        StandardStream.error.write("tandemd: the journal has failed: \(text)\n")
        _exit(ExitCode.storageFailed.rawValue)
      }
      // Before the banner: who has read it may ask for a stop at once.
      let signals = watchSignals()
      StandardStream.output.write(
        "tandemd \(productVersion) listening on \(assembly.address)\n"
          + "data directory \(configuration.dataDirectory)\n")
      if configuration.demo { StandardStream.output.write(demoText("\(assembly.address)")) }
      for await _ in signals { break }
      log.info("stopping")
      await assembly.stop()
      log.info("stopped")
      exit(ExitCode.success.rawValue)
    } catch {
      StandardStream.error.write("tandemd: \(error.text)\n")
      exit(error.code.rawValue)
    }
  }

  /// Gives every SIGTERM and SIGINT; a second one ends the process at once.
  private static func watchSignals() -> AsyncStream<Signal> {
    do throws(Errno) {
      try Signals.ignoreBrokenPipes()
      let loop = try EventLoop(name: "signals", core: nil)
      let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
      let count = SignalCount()
      try Signals.watch(on: loop) { signal in
        if count.next() > 1 { _exit(128 + signal.rawValue) }
        continuation.yield(signal)
      }
      try loop.start()
      return stream
    } catch {
      StandardStream.error.write("tandemd: signals cannot be watched: \(error)\n")
      exit(ExitCode.internalFault.rawValue)
    }
  }

  private static func environment() -> [String: String] {
    var found: [String: String] = [:]
    for name in environmentNames { found[name] = Environment.value(name) }
    return found
  }

  private static func demoText(_ address: String) -> String {
    let lines = demoKeyTexts.map { "  TANDEM_API_KEY=\($0)\n" }.joined()
    let first = demoKeyTexts.count > 1 ? demoKeyTexts[1] : demoKeyTexts.joined()
    return "demo world, keys are published and valid on this machine only:\n" + lines + """
      try, in another terminal:
        export TANDEM_API_KEY=\(first) TANDEM_URL=tdm://\(address)
        .build/release/tandem deal list
        .build/release/tandem watch

      """
  }
}

/// Counts signals as they come, on the thread that receives them.
private final class SignalCount: Sendable {
  private let value = Atomic<Int>(0)
  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
