// SPDX-License-Identifier: Apache-2.0
// Lists: which deals, in which order, which fields of them, from where on.

internal import CProtobufC
internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum ListRequest {
  static func read(
    _ request: Tandem__V1__ListDealsRequest, _ reader: inout RequestReader
  ) -> ListDeals {
    let order = unsafe order(request, &reader)
    // Orders that an index has are walked; without a second field they need no key.
    let walked = order.parts.count == 1 ? order.parts.first.flatMap(sortKey) : nil
    var list = unsafe ListDeals(
      statuses: statuses(request, &reader),
      direction: reader.choice(request.direction.rawValue, "direction"),
      favouritesOnly: request.favourites_only != 0, sort: walked ?? .updated,
      descending: request.descending != 0,
      pageSize: reader.pageSize(request.page_size, PageDefaults.rows), after: nil,
      filter: FilterRequest.read(request.n_all_of, request.all_of, &reader))
    if walked == nil { list.order = order }
    unsafe readCursor(request, order, into: &list, &reader)
    unsafe list.fields = fields(request, &reader)
    if unsafe request.only_one != 0 { unsafe wantOne(request, &list, &reader) }
    return list
  }

  private static func sortKey(_ part: ListOrder.Part) -> ListDeals.SortKey? {
    ListDeals.SortKey(rawValue: part.field.rawValue)
  }

  private static func statuses(
    _ request: Tandem__V1__ListDealsRequest, _ reader: inout RequestReader
  ) -> [DealStatus] {
    var statuses: [DealStatus] = []
    for index in 0..<(unsafe request.n_statuses) {
      guard let raw = unsafe request.statuses?[index].rawValue else { continue }
      if let status = unsafe reader.choice(raw, "statuses[\(index)]", DealStatus.self) {
        statuses.append(status)
      } else if raw == 0 {
        unsafe reader.wrong("statuses[\(index)]", "FIELD_INVALID", "unspecified is no status")
      }
    }
    return statuses
  }

  private static func order(
    _ request: Tandem__V1__ListDealsRequest, _ reader: inout RequestReader
  ) -> ListOrder {
    let first: SortField = unsafe reader.choice(request.sort.rawValue, "sort") ?? .updated
    let then: SortField? = unsafe reader.choice(request.then_sort.rawValue, "then_sort")
    let thenDescending = unsafe request.then_descending != 0
    var order = unsafe ListOrder([.init(first, descending: request.descending != 0)])
    if let then {
      if then == first {
        unsafe reader.wrong("then_sort", "FIELD_INVALID", "is the field that sort names already")
      }
      order.parts.append(.init(then, descending: thenDescending))
    } else if thenDescending {
      unsafe reader.wrong(
        "then_descending", "FIELD_NOT_ALLOWED", "means nothing without then_sort")
    }
    return order
  }

  private static func readCursor(
    _ request: Tandem__V1__ListDealsRequest, _ order: ListOrder, into list: inout ListDeals,
    _ reader: inout RequestReader
  ) {
    let cursor = unsafe reader.bytes(request.cursor)
    if cursor.isEmpty { return }
    if list.order == nil {
      list.after = ListCursor(bytes: cursor[...]).flatMap { $0.isOf(list) ? $0 : nil }
    } else {
      list.afterKey = RowCursor.key(in: cursor, of: order) ?? []
    }
    if list.after == nil, list.afterKey.isEmpty {
      unsafe reader.wrong(
        "cursor", "FIELD_INVALID",
        "this cursor did not come from ListDeals in this order; begin with the first page")
    }
  }

  private static func fields(
    _ request: Tandem__V1__ListDealsRequest, _ reader: inout RequestReader
  ) -> UInt64 {
    let numbers = unsafe reader.numbers(request.n_fields, request.fields)
    guard !numbers.isEmpty else { return 0 }
    guard unsafe reader.isWithin(Limits.projectedFields, count: numbers.count, "fields") else {
      return 0
    }
    // Identifier and version always.
    var bits: UInt64 = 1 << 1 | 1 << 3
    for (index, number) in numbers.enumerated() {
      let isKnown = unsafe withUnsafePointer(to: tandem__v1__deal__descriptor) { deal in
        unsafe protobuf_c_message_descriptor_get_field(deal, number) != nil
      }
      if isKnown, number < 64 {
        bits |= 1 << UInt64(number)
      } else {
        unsafe reader.wrong("fields[\(index)]", "FIELD_INVALID", "\(number) is no field of Deal")
      }
    }
    return bits
  }

  private static func wantOne(
    _ request: Tandem__V1__ListDealsRequest, _ list: inout ListDeals,
    _ reader: inout RequestReader
  ) {
    list.wantsOne = true
    list.pageSize = 1
    if unsafe request.page_size != 0 {
      unsafe reader.wrong("page_size", "FIELD_NOT_ALLOWED", "means nothing with only_one")
    }
    if unsafe request.cursor.len != 0 {
      unsafe reader.wrong("cursor", "FIELD_NOT_ALLOWED", "means nothing with only_one")
    }
    for (field, isGiven) in unsafe [
      ("sort", request.sort.rawValue != 0), ("descending", request.descending != 0),
      ("then_sort", request.then_sort.rawValue != 0),
    ] where isGiven {
      unsafe reader.wrong(field, "FIELD_NOT_ALLOWED", "means nothing with only_one")
    }
  }
}
