// SPDX-License-Identifier: Apache-2.0
// One turn that changed something: its events with who, when and why. Exactly one journal record.

package import TandemPrimitives

package struct Commit: Sendable, Equatable {
  /// Per tenant, contiguous, from 1.
  package var sequence: UInt64
  package var at: Timestamp
  /// Who asked; nil for timers and messages.
  package var actor: UserID?
  /// The service user that acted in the actor's name.
  package var via: UserID?
  /// Remembered so that a repeated request gets the same answer.
  ///
  /// Not `LedgerEntry?`: a variable of that form is made once as nil and then again.
  package var ledger: Optional<LedgerEntry>
  package var events: [Event]
}

// Not in the type: an initializer that sets one property after the other copies what it made.
extension Commit {
  package init(
    sequence: UInt64, at: Timestamp, actor: UserID?, via: UserID?, events: [Event],
    ledger: LedgerEntry?
  ) {
    self.init(
      sequence: sequence, at: at, actor: actor, via: via, ledger: ledger, events: events)
  }
}

/// A finished request: scope hash of (principal, method, key), digest of its body, encoded answer.
package struct LedgerEntry: Sendable, Equatable {
  package var key: RequestKey
  /// Shares the buffer that it was encoded or read in; who keeps it copies it.
  package var answer: ArraySlice<UInt8>

  package init(key: RequestKey, answer: ArraySlice<UInt8>) {
    self.key = key
    self.answer = answer
  }

  package init(key: RequestKey, answer: [UInt8]) { self.init(key: key, answer: answer[...]) }

  /// Nil for a request without a key.
  package init?(key: RequestKey?, answer: [UInt8]) {
    guard let key else { return nil }
    self.init(key: key, answer: answer[...])
  }
}

/// What makes a request recognisable; hashes are computed outside the core.
package struct RequestKey: Sendable, Equatable, Hashable {
  /// First 16 bytes of SHA-256 over principal, method and idempotency key.
  package var scopeHigh: UInt64
  package var scopeLow: UInt64
  /// First 16 bytes of SHA-256 over the request body.
  package var digestHigh: UInt64
  package var digestLow: UInt64
  /// The key's own time when it is a UUIDv7, for the horizon.
  package var madeAt: Timestamp?
  package init(
    scopeHigh: UInt64, scopeLow: UInt64, digestHigh: UInt64, digestLow: UInt64,
    madeAt: Timestamp?
  ) {
    self.scopeHigh = scopeHigh
    self.scopeLow = scopeLow
    self.digestHigh = digestHigh
    self.digestLow = digestLow
    self.madeAt = madeAt
  }
}
