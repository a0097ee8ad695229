// SPDX-License-Identifier: Apache-2.0
// How quickly an organisation answers invitations, in steps so coarse that they tell nothing of
// a single deal.

package import TandemPrimitives

/// A better one raises an organisation in searches; there is none that lowers it.
package enum Responsiveness: UInt8, Sendable, CaseIterable, Comparable {
  /// Too few answers to tell, or too many late ones.
  case unproven = 0
  case steady = 1
  case prompt = 2
  case swift = 3

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// How many of a hundred invitations are answered in time, at least.
  private var answeredPercent: UInt64 {
    switch self {
    case .unproven: 0
    case .steady: 50
    case .prompt: 75
    case .swift: 90
    }
  }

  /// Which part of the time to answer an answer takes on average, at most: a day of the usual 14.
  private var partOfWindow: Int64 {
    switch self {
    case .unproven: 1
    case .steady: 2
    case .prompt: 4
    case .swift: 14
    }
  }

  /// Answers between two looks: too few to tell, and how often the realm hears of changes.
  package static let answersPerLook: UInt64 = 5

  /// The best step that the recorded answers reach.
  package static func of(_ answers: AnswerStatistics, window: Timestamp.Span) -> Responsiveness {
    guard answers.answered > 0, answers.count >= answersPerLook else { return .unproven }
    let mean = answers.answeredMilliseconds / Int64(clamping: answers.answered)
    let percent = answers.answered * 100 / answers.count
    return allCases.last {
      percent >= $0.answeredPercent && mean <= window.milliseconds / $0.partOfWindow
    } ?? .unproven
  }
}

extension AnswerStatistics {
  package var answered: UInt64 { accepted + declined }
  package var count: UInt64 { answered + expired }
}

extension [Event] {
  /// Tells the realm's directory when the answers of this turn changed how quickly the organisation
  /// counts as answering; at most once in so many answers.
  mutating func tellResponsiveness(_ state: TenantState) {
    guard let realm = state.realm else { return }
    var answers = state.answerTimes
    for case .answerRecorded(let answer) in self { answers.add(answer) }
    let perLook = Responsiveness.answersPerLook
    guard answers.count / perLook != state.answerTimes.count / perLook else { return }
    let now = Responsiveness.of(answers, window: realm.policy.answerWindow)
    guard now != answers.told else { return }
    send(.responsivenessChanged(now), to: realm.directory, state)
  }
}

extension TenantState {
  /// A directory hears of an organisation that it lists; the whole realm is told by its event.
  func receive(
    _ responsiveness: Responsiveness, from sender: TenantID, _ events: inout [Event]
  ) {
    guard var entry = entries[sender], entry.responsiveness != responsiveness else { return }
    entry.responsiveness = responsiveness
    events.append(.organisationListed(entry))
  }
}
