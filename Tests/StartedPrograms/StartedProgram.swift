// SPDX-License-Identifier: Apache-2.0
// A program as a process of its own: started, read, signalled and waited for by its own number. It must
// not know any message, and never ends a process that it did not start.
// Foundation's `Process` is not used: when it starts a program, it copies 256 bytes of each name of
// an open file, which may end where its memory ends, and the tests crashed now and then.

import Foundation
import Glibc
import Synchronization

/// How a process ended.
package enum Ending: Equatable, Sendable {
  case code(Int32)
  case signal(Int32)
  /// It did not end in time and was killed.
  case late
}

/// A process that did not do what a test needs, with all that it said.
package struct ProcessFailure: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

/// One program that a test started; it is killed, at the latest, with its last reference.
package final class StartedProgram: Sendable {
  package let number: Int32
  /// What it writes to its error stream goes here.
  package let errorFile: String
  private let output: Int32
  private let printed = Mutex<[UInt8]>([])
  private let ended = Mutex<Ending?>(nil)

  private init(number: Int32, output: Int32, errorFile: String) {
    self.number = number
    self.output = output
    self.errorFile = errorFile
  }

  deinit {
    if ended.withLock({ $0 == nil }) {
      kill(number, SIGKILL)
      var status: Int32 = 0
      waitpid(number, &status, 0)
    }
    close(output)
  }

  /// A program beside the one that runs the tests.
  package static func path(of program: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/" + program
    guard access(path, X_OK) == 0 else { throw ProcessFailure(description: "\(path) is not built") }
    return path
  }

  /// One start at a time: a pipe must not reach the child of another start.
  private static let starting = Mutex<Void>(())

  /// Starts a program by its whole path.
  ///
  /// What it reads is nothing unless a descriptor is given. Errors that go to `errorsAmongOutput` are read
  /// with its output.
  package static func start(
    _ command: [String], errors: String, environment: [String: String]? = nil,
    input: Int32? = nil
  ) throws -> StartedProgram {
    try starting.withLock { _ in try startAlone(command, errors, environment, input) }
  }

  package static let errorsAmongOutput = "/dev/stdout"

  private static func startAlone(
    _ command: [String], _ errors: String, _ wanted: [String: String]?, _ input: Int32?
  ) throws -> StartedProgram {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw ProcessFailure(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    // Settings of the person who tests must not change what is tested.
    let usual = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TANDEM_") }
    let environment = (wanted ?? usual).map { "\($0.key)=\($0.value)" }
    var words = command.map { strdup($0) } + [nil]
    var settings = environment.map { strdup($0) } + [nil]
    defer { for word in words + settings { free(word) } }
    var number: pid_t = 0
    let error = posix_spawn(&number, command[0], &actions, nil, &words, &settings)
    guard error == 0 else {
      close(ends[0])
      throw ProcessFailure(description: "\(command[0]): errno \(error)")
    }
    return StartedProgram(number: number, output: ends[0], errorFile: errors)
  }

  // MARK: What it says

  /// Reads its output until a text stands in it; gives everything before and behind on that line.
  package func line(with text: String) async throws -> String {
    let found: String? = await onOwnThread { [self] in
      while true {
        if let line = lines().dropLast().first(where: { $0.contains(text) }) { return line }
        guard readMore() else { return nil }
      }
    }
    if let found { return found }
    throw ProcessFailure(
      description: "no \"\(text)\" in time; \(await ending()), it said: \(said)\(complaints)")
  }

  /// Its error stream so far.
  package var complaints: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

  private var said: String { printed.withLock { String(decoding: $0, as: UTF8.self) } }

  private func lines() -> [String] {
    said.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }

  /// Waits for more of its output; nil at its end, or when nothing came for a minute.
  package func more() -> [UInt8]? {
    var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, 60_000) == 1 else { return nil }
    var chunk = [UInt8](repeating: 0, count: 4_096)
    let count = read(output, &chunk, chunk.count)
    return count > 0 ? Array(chunk[..<count]) : nil
  }

  /// Keeps more of it; false where there is none.
  private func readMore() -> Bool {
    guard let more = more() else { return false }
    printed.withLock { $0 += more }
    return true
  }

  /// Runs a program to its end; gives all that it printed.
  package static func output(
    of command: [String], errors: String = "/dev/null"
  ) throws -> (ending: Ending, text: String) {
    let program = try start(command, errors: errors)
    let ending = program.awaitEnding()
    return (ending, program.said)
  }

  // MARK: Its end

  package func signal(_ number: Int32) {
    ended.withLock { if $0 == nil { _ = kill(self.number, number) } }
  }

  /// Waits until it has gone; kills it after a minute.
  package func ending() async -> Ending { await onOwnThread { self.awaitEnding() } }

  private func awaitEnding() -> Ending {
    if let known = ended.withLock({ $0 }) { return known }
    // The kernel closes its output when it ends, and nobody else has that end of the pipe.
    var isLate = false
    while readable(hangsUp: &isLate) {}
    // Under the lock, so that no signal goes to a number that the kernel gives away again.
    return ended.withLock { ended in
      if isLate { kill(number, SIGKILL) }
      var status: Int32 = 0
      while waitpid(number, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7F
      let ending: Ending =
        isLate ? .late : signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
      ended = ending
      return ending
    }
  }

  private func readable(hangsUp isLate: inout Bool) -> Bool {
    var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    if poll(&wanted, 1, 60_000) == 0 {
      isLate = true
      return false
    }
    return readMore()
  }

  /// Resident memory in bytes.
  package var residentBytes: Int { memory("VmRSS:") }

  /// A sanitizer keeps freed memory, in terabytes of shadowed addresses.
  package var isSanitized: Bool { memory("VmSize:") > 1 << 40 }

  private func memory(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) * 1_024 : 0
  }
}

/// Runs a blocking call on a thread of its own, so that no other task waits for it.
package func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result
{
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}

/// A fresh folder below the system's temporary one, removed at the end.
package final class TemporaryFolder: Sendable {
  package let path = NSTemporaryDirectory() + "tandem-process-\(UUID().uuidString)"

  package init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
