// SPDX-License-Identifier: Apache-2.0
// This program again, with other arguments and the same output, for work that must not share a process.

import CLinux

package struct ChildProcess: Sendable {
  private let number: Int32

  private init(number: Int32) { self.number = number }

  /// Arguments must not contain line breaks.
  package static func ofThisProgram(_ arguments: [String]) throws(Errno) -> ChildProcess {
    ChildProcess(
      number: try checked(unsafe linux_spawn_self(arguments.joined(separator: "\n"))))
  }

  /// Waits for its end; gives its exit code, 128 and more when a signal ended it.
  package func wait() -> Int32 { linux_wait_child(number) }
}
