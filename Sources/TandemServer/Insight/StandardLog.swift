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
      "\(LogTime.text(clock.wall)) \(level.name) \(event)\(facts.isEmpty ? "" : " ")\(facts)\n")
  }
}

/// `2026-11-20T22:00:00.000Z`.
enum LogTime {
  static func text(_ time: Timestamp) -> String {
    let day = floorDivide(time.milliseconds, 86_400_000)
    let inDay = time.milliseconds - day * 86_400_000
    let date = civil(day)
    let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60].map { padded($0, 2) }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
      + clock.joined(separator: ":") + ".\(padded(inDay % 1_000, 3))Z"
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : -((-value + by - 1) / by)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  /// The proleptic Gregorian date of a day since 1970, with years that begin in March.
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * marchMonth + 2) / 5 + 1
    )
  }
}
