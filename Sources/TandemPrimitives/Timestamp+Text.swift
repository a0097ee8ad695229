// SPDX-License-Identifier: Apache-2.0
// Moments as people read them: days of the proleptic Gregorian calendar, in UTC. Years begin in March,
// so that the day that some lack is their last.

extension Timestamp: CustomStringConvertible {
  /// ISO 8601, for example `2026-11-20T22:39:32.000Z`.
  @usableFromInline package var description: String {
    let (days, time) = floored(milliseconds, 86_400_000)
    let (era, dayOfEra) = floored(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3_600_000, 2))"
      + ":\(padded(time / 60_000 % 60, 2)):\(padded(time / 1_000 % 60, 2))"
      + ".\(padded(time % 1_000, 3))Z"
  }

  /// The beginning of a day.
  package static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Timestamp {
    let years = month > 2 ? year : year - 1
    let months = month > 2 ? month - 3 : month + 9
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day
    return Timestamp(milliseconds: (days - 719_469) * 86_400_000)
  }

  /// Quotient and rest, the rest never negative; holds for every number.
  private func floored(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let rest = value % divisor
    return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest)
  }

  private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
