// SPDX-License-Identifier: Apache-2.0
// Edits of a deal's repeated parts: team, solutions and customer contacts, addressed by line
// number.

import TandemPrimitives

extension Deal {
  /// Contacts may change until they were first shared (domain.md 3.3); where there are none nothing was,
  /// and where they reach nobody they may be completed: the vendor's help needs somebody.
  var contactsLock: Violation? {
    guard direction == .inbound || (wereContactsShared && customer.isReachable) else { return nil }
    return Violation(
      "customer.contacts", "R-403", "is fixed since it was first shared", until: .shared)
  }

  /// Whoever is invited sees them at once, before its answer too (G11); who had said no, or whose copy
  /// had ended, before they were given never saw them.
  private var wereContactsShared: Bool {
    if cards.isEmpty { return false }
    if cards.contains(where: { !$0.status.isTerminal }) { return true }
    return lastChange(of: .customer) <= lastChange(of: .cards)
  }

  /// The version that changed a field last; zero while it is as it was when the deal began.
  private func lastChange(of field: DealField) -> UInt64 {
    fieldVersions.first { $0.field == field }?.version ?? 0
  }
}

enum PatchingLines {
  static func contacts(
    _ contacts: [TeamMember], _ deal: inout Deal, known: [UInt32], _ violations: inout Violations
  ) {
    if let lock = deal.contactsLock { violations.add(lock) }
    violations.checkContacts(contacts, "customer.contacts")
    checkLines(
      contacts.lazy.map(\.line), known: known, "customer.contacts", &violations)
    deal.customer.contacts = contacts
    deal.numberContacts()
  }

  static func replaceTeam(
    _ team: [TeamMember], _ deal: inout Deal, known: [UInt32], _ violations: inout Violations
  ) {
    violations.checkTeam(team, "team", atLeast: 0)
    checkLines(team.lazy.map(\.line), known: known, "team", &violations)
    deal.team = team
    deal.numberTeam()
  }

  static func putTeamMember(
    _ member: TeamMember, _ deal: inout Deal, _ violations: inout Violations
  ) {
    violations.requireReachable(member.person, "team.person", "R-106")
    if member.line == 0 {
      deal.team.append(member)
      deal.numberTeam()
    } else if let place = deal.team.firstIndex(where: { $0.line == member.line }) {
      deal.team[place] = member
    } else {
      addUnknownLine(member.line, of: deal.team.map(\.line), "team.line", &violations)
    }
  }

  static func removeTeamMember(
    _ line: UInt32, _ deal: inout Deal, _ violations: inout Violations
  ) {
    if let place = deal.team.firstIndex(where: { $0.line == line }) {
      deal.team.remove(at: place)
    } else {
      addUnknownLine(line, of: deal.team.map(\.line), "team.line", &violations)
    }
  }

  static func replaceSolutions(
    _ solutions: [SolutionLine], _ deal: inout Deal, known: [UInt32], _ shelf: SolutionShelf,
    _ violations: inout Violations
  ) {
    violations.checkSolutions(solutions, "solutions")
    checkLines(
      solutions.lazy.map(\.line), known: known, "solutions", &violations)
    let old = deal.solutions
    deal.solutions = solutions.enumerated().map { index, line in
      let kept = shelf.keep(line, of: old, "solutions[\(index)]", &violations)
      refuseAssessment(kept, "solutions[\(index)]", &violations)
      return kept
    }
    deal.numberSolutions()
  }

  static func putSolution(
    _ asked: SolutionLine, _ deal: inout Deal, _ shelf: SolutionShelf,
    _ violations: inout Violations
  ) {
    violations.checkSolution(asked, "solutions")
    let solution = shelf.keep(asked, of: deal.solutions, "solutions", &violations)
    refuseAssessment(solution, "solutions", &violations)
    if solution.line == 0 {
      deal.solutions.append(solution)
      deal.numberSolutions()
      violations.limit(count: deal.solutions.count, "solutions", max: Limits.solutions)
    } else if let place = deal.solutions.firstIndex(where: { $0.line == solution.line }) {
      deal.solutions[place] = solution
    } else {
      addUnknownLine(
        solution.line, of: deal.solutions.map(\.line), "solutions.line", &violations)
    }
  }

  static func removeSolution(
    _ line: UInt32, _ deal: inout Deal, _ violations: inout Violations
  ) {
    if let place = deal.solutions.firstIndex(where: { $0.line == line }) {
      deal.solutions.remove(at: place)
    } else {
      addUnknownLine(line, of: deal.solutions.map(\.line), "remove_solution", &violations)
    }
  }

  /// no deal becomes an assessment; where one is sold is decided when it is created.
  private static func refuseAssessment(
    _ line: SolutionLine, _ field: @autoclosure () -> String, _ violations: inout Violations
  ) {
    if line.group == .assessment {
      violations.add(
        field() + ".solution_id", "R-109",
        "is an assessment, which is the only solution of its deal; create a deal for it")
    } else {
      violations.checkAssessmentLocation(line, field(), [:])
    }
  }

  private static func addUnknownLine(
    _ line: UInt32, of known: [UInt32], _ field: String, _ violations: inout Violations
  ) {
    let lines = known.isEmpty ? "none" : known.map(String.init).joined(separator: ", ")
    violations.add(
      field, "LINE_UNKNOWN", "\(line) is no line of this deal; it has \(lines), a new one has zero")
  }

  /// A replacement keeps lines by their number; new lines have none, and none comes twice.
  private static func checkLines(
    _ lines: some Collection<UInt32>, known: [UInt32], _ field: String,
    _ violations: inout Violations
  ) {
    for (index, line) in lines.enumerated() where line != 0 {
      if !known.contains(line) {
        addUnknownLine(line, of: known, "\(field)[\(index)].line", &violations)
      } else if lines.prefix(index).contains(line) {
        violations.add("\(field)[\(index)].line", "LINE_TWICE", "\(line) comes twice")
      }
    }
  }
}
