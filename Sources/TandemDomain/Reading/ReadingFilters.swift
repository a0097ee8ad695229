// SPDX-License-Identifier: Apache-2.0
// From the words of a request to conditions: every field takes some tests and one sort of values.
// Everything that is wrong is said at once.

package import TandemPrimitives

/// What a term is about; numbers are for ever.
package enum FilterField: UInt8, Sendable, CaseIterable {
  case status = 1, kind, partnerToPartner, direction, stage, value, currency, created, updated
  case closeDate, respondBy, country, customerName, name, solution, teamEmail, mine, location
  case crmID, campaignID, counterpart, counterpartStatus, favourite, text, engagement
  case tag, ownerEmail, solutionName
}

/// How values are compared; numbers are for ever.
package enum FilterTest: UInt8, Sendable, CaseIterable {
  case equal = 1, below, atMost, above, atLeast, begins, contains, withinNext, withinLast, present

  fileprivate var word: String {
    switch self {
    case .equal: "EQUAL"
    case .below: "BELOW"
    case .atMost: "AT_MOST"
    case .above: "ABOVE"
    case .atLeast: "AT_LEAST"
    case .begins: "BEGINS"
    case .contains: "CONTAINS"
    case .withinNext: "WITHIN_NEXT"
    case .withinLast: "WITHIN_LAST"
    case .present: "PRESENT"
    }
  }
}

/// An identifier whose kind follows from its field.
package enum FilteredKind: IdentifierKind { package static let prefix = "id" }

/// A term as a request says it.
package struct AskedTerm: Sendable {
  package var negate = false
  package var field: FilterField
  package var test: FilterTest
  package var numbers: [UInt32] = []
  package var texts: [Text] = []
  package var ids: [Identifier<FilteredKind>] = []
  package var amounts: [Money] = []
  package var times: [Timestamp] = []
  package var within = Timestamp.Span(milliseconds: 0)

  package init(_ field: FilterField, _ test: FilterTest) {
    self.field = field
    self.test = test
  }

  package var valueCount: Int {
    numbers.count + texts.count + ids.count + amounts.count + times.count
  }

  package var textBytes: Int { texts.reduce(0) { $0 + $1.utf8.count } }

  /// The condition it stands for; nil when something is wrong, which is then among the problems.
  package func condition(_ path: String, _ problems: inout Violations) -> Condition? {
    var reading = TermReading(term: self, path: path)
    let condition = reading.read()
    for problem in reading.problems.found {
      problems.add(problem.field, problem.rule, problem.text)
    }
    return reading.problems.isEmpty ? condition : nil
  }
}

private struct TermReading {
  let term: AskedTerm
  let path: String
  var problems = Violations()

  private enum Values: String, CaseIterable {
    case numbers, texts, ids, amounts, times
    case within = "within_ms"
  }

  mutating func read() -> Condition? {
    switch term.field {
    case .status: choices().map(Condition.status)
    case .kind: choices().map(Condition.kind)
    case .direction: choices().map(Condition.direction)
    case .stage: choices().map(Condition.stage)
    case .counterpartStatus: choices().map(Condition.counterpartStatus)
    case .partnerToPartner: fact(.partnerToPartner)
    case .mine: fact(.mine)
    case .favourite: fact(.favourite)
    case .value: money()
    case .currency: currencies()
    case .created: time(.created)
    case .updated: time(.updated)
    case .closeDate: time(.closeDate)
    case .respondBy: time(.respondBy)
    case .country: countries()
    case .name: text(.name, [.equal, .begins, .contains])
    case .customerName: text(.customerName, [.equal, .begins, .contains])
    case .crmID: text(.crmID, [.equal, .present])
    case .campaignID: text(.campaignID, [.equal, .present])
    case .text: allows([.contains]) ? words().map(anywhere) : nil
    case .teamEmail: allows([.equal]) ? texts().map(Condition.teamEmail) : nil
    case .tag: given().map(Condition.tag)
    case .ownerEmail: given().map(Condition.ownerEmail)
    case .solution: ids().map(Condition.solution)
    case .solutionName: names([.equal, .begins, .contains]).map(Condition.solutionName)
    case .location: ids().map(Condition.location)
    case .counterpart: ids().map(Condition.counterpart)
    case .engagement: ids().map(Condition.engagement)
    }
  }

