// SPDX-License-Identifier: Apache-2.0
// All a rule may know besides state: time, who asks, fresh identifiers, what the realm's directory says.

package import TandemPrimitives

package struct CommandContext: Sendable {
  /// Realm time of the turn; never earlier than the last journaled time.
  package var now: Timestamp
  package var principal: Principal
  package var fresh: FreshIdentifiers
  package var directory: RealmDirectory
  /// What the principal may do with every deal, as far as that was looked up before.
  ///
  /// None says nothing of its rights: rules then look for themselves.
  package var everywhere = AccessPolicy.Actions.none

  package init(
    now: Timestamp, principal: Principal, fresh: FreshIdentifiers, directory: RealmDirectory
  ) {
    self.now = now
    self.principal = principal
    self.fresh = fresh
    self.directory = directory
  }
}

/// Who asks.
package enum Principal: Sendable, Equatable, Hashable {
  /// A user of this tenant, with the service user that acts in its name.
  case user(UserID, via: UserID?, readOnly: Bool)
  /// The operator, by the key from the operator file.
  case systemOperator
  /// The runtime: timers and messages.
  case system
}
