// SPDX-License-Identifier: Apache-2.0
import TandemPrimitives
import Testing

struct IdentifierTests {
  @Test(arguments: [
    (UInt64(0), UInt64(0)), (1, 2), (.max, .max), (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210),
  ])
  func `printing and reading give the same identifier`(high: UInt64, low: UInt64) {
    let id = DealID(high: high, low: low)
    #expect(DealID(id.description) == id)
    #expect(DealID(bytes: id.bytes) == id)
    #expect(id.description.utf8.count == 31)
  }

  @Test func `the prefix of another kind is refused`() {
    #expect(UserID(DealID(high: 1, low: 1).description) == nil)
  }

  @Test(arguments: [
    "deal_", "deal_zzzzzzzzzzzzzzzzzzzzzzzzzz", "deal_0000000000000000000000000", "x",
  ])
  func `text that is no identifier is refused`(text: String) {
    #expect(DealID(text) == nil)
  }

  @Test func `fresh identifiers carry the time and version seven`() {
    var fresh = FreshIdentifiers(seed: 7)
    let id: DealID = fresh.next(at: Timestamp(milliseconds: 0x0123_4567_89AB))
    #expect(id.high >> 16 == 0x0123_4567_89AB)
    #expect(id.high >> 12 & 0xF == 7)
    #expect(id.low >> 62 == 2)
  }

  @Test func `the same seed gives the same identifiers`() {
    var first = FreshIdentifiers(seed: 9)
    var second = FreshIdentifiers(seed: 9)
    for _ in 0..<10 {
      let left: DealID = first.next(at: .zero)
      let right: DealID = second.next(at: .zero)
      #expect(left == right)
    }
  }
}
