// SPDX-License-Identifier: Apache-2.0
// A deal that sells an assessment (R-109, R-110, domain.md 2.1, 7): it is all that the deal sells, the vendor
// reads it, and nobody is invited.

import TandemPrimitives

extension [SolutionLine] {
  /// What the catalogue made of the lines decides the kind of the deal.
  var sellAssessment: Bool { contains { $0.group == .assessment } }
}

extension Violations {
  /// Everything that is wrong with a new deal because it sells an assessment; its lines are those of
  /// the catalogue.
  mutating func checkAssessment(
    _ command: CreateDeal, _ organisation: Organisation, _ locations: [LocationID: Location]
  ) {
    for (index, line) in command.solutions.prefix(Limits.solutions).enumerated() {
      checkAssessmentLocation(line, "solutions[\(index)]", locations)
      guard line.group == .assessment, !organisation.isAssessmentVetted else { continue }
      add(
        "solutions[\(index)].solution_id", "NOT_VETTED",
        "is an assessment, and your organisation is not vetted for assessments; ask the operator of "
          + "this realm (R-110)")
    }
    guard command.solutions.sellAssessment else { return }
    if command.solutions.count > 1 {
      add(
        "solutions", "R-109",
        "an assessment is the only solution of its deal; sell the others with another deal")
    }
    if command.help != nil {
      add(
        "help", Self.notForAssessments, "nobody is invited to an assessment (section 7)",
        rules: ["section 7"])
    }
    if command.visibleToVendor {
      add(
        "visible_to_vendor", Self.notForAssessments,
        "is not asked of assessments: the vendor reads them all; leave it out (section 2.1)",
        rules: ["section 2.1"])
    }
    if !command.notesToVendor.isEmpty {
      add(
        "notes_to_vendor", Self.notForAssessments,
        "are for whoever is invited, and nobody is to an assessment; leave them out (section 7)",
        rules: ["section 7"])
    }
  }

  /// where the assessment is made decides who is paid for it; other lines have no such place.
  mutating func checkAssessmentLocation(
    _ line: SolutionLine, _ field: @autoclosure () -> String, _ locations: [LocationID: Location]
  ) {
    guard line.group == .assessment else {
      if !line.assessmentLocation.isZero {
        add(
          field() + ".assessment_location_id", "R-109", "is for assessments only; leave it out")
      }
      return
    }
    if line.assessmentLocation.isZero {
      add(
        field() + ".assessment_location_id", "R-109",
        "is required; give the location of your organisation that makes the assessment")
    } else if locations[line.assessmentLocation] == nil {
      add(
        field() + ".assessment_location_id", "LOCATION_UNKNOWN",
        "\(line.assessmentLocation) is no location of your organisation")
    }
  }

  /// What a request that names an assessment and nothing else is told.
  static func ofAssessment(in state: TenantState) -> [Violation] {
    guard let organisation = state.organisation else { return [] }
    var nothing = CreateDeal.nothing(help: nil)
    nothing.solutions = [
      SolutionLine(
        line: 0, solution: .zero, name: .empty, group: .assessment, quantityMilli: 0, price: nil)
    ]
    var violations = Violations()
    violations.checkAssessment(nothing, organisation, state.locations)
    return violations.found
  }

  static let notForAssessments = "NOT_FOR_ASSESSMENTS"
}

extension Deal {
  /// domain.md 7: nobody is invited to an assessment.
  func requireNoAssessment() throws(Rejection) {
    guard isAssessment else { return }
    throw Rejection(
      .failedPrecondition, Violations.notForAssessments,
      "nobody is invited to an assessment; create another deal to sell together (section 7)",
      rules: ["section 7"])
  }

  /// what is assessed never changes; nil on other deals.
  var solutionsLock: Violation? {
    guard isAssessment else { return nil }
    return Violation(
      "solutions", "R-404",
      "is fixed since the assessment was created; close it as an error and create another",
      until: .created)
  }
}