  // MARK: What a field takes

  private mutating func allows(_ tests: [FilterTest]) -> Bool {
    if tests.contains(term.test) { return true }
    let words = tests.map(\.word).joined(separator: ", ")
    problems.add(
      "\(path).test", "FILTER_TEST_NOT_ALLOWED", "this field is tested with \(words) only")
    only(nil)
    return false
  }

  /// Complains of values that mean nothing here.
  private mutating func only(_ wanted: Values?) {
    for values in Values.allCases where values != wanted && count(values) > 0 {
      let advice = wanted.map { "give \($0.rawValue)" } ?? "leave it out"
      problems.add(
        "\(path).\(values.rawValue)", "FIELD_NOT_ALLOWED", "means nothing for this term; \(advice)")
    }
  }

  private func count(_ values: Values) -> Int {
    switch values {
    case .numbers: term.numbers.count
    case .texts: term.texts.count
    case .ids: term.ids.count
    case .amounts: term.amounts.count
    case .times: term.times.count
    case .within: term.within.milliseconds == 0 ? 0 : 1
    }
  }

  /// At least one value of a sort and none of another; `max` of them.
  private mutating func values(_ wanted: Values, max: Int = Limits.filterValues) -> Bool {
    only(wanted)
    if count(wanted) == 0 {
      problems.add(
        "\(path).\(wanted.rawValue)", "FIELD_REQUIRED", "names nothing to compare with")
    }
    problems.limit(count: count(wanted), "\(path).\(wanted.rawValue)", max: max)
    return problems.isEmpty
  }

  // MARK: Sorts of conditions

  private mutating func fact(_ condition: Condition) -> Condition? {
    guard allows([.present]) else { return nil }
    only(nil)
    return condition
  }

  private mutating func choices<Value: FilterChoice>() -> Choices<Value>? {
    guard allows([.equal]), values(.numbers) else { return nil }
    var choices = Choices<Value>([])
    for (index, number) in term.numbers.enumerated() {
      if let small = UInt8(exactly: number), let value = Value(rawValue: small) {
        choices.insert(value)
      } else {
        problems.add("\(path).numbers[\(index)]", "FIELD_INVALID", "value \(number) is not known")
      }
    }
    return choices
  }

  private mutating func ids<Kind>() -> [Identifier<Kind>]? {
    guard allows([.equal]), values(.ids) else { return nil }
    return term.ids.map { Identifier(high: $0.high, low: $0.low) }
  }

  private mutating func money() -> Condition? {
    guard allows([.equal, .below, .atMost, .above, .atLeast]) else { return nil }
    guard values(.amounts, max: term.test == .equal ? Limits.filterValues : 1) else { return nil }
    for (index, amount) in term.amounts.enumerated() {
      problems.check(amount, "\(path).amounts[\(index)]")
    }
    let relation: MoneyTest.Relation =
      switch term.test {
      case .below: .below
      case .atMost: .atMost
      case .above: .above
      case .atLeast: .atLeast
      case .equal, .begins, .contains, .withinNext, .withinLast, .present: .equal
      }
    return .value(MoneyTest(relation, term.amounts))
  }

  private mutating func time(_ time: DealTime) -> Condition? {
    var tests: [FilterTest] = [.below, .atMost, .above, .atLeast]
    switch time {
    case .created, .updated: tests.append(.withinLast)
    case .closeDate: tests += [.withinNext, .withinLast]
    case .respondBy: tests += [.withinNext, .present]
    }
    guard allows(tests) else { return nil }
    return window().map { .time(time, $0) }
  }

