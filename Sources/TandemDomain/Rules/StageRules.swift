// SPDX-License-Identifier: Apache-2.0
// Sales stages as companies speak of them, mapped to the standard ones (R-603, G07).

package import TandemPrimitives

/// A sales stage as a request names it.
package enum AskedStage: Sendable, Equatable {
  /// 0 to 100; what lies between two stages is the lower one.
  case percent(UInt32)
  /// One of the organisation's own names, a standard stage or what it is also called, in any case of
  /// its letters.
  indirect case named(Text)
}

extension SalesStage {
  /// The standard stage that a request means; nil when there is none.
  ///
  /// Own names go first; none is a standard name of another stage.
  package init?(_ asked: AskedStage, among own: [StageName]) {
    switch asked {
    case .percent(let percent):
      guard percent <= 100 else { return nil }
      self = Self.allCases.last { UInt32($0.rawValue) <= percent } ?? .created
    case .named(let name):
      if let found = own.first(where: { $0.name.equalsIgnoringCase(name) }) {
        self = found.stage
        return
      }
      let word = name.string.lowercased()
      guard let stage = Self.names.first(where: { $0.name == word })?.stage else { return nil }
      self = stage
    }
  }

  /// What stages are called; the first of each is the standard name.
  private static let names: [(name: String, stage: SalesStage)] = [
    ("created", .created), ("accepted", .created), ("qualified", .qualified),
    ("qualify", .qualified), ("developed", .developed), ("develop", .developed),
    ("proposed", .proposed), ("propose", .proposed), ("negotiated", .negotiated),
    ("negotiate", .negotiated), ("close", .negotiated), ("won", .won),
  ]

  package var name: String { Self.names.first { $0.stage == self }?.name ?? "" }

  fileprivate static var nameList: String {
    allCases.dropLast().map { "\($0.name) (\($0.rawValue) %)" }.joined(separator: ", ")
  }
}

extension SalesStage: ReferenceCode {
  package var meaning: String {
    switch self {
    case .created: "created, or accepted where it is inbound"
    case .qualified: "value and requirements are known well enough to go on"
    case .developed: "requirements are known in detail, a proof of concept is prepared"
    case .proposed: "a formal proposal was made"
    case .negotiated: "final terms are negotiated"
    case .won: "won; reached by winning the deal"
    }
  }
}

extension Violations {
  /// The stage that is asked for, unless it is none or not to be had by an edit.
  mutating func require(
    _ asked: AskedStage, _ field: String, among own: [StageName]
  ) -> SalesStage? {
    guard let stage = SalesStage(asked, among: own) else {
      add(field, "G07", asked.unknown(among: own))
      return nil
    }
    guard stage != .won else {
      add(field, "R-406", "100 % is reached by winning the deal, not by an edit")
      return nil
    }
    return stage
  }
}

extension Violations {
  /// Exactly a standard stage that edits can reach: what is set once for all is not mapped.
  mutating func requireStandard(
    _ percent: UInt32, _ field: @autoclosure () -> String
  ) -> SalesStage {
    let stage = UInt8(exactly: percent).flatMap(SalesStage.init(rawValue:))
    if let stage, stage != .won { return stage }
    add(
      field(), "G07", "\(percent) % is no stage that an edit can reach; give \(SalesStage.nameList)"
    )
    return .created
  }
}

extension AskedStage {
  fileprivate func unknown(among own: [StageName]) -> String {
    switch self {
    case .percent(let percent): return "\(percent) is no percentage of an open deal; give 0 to 99"
    case .named(let name):
      let kind =
        SalesStage(assessmentName: name) == nil ? "is no sales stage" : "is a stage of assessments"
      let known = own.prefix(20).map { "\($0.name.string) (\($0.stage.rawValue) %), " }.joined()
      return "\"\(name.string.prefix(64))\" \(kind); give \(known)"
        + "\(SalesStage.nameList) or a percentage"
    }
  }
}

extension PatchDeal {
  /// Said when a percentage lies between two stages, so that nobody wonders what became of it.
  var stageWarnings: [Warning] {
    var warnings: [Warning] = []
    for index in edits.indices {
      guard case .stage(.percent(let percent)) = edits[index],
        let stage = SalesStage(.percent(percent), among: []), percent != UInt32(stage.rawValue)
      else { continue }
      warnings = [
        Warning(
          "STAGE_MAPPED", "\(percent) % is the stage \(stage.name), \(stage.rawValue) % (G07)")
      ]
    }
    return warnings
  }
}
