// SPDX-License-Identifier: Apache-2.0
// A deal as it was: the changes of its history put together again, up to a version or a time.

package import TandemPrimitives

/// Which past of a deal is asked for.
package struct DealAsOf: Sendable, Equatable {
  package enum Moment: Sendable, Equatable {
    case version(UInt64)
    /// After everything that happened then.
    case time(Timestamp)
  }
  package var deal: DealID
  package var moment: Moment
  package init(deal: DealID, moment: Moment) {
    self.deal = deal
    self.moment = moment
  }
}

/// Takes the commits of a deal's history, oldest first, and keeps what the deal was.
package struct PastDeal: Sendable, Equatable {
  /// Commits that are read at a time.
  package static let commitsPerPage = 500

  package let wanted: DealAsOf
  /// The deal as far as it was told; nil before its beginning.
  package private(set) var deal: Deal?
  /// Nothing that is still to come belongs to what was asked for.
  package private(set) var isComplete = false
  /// The last commit that was taken.
  package private(set) var commit: UInt64 = 0

  package init(_ wanted: DealAsOf) { self.wanted = wanted }

  package mutating func take(_ commit: Commit) {
    if case .time(let time) = wanted.moment, commit.at > time { isComplete = true }
    self.commit = commit.sequence
    for event in commit.events where !isComplete { take(event) }
  }

  private mutating func take(_ event: Event) {
    if let begun = event.begunDeal, begun.id == wanted.deal {
      deal = begun
    } else if case .dealChanged(let change) = event, change.deal == wanted.deal {
      deal?.apply(change)
    }
    if case .version(let version) = wanted.moment, deal?.version == version { isComplete = true }
  }

  /// The deal as it was, once all of its history was taken or `isComplete`.
  package func result() throws(Rejection) -> Deal {
    guard let deal else {
      throw Rejection(
        .outOfRange, "BEFORE_CREATION", "the deal did not exist then; ask for a later time")
    }
    if case .version(let version) = wanted.moment, deal.version != version {
      throw Rejection(
        .outOfRange, "VERSION_UNKNOWN",
        "the deal has versions 1 to \(deal.version), and none with number \(version)")
    }
    return deal
  }
}
