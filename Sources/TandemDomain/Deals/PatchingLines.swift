// SPDX-License-Identifier: Apache-2.0
// Edits of a deal's repeated parts: team, solutions and customer contacts, addressed by line
// number.

import TandemPrimitives

enum PatchingLines {
  /// Contacts may change until they were first shared (domain.md 3.3).
  static func contacts(
    _ contacts: [TeamMember], _ deal: inout Deal, _ before: Deal, _ violations: inout Violations
  ) -> FieldMask {
    if before.direction == .inbound || !before.cards.isEmpty {
      violations.add("customer.contacts", "R-403", "is fixed since it was first shared")
    }
    violations.checkContacts(contacts, "customer.contacts")
    checkLines(
      contacts.lazy.map(\.line), known: before.customer.contacts.lazy.map(\.line),
      "customer.contacts", &violations)
    deal.customer.contacts = contacts
    deal.numberContacts()
    return FieldMask(.customer)
  }

  static func replaceTeam(
    _ team: [TeamMember], _ deal: inout Deal, _ before: Deal, _ violations: inout Violations
  ) -> FieldMask {
    violations.checkTeam(team, "team", atLeast: 0)
    checkLines(team.lazy.map(\.line), known: before.team.lazy.map(\.line), "team", &violations)
    deal.team = team
    deal.numberTeam()
    return FieldMask(.team)
  }

  static func putTeamMember(
    _ member: TeamMember, _ deal: inout Deal, _ violations: inout Violations
  ) -> FieldMask {
    violations.requireReachable(member.person, "put_team_member", "R-106")
    if member.line == 0 {
      deal.team.append(member)
      deal.numberTeam()
    } else if let place = deal.team.firstIndex(where: { $0.line == member.line }) {
      deal.team[place] = member
    } else {
      addUnknownLine(member.line, "put_team_member.line", &violations)
    }
    return FieldMask(.team)
  }

  static func removeTeamMember(
    _ line: UInt32, _ deal: inout Deal, _ violations: inout Violations
  ) -> FieldMask {
    if let place = deal.team.firstIndex(where: { $0.line == line }) {
      deal.team.remove(at: place)
    } else {
      addUnknownLine(line, "remove_team_member", &violations)
    }
    return FieldMask(.team)
  }

  static func replaceSolutions(
    _ solutions: [SolutionLine], _ deal: inout Deal, _ before: Deal, _ violations: inout Violations
  ) throws(Rejection) -> FieldMask {
    try KindsNotYet.check(solutions)
    violations.checkSolutions(solutions, "solutions")
    checkLines(
      solutions.lazy.map(\.line), known: before.solutions.lazy.map(\.line), "solutions",
      &violations)
    deal.solutions = solutions
    deal.numberSolutions()
    return FieldMask(.solutions)
  }

  static func putSolution(
    _ solution: SolutionLine, _ deal: inout Deal, _ violations: inout Violations
  ) throws(Rejection) -> FieldMask {
    try KindsNotYet.check([solution])
    violations.checkSolution(solution, "put_solution")
    if solution.line == 0 {
      deal.solutions.append(solution)
      deal.numberSolutions()
      violations.limit(count: deal.solutions.count, "solutions", max: Limits.solutions)
    } else if let place = deal.solutions.firstIndex(where: { $0.line == solution.line }) {
      deal.solutions[place] = solution
    } else {
      addUnknownLine(solution.line, "put_solution.line", &violations)
    }
    return FieldMask(.solutions)
  }

  static func removeSolution(
    _ line: UInt32, _ deal: inout Deal, _ violations: inout Violations
  ) -> FieldMask {
    if let place = deal.solutions.firstIndex(where: { $0.line == line }) {
      deal.solutions.remove(at: place)
    } else {
      addUnknownLine(line, "remove_solution", &violations)
    }
    return FieldMask(.solutions)
  }

  private static func addUnknownLine(
    _ line: UInt32, _ field: String, _ violations: inout Violations
  ) {
    violations.add(field, "LINE_UNKNOWN", "\(line) is no line of this deal; leave it zero to add")
  }

  /// A replacement keeps lines by their number; new lines have none, and none comes twice.
  private static func checkLines(
    _ lines: some Collection<UInt32>, known: some Collection<UInt32>, _ field: String,
    _ violations: inout Violations
  ) {
    for (index, line) in lines.enumerated() where line != 0 {
      if !known.contains(line) {
        addUnknownLine(line, "\(field)[\(index)].line", &violations)
      } else if lines.prefix(index).contains(line) {
        violations.add("\(field)[\(index)].line", "LINE_TWICE", "\(line) comes twice")
      }
    }
  }
}
