// SPDX-License-Identifier: Apache-2.0
// One line per event for the operator. Must never be given keys, e-mails, customer or deal text.

import TandemPlatform
package import TandemPrimitives

/// Writes `time level event name=value …` lines.
package struct StandardLog: Sendable {
  private let level: LogLevel
  private let clock: any TimeSource
  private let write: @Sendable (String) -> Void

  package init(
    level: LogLevel, clock: any TimeSource, write: @escaping @Sendable (String) -> Void
  ) {
    self.level = level
    self.clock = clock
    self.write = write
  }

  /// To the process's error stream.
  package init(level: LogLevel) {
    self.init(level: level, clock: SystemTime()) { StandardStream.error.write($0) }
  }

  package func error(_ event: StaticString, _ facts: @autoclosure () -> String = "") {
    line(.error, event, facts)
  }

  package func info(_ event: StaticString, _ facts: @autoclosure () -> String = "") {
    line(.info, event, facts)
  }

  package func debug(_ event: StaticString, _ facts: @autoclosure () -> String = "") {
    line(.debug, event, facts)
  }

  private func line(_ level: LogLevel, _ event: StaticString, _ facts: () -> String) {
    guard level.rawValue <= self.level.rawValue else { return }
    let facts = facts()
    write(
      "\(clock.wall) \(level.name) \(event)\(facts.isEmpty ? "" : " ")\(facts)\n")
  }
}
