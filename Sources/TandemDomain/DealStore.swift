// SPDX-License-Identifier: Apache-2.0
// Seam between rules, which see deals as values, and where a tenant keeps them: values or bytes.

package import TandemPrimitives

/// Where the deals of one tenant live.
///
/// Rules borrow it: a store is large, and none is ever copied to ask it something.
package protocol DealStore: ~Copyable, SendableMetatype {
  /// The whole deal as a value.
  func deal(_ id: DealID) -> Deal?
  func contains(_ id: DealID) -> Bool
  /// The copy of an engagement, if this tenant has any: of several the newest, which was asked last.
  func deal(in engagement: EngagementID) -> DealID?
  /// Adds a deal that is not there yet.
  mutating func add(_ deal: Deal)
  /// Gives fields of a deal new values, as `Deal.apply` does.
  mutating func apply(_ changed: DealChanged)
  /// New copies whose answer or reminder is due at or before a time, earliest first, at most `max`.
  func due(at time: Timestamp, max: Int) -> [DealID]
  /// The earliest time at which a New copy is due so.
  var nextDue: Timestamp? { get }
  /// Copies that have not ended and whose customer may be this one, at most `max`, rather those that were
  /// made last.
  func openDeals(of customer: Customer, max: Int) -> [DealID]
  var count: Int { get }
  /// All ids in ascending order; slow, for snapshots and checks.
  var allIDs: [DealID] { get }
}
