// SPDX-License-Identifier: Apache-2.0
// Issuing and revoking keys. The core sees hashes only; the secret is made and shown elsewhere.

import TandemPrimitives

package enum AdministeringKeys {
  /// SHA-256.
  static let hashBytes = 32

  package static func issue(
    _ command: IssueKey, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerKeys, context.principal)
    invariant(command.secretHash.count == hashBytes, "secrets are hashed before they come here")
    guard let user = state.users[command.user] else {
      throw Rejection(.notFound, "USER_NOT_FOUND", "there is no user \(command.user)")
    }
    guard user.isActive else {
      throw Rejection(
        .failedPrecondition, "USER_INACTIVE", "an inactive user gets no key; activate it first")
    }
    var violations = Violations()
    violations.limit(command.label, "label", max: Limits.nameBytes)
    try violations.throwIfAny()
    let valid = state.keys.values.filter { $0.revokedAt == nil }.count
    guard valid < Limits.keysPerOrganisation else {
      throw .full("valid keys", valid, Limits.keysPerOrganisation)
    }
    let key = AccessKey(
      id: context.fresh.next(at: context.now), user: user.id, label: command.label,
      secretHash: command.secretHash, readOnly: command.readOnly, createdAt: context.now,
      revokedAt: nil)
    return Decision(events: [.keyIssued(key)], answer: .key(key.id))
  }

  package static func revoke(
    _ command: RevokeKey, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerKeys, context.principal)
    guard let key = state.keys[command.key] else {
      throw Rejection(.notFound, "KEY_NOT_FOUND", "there is no key \(command.key)")
    }
    guard key.revokedAt == nil else { return Decision(events: [], answer: .key(key.id)) }
    return Decision(events: [.keyRevoked(key.id, at: context.now)], answer: .key(key.id))
  }
}
