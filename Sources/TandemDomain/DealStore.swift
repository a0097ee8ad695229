// SPDX-License-Identifier: Apache-2.0
// Seam between rules, which see deals as values, and where a tenant keeps them: values or bytes.

package import TandemPrimitives

/// Where the deals of one tenant live.
package protocol DealStore: SendableMetatype {
  /// The whole deal as a value.
  func deal(_ id: DealID) -> Deal?
  func contains(_ id: DealID) -> Bool
  /// The whole deal as a value that is about to be put back changed.
  mutating func take(_ id: DealID) -> Deal?
  /// The copy of an engagement, if this tenant has one.
  func deal(in engagement: EngagementID) -> DealID?
  /// Adds or replaces a deal as a whole.
  mutating func put(_ deal: Deal)
  /// New copies whose answer is due at or before a time, earliest first, at most `max`.
  func due(at time: Timestamp, max: Int) -> [DealID]
  /// The earliest time at which a New copy is due.
  var nextDue: Timestamp? { get }
  var count: Int { get }
  /// All ids in ascending order; slow, for snapshots and checks.
  var allIDs: [DealID] { get }
}
