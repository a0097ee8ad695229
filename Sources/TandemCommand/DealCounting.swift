// SPDX-License-Identifier: Apache-2.0
// `deal count`: how many deals there are and what they are worth, in groups.

import TandemClient

enum DealCounting {
  static func count(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let clauses = try FilterArguments.read(&arguments)
    let fields: [GroupField] = try arguments.words("by")
    let sumsValues = arguments.flag("sum")
    return try await withServer(&arguments) { client in
      let totals = try await client.aggregateDeals(
        clauses, groupBy: fields, sumValues: sumsValues)
      try output.table(
        totals, headings(fields, sumsValues), rows(totals, fields, sumsValues))
    }
  }

  private static func headings(_ fields: [GroupField], _ sumsValues: Bool) -> [String] {
    fields.map { $0.rawValue.uppercased() } + ["COUNT"] + (sumsValues ? ["VALUE"] : [])
  }

  private static func rows(
    _ totals: DealTotals, _ fields: [GroupField], _ sumsValues: Bool
  ) -> [[String]] {
    var rows = totals.groups.map { group in
      zip(group.keys, fields).map { key, field in
        let word = key.word(of: field)
        return word.isEmpty ? "none" : word
      } + numbers(group, sumsValues)
    }
    if !fields.isEmpty || rows.isEmpty {
      let total = fields.indices.map { $0 == 0 ? "total" : "" }
      rows.append(total + numbers(totals.total, sumsValues))
    }
    return rows
  }

  private static func numbers(_ group: DealGroup, _ sumsValues: Bool) -> [String] {
    let sums = group.sums.map { "\($0.amount) \($0.currency)" }.joined(separator: ", ")
    return ["\(group.count)"] + (sumsValues ? [sums] : [])
  }
}