  private mutating func window() -> TimeWindow? {
    let first = Timestamp(milliseconds: .min)
    let last = Timestamp(milliseconds: .max)
    switch term.test {
    case .present:
      only(nil)
      return .present
    case .withinNext, .withinLast:
      guard values(.within) else { return nil }
      guard (1...Limits.filterSpanMilliseconds).contains(term.within.milliseconds) else {
        problems.add(
          "\(path).within_ms", "FIELD_INVALID",
          "is between 1 and \(Limits.filterSpanMilliseconds), which is ten years")
        return nil
      }
      return term.test == .withinNext ? .next(term.within) : .last(term.within)
    case .equal, .below, .atMost, .above, .atLeast, .begins, .contains:
      guard values(.times, max: 1), let time = term.times.first?.milliseconds else { return nil }
      guard time > .min, time < .max else {
        problems.add("\(path).times_ms[0]", "FIELD_INVALID", "is no time")
        return nil
      }
      switch term.test {
      case .below: return .fixed(first...Timestamp(milliseconds: time - 1))
      case .atMost: return .fixed(first...Timestamp(milliseconds: time))
      case .above: return .fixed(Timestamp(milliseconds: time + 1)...last)
      case .atLeast, .equal, .begins, .contains, .withinNext, .withinLast, .present:
        return .fixed(Timestamp(milliseconds: time)...last)
      }
    }
  }

  private mutating func currencies() -> Condition? {
    guard allows([.equal]), let texts = texts() else { return nil }
    var found: [CurrencyCode] = []
    for (index, text) in texts.enumerated() {
      if let code = CurrencyCode(text.utf8), Currencies.decimals(of: code) != nil {
        if !found.contains(code) { found.append(code) }
      } else {
        problems.add(
          "\(path).texts[\(index)]", "CURRENCY_UNKNOWN", "'\(text)' is not an ISO 4217 code")
      }
    }
    return .currency(found)
  }

  private mutating func countries() -> Condition? {
    guard allows([.equal]), let texts = texts() else { return nil }
    var found: [CountryCode] = []
    for (index, text) in texts.enumerated() {
      if let code = CountryCode(text.utf8), Countries.contains(code) {
        if !found.contains(code) { found.append(code) }
      } else {
        problems.add(
          "\(path).texts[\(index)]", "COUNTRY_UNKNOWN",
          "'\(text)' is not an ISO 3166-1 alpha-2 code")
      }
    }
    return .country(found)
  }

  private mutating func text(_ text: DealText, _ tests: [FilterTest]) -> Condition? {
    names(tests).map { .text(text, $0) }
  }

  private mutating func names(_ tests: [FilterTest]) -> TextTest? {
    guard allows(tests) else { return nil }
    switch term.test {
    case .present:
      only(nil)
      return .present
    case .begins: return texts().map { .begins(SoughtTexts($0)) }
    case .contains: return words().map { .contains(SoughtTexts($0)) }
    case .equal, .below, .atMost, .above, .atLeast, .withinNext, .withinLast:
      return texts().map { .equals(SoughtTexts($0)) }
    }
  }

  /// Domain.md 20: a deal is also found by its id, as printed.
  private func anywhere(_ texts: [Text]) -> Condition {
    .anywhere(SoughtTexts(texts), ids: texts.compactMap { DealID($0.string) })
  }

  /// One of some texts, or any.
  private mutating func given() -> TextTest? {
    guard allows([.equal, .present]) else { return nil }
    guard term.test == .present else { return texts().map { .equals(SoughtTexts($0)) } }
    only(nil)
    return .present
  }

  /// Texts that are long enough to be sought inside of others.
  private mutating func words() -> [Text]? {
    guard let texts = texts() else { return nil }
    for (index, text) in texts.enumerated() where text.string.count < Limits.searchedLetters {
      problems.add(
        "\(path).texts[\(index)]", "SEARCH_TOO_SHORT",
        "'\(text)' is too short to search for; give at least \(Limits.searchedLetters) letters")
    }
    return texts
  }

  private mutating func texts() -> [Text]? {
    guard values(.texts) else { return nil }
    for (index, text) in term.texts.enumerated() {
      problems.require(
        text, "\(path).texts[\(index)]", "FIELD_REQUIRED", max: Limits.personFieldBytes)
    }
    return term.texts
  }
}
