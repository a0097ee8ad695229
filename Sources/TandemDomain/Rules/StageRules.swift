// SPDX-License-Identifier: Apache-2.0
// Sales stages as companies speak of them, mapped to the standard ones (R-603, G07).

package import TandemPrimitives

/// A sales stage as a request names it.
package enum AskedStage: Sendable, Equatable {
  /// 0 to 100; what lies between two stages is the lower one.
  case percent(UInt32)
  /// A standard stage, or what it is also called, in any case of its letters.
  indirect case named(Text)
}

extension SalesStage {
  /// The standard stage that a request means; nil when there is none.
  package init?(_ asked: AskedStage) {
    switch asked {
    case .percent(let percent):
      guard percent <= 100 else { return nil }
      self = Self.allCases.last { UInt32($0.rawValue) <= percent } ?? .created
    case .named(let name):
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

  fileprivate var name: String { Self.names.first { $0.stage == self }?.name ?? "" }

  fileprivate static var nameList: String {
    allCases.dropLast().map { "\($0.name) (\($0.rawValue) %)" }.joined(separator: ", ")
  }
}

extension Violations {
  /// The stage that is asked for, unless it is none or not to be had by an edit.
  mutating func require(_ asked: AskedStage, _ field: String) -> SalesStage? {
    guard let stage = SalesStage(asked) else {
      add(field, "G07", asked.unknown)
      return nil
    }
    guard stage != .won else {
      add(field, "R-406", "100 % is reached by winning the deal, not by an edit")
      return nil
    }
    return stage
  }
}

extension AskedStage {
  fileprivate var unknown: String {
    switch self {
    case .percent(let percent): "\(percent) is no percentage; give 0 to 100"
    case .named(let name):
      "\"\(name.string.prefix(64))\" is no sales stage; give \(SalesStage.nameList) or a percentage"
    }
  }
}

extension PatchDeal {
  /// Said when a percentage lies between two stages, so that nobody wonders what became of it.
  var stageWarnings: [Warning] {
    var warnings: [Warning] = []
    for index in edits.indices {
      guard case .stage(.percent(let percent)) = edits[index],
        let stage = SalesStage(.percent(percent)), percent != UInt32(stage.rawValue)
      else { continue }
      warnings = [
        Warning(
          "STAGE_MAPPED", "\(percent) % is the stage \(stage.name), \(stage.rawValue) % (G07)")
      ]
    }
    return warnings
  }
}
