// SPDX-License-Identifier: Apache-2.0
// Lists and sums with filters, as a client would write them.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Requests {
  static func orderedLists() -> [RequestSample] {
    var order = ListOrder([.init(.value, descending: true)])
    order.parts.append(.init(.name, descending: false))
    var list = ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: true,
      pageSize: 1, after: nil)
    list.order = order
    list.fields = 1 << 1 | 1 << 3 | 1 << 8 | 1 << 11
    var next = list
    var single = list
    single.order = nil
    single.descending = false
    single.fields = 0
    single.wantsOne = true
    list.pageSize = PageDefaults.rows
    let key = [UInt8](repeating: 7, count: 40)
    next.pageSize = PageDefaults.rows
    next.fields = 0
    next.afterKey = key
    func write(_ writer: inout ProtoWriter, _ more: (inout ProtoWriter) -> Void) {
      writer.unsigned(4, 4 as UInt32)
      writer.flag(5, true)
      more(&writer)
    }
    return [
      sample(.listDeals, .query(.listDeals(list))) { writer in
        write(&writer) { writer in
          writer.unsigned(9, 5 as UInt32)
          writer.packed(11, [8, 11])
        }
      },
      sample(.listDeals, .query(.listDeals(single))) { $0.flag(12, true) },
      sample(.listDeals, .query(.listDeals(next))) { writer in
        write(&writer) { writer in
          writer.blob(7, RowCursor.bytes(key, of: order)[...])
          writer.unsigned(9, 5 as UInt32)
        }
      },
    ]
  }

  static func totals() -> RequestSample {
    let filter = DealFilter([.init([.init(.country([CountryCode(packed: 0x4445)]))])])
    let asked = AggregateDeals(
      filter: filter, groupBy: [.closeMonth, .status], sumsValues: true)
    return sample(.aggregateDeals, .query(.aggregateDeals(asked))) { writer in
      clause([(12, 1, { $0.text(5, "DE") })], &writer, field: 1)
      writer.packed(2, [6, 1])
      writer.flag(3, true)
    }
  }

  /// A list with one term of each sort of values.
  static func filteredList() -> RequestSample {
    let solution = SolutionID(high: 3, low: 4)
    let value = Money(units: 5, nanos: 0, currency: CurrencyCode(packed: 0x45_5552))
    let filter = DealFilter([
      .init([.init(.stage(Choices([.won]))), .init(.mine, isNegated: true)]),
      .init([.init(.text(.name, .begins(["Fleet"])))]), .init([.init(.solution([solution]))]),
      .init([.init(.value(MoneyTest(.atLeast, [value])))]),
      .init([
        .init(
          .time(
            .created,
            .fixed(Timestamp(milliseconds: 1_000)...Timestamp(milliseconds: .max)))),
        .init(.time(.respondBy, .next(.days(3)))),
      ]),
    ])
    let list = ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: false,
      pageSize: PageDefaults.rows, after: nil, filter: filter)
    return sample(.listDeals, .query(.listDeals(list))) { writer in
      clause([(5, 1, { $0.packed(4, [100]) }), (17, 10, { $0.flag(3, true) })], &writer)
      clause([(14, 6, { $0.text(5, "Fleet") })], &writer)
      clause([(15, 1, { $0.identifierElement(6, solution) })], &writer)
      clause(
        [
          (
            6, 5,
            { writer in
              let amount = writer.begin(7)
              writer.signed(1, 5)
              writer.text(3, "EUR")
              writer.end(amount)
            }
          )
        ], &writer)
      clause(
        [(8, 5, { $0.packed(8, [1_000]) }), (11, 8, { $0.signed(9, 3 * 86_400_000) })], &writer)
    }
  }

  private static func clause(
    _ terms: [(field: UInt32, test: UInt32, values: (inout ProtoWriter) -> Void)],
    _ writer: inout ProtoWriter, field: UInt32 = 8
  ) {
    let clause = writer.begin(field)
    for term in terms {
      let start = writer.begin(1)
      writer.unsigned(1, term.field)
      writer.unsigned(2, term.test)
      term.values(&writer)
      writer.end(start)
    }
    writer.end(clause)
  }
}
