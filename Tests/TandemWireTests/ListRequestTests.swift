// SPDX-License-Identifier: Apache-2.0
// Lists that ask for what there is not.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct ListRequestTests {
  private func problems(
    _ method: Method = .listDeals, _ write: (inout ProtoWriter) -> Void
  ) -> [String] {
    var writer = ProtoWriter()
    write(&writer)
    var arena = RequestArena()
    do throws(WireError) {
      _ = try RequestCodec.decode(method, writer.bytes.span, arena: &arena)
      return []
    } catch {
      return error.violations.map { "\($0.field) \($0.rule)" }
    }
  }

  @Test func `section 20 a cursor belongs to the order that it came from`() {
    let order = ListOrder([.init(.value, descending: false)])
    let cursor = RowCursor.bytes([UInt8](repeating: 1, count: 40), of: order)
    #expect(
      problems {
        $0.unsigned(4, 4 as UInt32)
        $0.blob(7, cursor[...])
      } == [])
    for sort in [0, 1, 3, 5] as [UInt32] {
      #expect(
        problems {
          $0.unsigned(4, sort)
          $0.blob(7, cursor[...])
        } == ["cursor FIELD_INVALID"])
    }
    #expect(
      problems {
        $0.unsigned(4, 4 as UInt32)
        $0.flag(5, true)
        $0.blob(7, cursor[...])
      } == ["cursor FIELD_INVALID"])
  }

  @Test func `section 20 a cursor of an order that is walked is refused with any other`() {
    var page: [UInt8] = []
    let cursor = ListCursor(
      .updated, descending: true, time: Timestamp(milliseconds: 7), id: DealID(high: 1, low: 2))
    ReplyCodec.appendNextCursor(cursor, into: &page)
    func problems(_ sort: UInt32, _ descending: Bool, _ cursor: ArraySlice<UInt8>) -> [String] {
      self.problems {
        $0.unsigned(4, sort)
        $0.flag(5, descending)
        $0.blob(7, cursor)
      }
    }
    let bytes = page.dropFirst(2)
    #expect(problems(1, true, bytes) == [] && problems(0, true, bytes) == [])
    #expect(problems(1, false, bytes) == ["cursor FIELD_INVALID"])
    #expect(problems(2, true, bytes) == ["cursor FIELD_INVALID"])
    // Cursors of the first format, which did not say their order.
    let old = [1] + [UInt8](repeating: 0, count: 24)
    #expect(problems(1, true, old[...]) == ["cursor FIELD_INVALID"])
  }

  @Test func `section 20 limits what all terms of a filter compare with is bounded together`() {
    func problems(_ terms: Int, _ texts: [String]) -> [String] {
      self.problems { writer in
        for _ in 0..<terms {
          let clause = writer.begin(8)
          let term = writer.begin(1)
          writer.unsigned(1, 13 as UInt32)
          writer.unsigned(2, 6 as UInt32)
          for text in texts { writer.text(5, Text(text)) }
          writer.end(term)
          writer.end(clause)
        }
      }
    }
    let names = (0..<64).map { "name \($0)" }
    #expect(problems(4, names) == [])
    #expect(problems(5, names) == ["all_of G24"])
    let long = [String](repeating: String(repeating: "x", count: 256), count: 8)
    #expect(problems(2, long) == [])
    #expect(problems(3, long) == ["all_of G24"])
  }

  @Test func `one deal that is wanted has no order, and sums name a field once`() {
    #expect(
      problems {
        $0.unsigned(4, 5 as UInt32)
        $0.flag(5, true)
        $0.unsigned(9, 4 as UInt32)
        $0.flag(12, true)
      } == [
        "sort FIELD_NOT_ALLOWED", "descending FIELD_NOT_ALLOWED", "then_sort FIELD_NOT_ALLOWED",
      ])
    #expect(problems(.aggregateDeals) { $0.packed(2, [1, 1]) } == ["group_by[1] FIELD_INVALID"])
  }

  @Test func `all that is wrong with an order, a projection and a wish for one is said at once`() {
    #expect(
      problems {
        $0.unsigned(4, 99 as UInt32)
        $0.unsigned(6, 5 as UInt32)
        $0.flag(10, true)
        $0.packed(11, [8, 2_000, 0])
        $0.flag(12, true)
      } == [
        "sort FIELD_INVALID", "then_descending FIELD_NOT_ALLOWED", "fields[1] FIELD_INVALID",
        "fields[2] FIELD_INVALID", "page_size FIELD_NOT_ALLOWED", "sort FIELD_NOT_ALLOWED",
      ])
    #expect(
      problems {
        $0.unsigned(4, 5 as UInt32)
        $0.unsigned(9, 5 as UInt32)
      } == ["then_sort FIELD_INVALID"])
  }
}
