// SPDX-License-Identifier: Apache-2.0
// The kinds of help that can be asked for, and with which words notes name them (product.md 3, ruling 22).
// Words are generous: what is wanted is a reader who knows what to do, not a certain wording.

package import TandemPrimitives

extension HelpCode: ReferenceCode {
  package var meaning: String {
    switch self {
    case .workloadValueProposition: "workload-specific value proposition"
    case .technicalArchitecture: "customer technical architecture"
    case .proofOfConcept: "proof of concept or demo"
    case .quotesOrLicensing: "quotes or licensing"
    case .postSalesSuccess: "post-sales customer success"
    case .generalOrOther: "general or other"
    }
  }

  /// Words of notes that name the kind of help: long ones as beginnings of words, those of at most
  /// `wholeWordLetters` letters as whole words.
  ///
  /// None for the general kind, which any words explain.
  package var namedBy: [String] {
    switch self {
    case .workloadValueProposition:
      [
        "workload", "value", "proposition", "benefit", "business", "case", "pitch", "compar",
        "compet", "advantage", "convinc", "position", "saving", "cost", "roi", "tco", "return",
        "invest", "scenario", "usecase", "why", "justif", "outcome", "messag", "story",
      ]
    case .technicalArchitecture:
      [
        "technic", "techno", "archit", "design", "engineer", "integrat", "interface", "migrat",
        "infrastruct", "network", "securi", "complian", "scal", "sizing", "capacity", "perform",
        "platform", "diagram", "blueprint", "landing", "api", "cloud", "config", "topolog",
        "database", "hosting", "hybrid", "system", "specif", "requirement", "feasib",
      ]
    case .proofOfConcept:
      [
        "proof", "prove", "concept", "poc", "pocs", "demo", "pilot", "trial", "prototyp", "test",
        "evaluat", "try", "tryout", "show", "present", "workshop", "mvp", "sandbox", "hands",
        "experiment", "valid",
      ]
    case .quotesOrLicensing:
      [
        "quot", "licen", "pric", "cost", "discount", "offer", "budget", "purchas", "buy", "order",
        "procure", "contract", "subscri", "seat", "renew", "agreement", "sku", "skus", "invoic",
        "commerc", "payment", "rebate", "tender", "bid", "rfp", "rfq", "estimate", "fee", "fees",
        "terms",
      ]
    case .postSalesSuccess:
      [
        "post", "after", "aftersales", "success", "adopt", "onboard", "train", "support", "deploy",
        "rollout", "roll", "implement", "reten", "churn", "renew", "usage", "live", "golive",
        "handover", "hand", "operat", "maint", "enabl", "consum", "expan", "service", "change",
        "educat", "satisf",
      ]
    case .generalOrOther: []
    }
  }

  package static let wholeWordLetters = 3

  static var helpEntries: [ReferenceList.Entry] {
    allCases.map { help in
      var entry = ReferenceList.Entry(UInt32(help.rawValue), help.word, help.meaning)
      entry.namedBy = help.namedBy
      return entry
    }
  }

  /// Whether notes name the kind of help, in any case of letters.
  package func isNamed(in notes: Text) -> Bool {
    if notes.isBlank { return false }
    if namedBy.isEmpty { return true }
    return FoldedName(notes).bytes.split(separator: UInt8(ascii: " ")).contains { word in
      namedBy.contains { known in
        word.count == known.utf8.count
          ? word.elementsEqual(known.utf8)
          : known.utf8.count > Self.wholeWordLetters && word.starts(with: known.utf8)
      }
    }
  }
}

extension Warning {
  /// Ruling 22: help whose kind the notes do not name; nil when they do.
  static func unexplained(_ help: HelpCode, by notes: Text) -> Warning? {
    if help.isNamed(in: notes) { return nil }
    if notes.isBlank {
      return Warning("HELP_NOT_EXPLAINED", "the notes are empty; tell the invitee what is wanted")
    }
    return Warning(
      "HELP_NOT_EXPLAINED",
      "the notes do not name the kind of help, \(help.meaning); say in them what is wanted, with a "
        + "word such as \(help.namedBy.prefix(4).joined(separator: ", "))")
  }
}
