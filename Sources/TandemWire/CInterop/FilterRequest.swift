// SPDX-License-Identifier: Apache-2.0
// Filters of lists and sums.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum FilterRequest {
  static func read(
    _ count: Int, _ clauses: UnsafeMutablePointer<UnsafeMutablePointer<Tandem__V1__FilterClause>?>?,
    _ reader: inout RequestReader
  ) -> DealFilter {
    guard unsafe reader.isWithin(Limits.filterClauses, count: count, "all_of") else {
      return DealFilter()
    }
    var size = Size()
    let filter = unsafe DealFilter(
      reader.list(count, clauses, "all_of") { reader, clause, at in
        unsafe DealFilter.Clause(terms(clause, "\(at)", &size, &reader))
      })
    if size.values > Limits.filterValuesInAll {
      unsafe reader.wrong(
        "all_of", "G24",
        "compares with \(size.values) values in all; at most \(Limits.filterValuesInAll) are allowed"
      )
    }
    if size.textBytes > Limits.filterTextBytesInAll {
      unsafe reader.wrong(
        "all_of", "G24",
        "compares with \(size.textBytes) bytes of text in all; at most "
          + "\(Limits.filterTextBytesInAll) are allowed")
    }
    return filter
  }

  /// What all terms together compare with.
  private struct Size {
    var values = 0
    var textBytes = 0
  }

  private static func terms(
    _ clause: Tandem__V1__FilterClause, _ path: String, _ size: inout Size,
    _ reader: inout RequestReader
  ) -> [DealFilter.Term] {
    let field = "\(path).any_of"
    if unsafe clause.n_any_of == 0 {
      unsafe reader.wrong(field, "FIELD_REQUIRED", "holds no term, so no deal could pass")
    }
    guard unsafe reader.isWithin(Limits.filterTerms, count: clause.n_any_of, field) else {
      return []
    }
    return unsafe reader.list(clause.n_any_of, clause.any_of, field) { reader, term, at in
      unsafe read(term, "\(at)", &size, &reader)
    }.compactMap { $0 }
  }

  private static func read(
    _ term: Tandem__V1__FilterTerm, _ path: String, _ size: inout Size,
    _ reader: inout RequestReader
  ) -> DealFilter.Term? {
    let field: FilterField? = unsafe choice(term.field.rawValue, "\(path).field", &reader)
    let test: FilterTest? = unsafe choice(term.test.rawValue, "\(path).test", &reader)
    guard let field, let test else { return nil }
    var asked = AskedTerm(field, test)
    unsafe asked.numbers = reader.numbers(term.n_numbers, term.numbers)
    for index in 0..<(unsafe term.n_texts) {
      unsafe asked.texts.append(reader.text(term.texts?[index]))
    }
    unsafe asked.ids = reader.identifiers(term.n_ids, term.ids, "\(path).ids")
    unsafe asked.amounts = reader.list(term.n_amounts, term.amounts, "\(path).amounts") {
      reader, amount, at in
      var amount = unsafe amount
      return unsafe reader.money(&amount, "\(at)")
    }.compactMap { $0 }
    for index in 0..<(unsafe term.n_times_ms) {
      guard let time = unsafe term.times_ms?[index] else { continue }
      asked.times.append(Timestamp(milliseconds: time))
    }
    asked.within = Timestamp.Span(milliseconds: unsafe term.within_ms)
    size.values += asked.valueCount
    size.textBytes += asked.textBytes
    var problems = Violations()
    let condition = asked.condition(path, &problems)
    unsafe reader.wrong(problems)
    let isNegated = unsafe term.negate != 0
    return condition.map { DealFilter.Term($0, isNegated: isNegated) }
  }

  /// A member of an enumeration that must be given.
  private static func choice<Value: RawRepresentable<UInt8>>(
    _ raw: UInt32, _ field: String, _ reader: inout RequestReader
  ) -> Value? {
    if raw == 0 { unsafe reader.wrong(field, "FIELD_REQUIRED", "is missing") }
    return unsafe reader.choice(raw, field)
  }
}
