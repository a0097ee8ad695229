// SPDX-License-Identifier: Apache-2.0
import TandemPrimitives
import Testing

struct TimestampTextTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_795_280_044_001, "2026-11-21T16:54:04.001Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func `a moment is told as people read it`(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test func `a day of the calendar begins where the day before ends`() {
    let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var milliseconds: Int64 = 0
    for year: Int64 in 1970...2110 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, length) in zip(Int64(1)..., lengths) {
        for day in 1...(month == 2 && isLeap ? 29 : length) {
          if Timestamp.day(year, month, day).milliseconds != milliseconds {
            Issue.record("\(year)-\(month)-\(day)")
          }
          milliseconds += 86_400_000
        }
      }
    }
    #expect(Timestamp(milliseconds: milliseconds).description == "2111-01-01T00:00:00.000Z")
  }

  @Test(arguments: [Int64.min, .max])
  func `every number has a text`(milliseconds: Int64) {
    #expect(Timestamp(milliseconds: milliseconds).description.hasSuffix("Z"))
  }
}
