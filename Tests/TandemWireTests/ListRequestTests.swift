// SPDX-License-Identifier: Apache-2.0
// Lists that ask for what there is not.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct ListRequestTests {
  private func problems(_ write: (inout ProtoWriter) -> Void) -> [String] {
    var writer = ProtoWriter()
    write(&writer)
    var arena = RequestArena()
    do throws(WireError) {
      _ = try RequestCodec.decode(.listDeals, writer.bytes.span, arena: &arena)
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
        "fields[2] FIELD_INVALID", "page_size FIELD_NOT_ALLOWED",
      ])
    #expect(
      problems {
        $0.unsigned(4, 5 as UInt32)
        $0.unsigned(9, 5 as UInt32)
      } == ["then_sort FIELD_INVALID"])
  }
}
