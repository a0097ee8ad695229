// SPDX-License-Identifier: Apache-2.0
// Delivers requests to stop (SIGTERM, SIGINT) on an event loop.

import CLinux
import TandemPrimitives

/// Asks of the operating system that a program reacts to.
package enum Signal: Int32, Sendable {
  case interrupt = 2
  case terminate = 15
}

/// The watch over the signals of this process; one per process, for as long as it lives.
package enum Signals {
  /// Makes writing to a closed pipe an error instead of the end of the process.
  package static func ignoreBrokenPipes() throws(Errno) {
    _ = try checked(linux_ignore_broken_pipes())
  }

  /// Calls a closure on a loop for every SIGTERM and SIGINT from now on; a second watch fails.
  package static func watch(
    on loop: EventLoop, _ received: @escaping @Sendable (Signal) -> Void
  ) throws(Errno) {
    let pipe = FileDescriptor(owning: try checked(linux_signals_watch()))
    let watcher = LoopConfined(moving: SignalWatcher(pipe, received), to: loop)
    loop.post {
      do {
        try watcher.value.start(on: loop)
      } catch {
        fatalError("signals cannot be watched: \(error)")
      }
    }
  }
}

/// Reads signal numbers from the pipe that the signal handler writes to.
private final class SignalWatcher: ReadinessHandler {
  private let pipe: FileDescriptor
  private let received: @Sendable (Signal) -> Void

  init(_ pipe: consuming FileDescriptor, _ received: @escaping @Sendable (Signal) -> Void) {
    self.pipe = pipe
    self.received = received
  }

  func start(on loop: EventLoop) throws(Errno) {
    _ = try loop.register(pipe, self, interest: .readable)
  }

  func ready(_: ReadinessEvents) {
    while true {
      let number = linux_signals_next(pipe.number)
      guard number > 0 else { return }
      if let signal = Signal(rawValue: number) { received(signal) }
    }
  }
}
