// SPDX-License-Identifier: Apache-2.0
// The states of one organisation's copy of a deal, and the words that describe it. Numbers are for ever.

package import TandemPrimitives

/// Where a copy stands (domain.md 5.1); status and substatus are one value so that no impossible pair exists.
package enum DealStatus: UInt8, Sendable, CaseIterable {
  /// New: delivered, not acknowledged. Next: received, accepted, declined, expired, error.
  case pending = 1
  /// New: acknowledged by an explicit call. Next: accepted, declined, expired, error.
  case received = 2
  /// Active. Next: won, lost, error.
  case accepted = 3
  // Closed; nothing follows.
  case won = 4
  case lost = 5
  case declined = 6
  case expired = 7
  case error = 8

  package var isNew: Bool { self == .pending || self == .received }
  package var isTerminal: Bool {
    switch self {
    case .pending, .received, .accepted: false
    case .won, .lost, .declined, .expired, .error: true
    }
  }
}

package enum Direction: UInt8, Sendable, CaseIterable {
  case inbound = 1
  case outbound = 2
}

/// Derived from help, visibility and solutions; never chosen (domain.md 2.1).
package enum BaseKind: UInt8, Sendable, CaseIterable {
  case privateDeal = 1
  case partnerLed = 2
  case coSell = 3
  case solutionAssessment = 4
}

/// The kind of help asked from an invited organisation.
package enum HelpCode: UInt8, Sendable, CaseIterable {
  case workloadValueProposition = 1
  case technicalArchitecture = 2
  case proofOfConcept = 3
  case quotesOrLicensing = 4
  case postSalesSuccess = 5
  case generalOrOther = 6
}

/// Sales stages; the raw value is the percentage.
///
/// Those of assessments have names of their own.
package enum SalesStage: UInt8, Sendable, CaseIterable, Comparable {
  case created = 10
  case qualified = 20
  case developed = 40
  case proposed = 60
  case negotiated = 80
  case won = 100

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A company's own name of a sales stage, and the standard stage that it stands for.
package struct StageName: Hashable, Sendable {
  package var name: Text
  package var stage: SalesStage
  package init(name: Text, stage: SalesStage) {
    self.name = name
    self.stage = stage
  }
}

/// Why a deal ended (domain.md 4.2).
///
/// Codes are reference data (`Reference/Reasons.swift`); zero means none was needed.
package struct ReasonCode: Hashable, Sendable {
  package let value: UInt8
  package init(_ value: UInt8) { self.value = value }
  /// Expired because the initiator closed the engagement (T11).
  package static let engagementClosed = ReasonCode(100)
  /// The invited organisation does not exist or is closed.
  package static let undeliverable = ReasonCode(101)
}
