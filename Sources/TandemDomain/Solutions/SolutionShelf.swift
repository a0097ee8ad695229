// SPDX-License-Identifier: Apache-2.0
// What an organisation may choose from the catalogue, and what becomes of the lines that it asks for
// . Its own solutions are known at once, those of others when the directory told them.

package import TandemPrimitives

/// A solution as one organisation sees it.
package struct ShelvedSolution: Sendable, Equatable {
  package var solution: Solution
  package var ownerName: Text
  package var group: SolutionGroup
}

package struct SolutionShelf: Sendable {
  private let organisation: Organisation
  private let own: [SolutionID: Solution]
  private let directory: RealmDirectory

  package init(_ organisation: Organisation, _ state: TenantState, _ directory: RealmDirectory) {
    self.organisation = organisation
    own = state.solutions
    self.directory = directory
  }

  /// One that this organisation may know of; those of others only while everybody may choose them.
  package func find(_ id: SolutionID) -> ShelvedSolution? {
    if let solution = own[id] { return shelved(solution) }
    guard let catalogue = directory.catalogue, let solution = catalogue.solution(id),
      catalogue.offers(solution)
    else { return nil }
    return shelved(solution)
  }

  /// By name, from the first behind `after`; one's own ones, or all that may be chosen.
  package func list(
    _ list: ListSolutions
  ) throws(Rejection) -> (page: [ShelvedSolution], isMore: Bool) {
    var last: Solution?
    if let id = list.after {
      last = own[id] ?? directory.catalogue?.solution(id)
      guard last != nil else {
        throw .invalid("cursor", "FIELD_INVALID", "this cursor did not come from ListSolutions")
      }
    }
    let size = Int(list.pageSize)
    var found = own.values.filter { solution in
      solution.name.hasPrefixIgnoringCase(list.namePrefix)
        && (last.map { $0.precedes(solution) } ?? true)
    }
    // A directory keeps what everybody publishes.
    if !list.ownOnly, organisation.kind != .directory, let catalogue = directory.catalogue {
      found += catalogue.find(
        list.namePrefix, after: last, except: organisation.id,
        assessments: organisation.isAssessmentVetted, max: size + 1)
    }
    found.sort { $0.precedes($1) }
    return (found.prefix(size).map(shelved), found.count > size)
  }

  /// Whose it is follows from its owner; the vendor is one party, however many desks it has.
  private func shelved(_ solution: Solution) -> ShelvedSolution {
    let isAssessment = solution.type == .assessment
    guard solution.owner != organisation.id else {
      return ShelvedSolution(
        solution: solution, ownerName: organisation.name,
        group: isAssessment ? .assessment : .ownCompany)
    }
    let owner = directory.organisations[solution.owner]
    let group: SolutionGroup =
      switch (owner?.kind, organisation.kind) {
      case _ where isAssessment: .assessment
      case (.vendor, .vendor): .ownCompany
      case (.vendor, _): .vendor
      case (.partner, _), (.directory, _), (nil, _): .otherThirdParty
      }
    return ShelvedSolution(solution: solution, ownerName: owner?.name ?? .empty, group: group)
  }

  // MARK: Lines

  /// What a new line asks for, with name and group of the catalogue.
  package func take(
    _ asked: SolutionLine, _ field: @autoclosure () -> String, _ violations: inout Violations
  ) -> SolutionLine {
    guard !asked.solution.isZero else {
      violations.add(field() + ".solution_id", "R-107", "is required; ListSolutions tells them")
      return asked
    }
    guard let found = find(asked.solution) else {
      violations.add(
        field() + ".solution_id", "SOLUTION_UNKNOWN",
        "\(asked.solution) is no solution that you may choose; ListSolutions tells them")
      // Nothing follows from what nobody knows.
      var unknown = asked
      unknown.group = nil
      return unknown
    }
    let solution = found.solution
    if !solution.isActive {
      violations.add(
        field() + ".solution_id", "SOLUTION_INACTIVE", "\(solution.name) is no longer sold")
    } else if !solution.isCoSellReady, found.group == .ownCompany, organisation.kind == .partner {
      violations.add(
        field() + ".solution_id", "R-108",
        "\(solution.name) is not co-sell ready; publish it as such first")
    }
    return asked.named(solution.name, found.group, field(), &violations)
  }

  /// A line that stays is what it was, whatever became of its solution; else it is taken as new.
  func keep(
    _ asked: SolutionLine, of old: [SolutionLine], _ field: @autoclosure () -> String,
    _ violations: inout Violations
  ) -> SolutionLine {
    guard asked.line != 0,
      let same = old.first(where: { $0.line == asked.line && $0.solution == asked.solution })
    else { return take(asked, field(), &violations) }
    return asked.named(same.name, same.group, field(), &violations)
  }
}

extension SolutionLine {
  /// Name and group follow from the solution; to say them is to expect them.
  fileprivate func named(
    _ name: Text, _ group: SolutionGroup?, _ field: @autoclosure () -> String,
    _ violations: inout Violations
  ) -> SolutionLine {
    var line = self
    if !self.name.isEmpty, self.name != name {
      violations.add(
        field() + ".name", "SOLUTION_NAME", "is \"\(name)\" in the catalogue; leave it out")
    }
    if let asked = self.group, let group, asked != group {
      violations.add(field() + ".group", "R-107", "is \(group) for you; leave it out")
    }
    line.name = name
    line.group = group
    return line
  }
}
