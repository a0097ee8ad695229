// SPDX-License-Identifier: Apache-2.0
// The rules in force, as data: what requests must say, limits, reference lists, the realm's policy.
// Requirements are not written down a second time: a request that says nothing is put to the rules.

package import TandemPrimitives

package struct RuleBook: Sendable, Equatable {
  /// Something that a request must say.
  package struct Requirement: Sendable, Equatable {
    /// The method, and on what condition.
    package let request: String
    package let condition: String
    package let problem: Violation

    package init(request: String, condition: String, problem: Violation) {
      self.request = request
      self.condition = condition
      self.problem = problem
    }
  }

  package struct Figure: Sendable, Equatable {
    package let name: String
    package let value: Int64
    package let unit: String
  }

  /// Counts the changes of what must be said and of limits; lists of reference data count their own.
  package static let version: UInt32 = 2
  /// Since when this version holds.
  package static let effective = Timestamp.day(2026, 11, 22)

  package let requirements: [Requirement]
  package let limits: [Figure]
  package let lists: [ReferenceList]
  package let policy: [Figure]

  /// Everything, with what requests must hold to be read at all.
  package init(_ state: TenantState, besides unread: [Requirement] = []) {
    requirements = Self.requirements(of: state, besides: unread)
    limits = Self.allLimits
    lists = Self.lists(of: state)
    policy = Self.figures(of: state.realm?.policy ?? .standard)
  }

  /// Nothing but some lists of reference data, by name; everything when none is named.
  package init(
    _ state: TenantState, lists names: [Text], besides unread: [Requirement] = []
  ) throws(Rejection) {
    guard !names.isEmpty else {
      self.init(state, besides: unread)
      return
    }
    let known = Self.lists(of: state)
    var violations = Violations()
    for (index, name) in names.enumerated() {
      let before = violations.found.count
      violations.limit(name, "lists[\(index)]", max: Limits.nameBytes)
      if violations.found.count > before { continue }
      if names.prefix(index).contains(name) {
        violations.add("lists[\(index)]", "LIST_TWICE", "\(name) comes twice")
      } else if !known.contains(where: { $0.name == name.string }) {
        violations.add(
          "lists[\(index)]", "LIST_UNKNOWN", Self.unknown(name.string, among: known.map(\.name)))
      }
    }
    try violations.throwIfAny()
    self.init(only: names.flatMap { name in known.filter { $0.name == name.string } })
  }

  private init(only lists: [ReferenceList]) {
    requirements = []
    limits = []
    self.lists = lists
    policy = []
  }

  private static func lists(of state: TenantState) -> [ReferenceList] {
    ReferenceList.all + [.ownStages(state.organisation?.stageNames ?? [])]
  }

  private static func unknown(_ name: String, among known: [String]) -> String {
    let near = nearWords(to: name, among: known)
    let advice =
      near.isEmpty
      ? "give \(known.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?"
    return "\"\(name)\" is no list of reference data; \(advice)"
  }

  private static func figures(of policy: RealmPolicy) -> [Figure] {
    let spelledOut = policy.spelledOut
    func span(_ name: String, _ span: Timestamp.Span?) -> Figure {
      Figure(name: name, value: span?.milliseconds ?? 0, unit: "ms")
    }
    return [
      span("answer_window", spelledOut.answerWindow),
      span("first_reminder_before_end", spelledOut.firstReminder),
      span("last_reminder_before_end", spelledOut.lastReminder),
      span("extension_max", spelledOut.extensionMax),
      span("lead_retention", spelledOut.leadRetention),
      span("contact_wish", spelledOut.contactWish),
      span("minimum_age_before_won", spelledOut.minimumAgeBeforeWon),
      Figure(
        name: "counterparts_max", value: Int64(spelledOut.counterpartsMax),
        unit: "organisations of a deal"),
      Figure(
        name: "duplicates", value: Int64(spelledOut.duplicates.rawValue),
        unit: "1: warned of, 2: refused"),
      Figure(
        name: "vendor_retries", value: Int64(spelledOut.vendorRetries),
        unit: "times after the vendor's no"),
    ]
  }
}
