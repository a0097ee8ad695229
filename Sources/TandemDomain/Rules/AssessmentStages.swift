// SPDX-License-Identifier: Apache-2.0
// The stages of assessments (R-602, G07): percentages of standard stages with names of their own, completed
// one after another and never taken back.

import TandemPrimitives

extension SalesStage {
  /// What an assessment completes, in order; all of it before it is won.
  package static let ofAssessments: [SalesStage] = [.qualified, .developed, .proposed, .negotiated]

  /// What the stages of assessments are called; the first of each is the name that is told.
  private static let assessmentNames: [(name: String, stage: SalesStage)] = [
    ("secure_customer_loe", .qualified), ("collect_data", .developed),
    ("prepare_report", .proposed), ("prepare_assessment_report", .proposed),
    ("present_to_customer", .negotiated),
  ]

  /// A stage of assessments by its name, with blanks or underscores.
  init?(assessmentName name: Text) {
    let word = String(name.string.lowercased().map { $0 == " " ? "_" : $0 })
    guard let stage = Self.assessmentNames.first(where: { $0.name == word })?.stage else {
      return nil
    }
    self = stage
  }

  /// What the stage is called on an assessment.
  var assessmentName: String {
    Self.assessmentNames.first { $0.stage == self }?.name ?? name
  }

  /// What is done when the stage of an assessment is complete.
  var assessmentMeaning: String {
    switch self {
    case .qualified: "the customer signed a letter of engagement"
    case .developed: "the customer's data are collected"
    case .proposed: "the assessment report is prepared"
    case .negotiated: "the report is presented to the customer"
    case .created, .won: meaning
    }
  }

  /// For example `collect_data (40 %)`.
  fileprivate var assessmentText: String { "\(assessmentName) (\(rawValue) %)" }

  /// Exactly the stage of an assessment that is asked for: nothing is rounded.
  fileprivate init?(exactly asked: AskedStage, among own: [StageName]) {
    let found: SalesStage?
    switch asked {
    case .percent(let percent):
      found = UInt8(exactly: percent).flatMap(SalesStage.init(rawValue:))
    case .named(let name):
      if let stage = SalesStage(assessmentName: name) {
        found = stage
      } else if let own = own.first(where: { $0.name.equalsIgnoringCase(name) }) {
        found = own.stage
      } else {
        // Only the ends are called alike.
        found = SalesStage(asked, among: []).flatMap {
          Self.ofAssessments.contains($0) ? nil : $0
        }
      }
    }
    guard let found else { return nil }
    self = found
  }
}

extension Deal {
  var isAssessment: Bool { baseKind == .solutionAssessment }

  /// What is left of an assessment, the next one first.
  var stagesToComplete: [SalesStage] {
    let completed = assessment?.completed ?? []
    return SalesStage.ofAssessments.filter { stage in !completed.contains { $0.stage == stage } }
  }

  /// an assessment is won when all of it is done.
  func requireStagesComplete() throws(Rejection) {
    guard isAssessment else { return }
    let missing = stagesToComplete
    guard !missing.isEmpty else { return }
    let names = missing.map(\.assessmentText).joined(separator: ", ")
    throw Rejection(
      .failedPrecondition, "STAGES_INCOMPLETE",
      "an assessment is won when all its stages are complete; complete \(names) first (R-602)",
      rules: ["R-602"],
      violations: missing.map {
        Violation("stage", "R-602", "\($0.assessmentText) is not complete")
      })
  }

  /// Why no stage can be set; nil when one can.
  var stageLock: Violation? {
    guard isAssessment, stagesToComplete.isEmpty else { return nil }
    return Violation(
      "stage", "R-602", "is complete: all stages of the assessment are; win it", until: .completed)
  }

  /// The assessment with one more stage complete.
  func completing(_ stage: SalesStage, at now: Timestamp) -> Assessment {
    var done = assessment ?? Assessment(completed: [])
    done.completed.append(CompletedStage(stage: stage, at: now))
    return done
  }
}

extension Violations {
  /// The stage that an assessment is asked to have: the next one, or the one that it has.
  mutating func requireNext(
    _ asked: AskedStage, _ field: String, of deal: Deal, among own: [StageName]
  ) -> SalesStage? {
    let next = deal.stagesToComplete.first
    let advice = next.map { "the next is \($0.assessmentText)" } ?? "all are complete, win the deal"
    guard let stage = SalesStage(exactly: asked, among: own) else {
      add(field, "G07", "\(asked.words) is no stage of an assessment; \(advice)")
      return nil
    }
    if stage == .won {
      add(field, "R-406", "100 % is reached by winning the deal, not by an edit")
      return nil
    }
    if stage == deal.stage || stage == next { return stage }
    let standing = stage < deal.stage ? "behind this assessment" : "not the next stage"
    add(
      field, "R-602",
      "\(stage.assessmentText) is \(standing); stages are completed one after another and never "
        + "taken back, \(advice)")
    return nil
  }
}

extension AskedStage {
  fileprivate var words: String {
    switch self {
    case .percent(let percent): "\(percent) %"
    case .named(let name): "\"\(name.string.prefix(64))\""
    }
  }
}
