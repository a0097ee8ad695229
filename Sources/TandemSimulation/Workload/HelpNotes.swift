// SPDX-License-Identifier: Apache-2.0
// Notes with which simulated clients ask for help, and which kind each of them names (ruling 22). The model
// knows these by heart and no words of any list.

import TandemDomain
import TandemPrimitives

enum HelpNotes {
  private static let known: [(notes: Text, named: HelpCode?)] = [
    ("please look at it", nil), ("a demo for two branches", .proofOfConcept),
    ("Prices for 40 seats, please", .quotesOrLicensing),
    ("who trains them after the start?", .postSalesSuccess),
    ("HOW TO MIGRATE THE ARCHIVE", .technicalArchitecture),
    ("why this workload?", .workloadValueProposition),
  ]

  /// One after the other.
  static func notes(_ number: Int) -> Text { known[number % known.count].notes }

  /// Whether they say what help of a kind is wanted for.
  static func explain(_ help: HelpCode, _ notes: Text) -> Bool {
    if notes.isEmpty { return false }
    return help == .generalOrOther || known.contains { $0.notes == notes && $0.named == help }
  }
}
