// SPDX-License-Identifier: Apache-2.0
// From a request's principal, method, key and body to what the ledger keeps of it. Ledgers outlive
// programs: the same request must give the same hashes in every version.

package import TandemDomain
import TandemPlatform
import TandemPrimitives
package import TandemWire

/// How a repeated request is recognised without storing what it was.
package struct IdempotencyHash {
  /// What all requests of a connection share, the principal, and room for a method behind it.
  private var scope: InlineArray<40, UInt8>
  private let principalBytes: Int

  package init(_ principal: Principal) {
    var bytes: [UInt8] = []
    switch principal {
    case .user(let user, let via, _):
      bytes.append(1)
      bytes.append(identifier: user)
      if let via { bytes.append(identifier: via) }
    case .systemOperator: bytes.append(2)
    case .system: bytes.append(3)
    }
    principalBytes = bytes.count
    scope = InlineArray { index in index < bytes.count ? bytes[index] : 0 }
  }

  package func key(_ key: Span<UInt8>, method: Method, body: Span<UInt8>) -> RequestKey {
    let scope = scope(of: method)
    let nothing: [UInt8] = []
    return Self.key(
      SHA256.digest(of: scope.span.extracting(first: principalBytes + 2), key),
      SHA256.digest(of: nothing.span, body), madeAt: Self.time(of: key))
  }

  /// The same for bytes that still lie where they were received.
  func key(
    _ key: borrowing RawSpan, method: Method, body: borrowing RawSpan
  ) -> RequestKey {
    let scope = scope(of: method)
    let nothing: [UInt8] = []
    return Self.key(
      SHA256.digest(of: scope.span.extracting(first: principalBytes + 2), key),
      SHA256.digest(of: nothing.span, body), madeAt: Self.time(of: key))
  }

  private func scope(of method: Method) -> InlineArray<40, UInt8> {
    var scope = scope
    scope[principalBytes] = UInt8(truncatingIfNeeded: method.rawValue)
    scope[principalBytes + 1] = UInt8(method.rawValue >> 8)
    return scope
  }

  private static func key(_ scope: Digest, _ body: Digest, madeAt: Timestamp?) -> RequestKey {
    RequestKey(
      scopeHigh: scope.word0, scopeLow: scope.word1, digestHigh: body.word0,
      digestLow: body.word1, madeAt: madeAt)
  }

  /// The moment inside a UUIDv7, nil for any other key.
  private static func time(of key: Span<UInt8>) -> Timestamp? {
    guard key.count == 16, key[6] >> 4 == 7, key[8] >> 6 == 2 else {
      return nil
    }
    var milliseconds: Int64 = 0
    for index in 0..<6 { milliseconds = milliseconds << 8 | Int64(key[index]) }
    return Timestamp(milliseconds: milliseconds)
  }

  private static func time(of key: borrowing RawSpan) -> Timestamp? {
    guard key.byteCount == 16, key.byte(at: 6) >> 4 == 7, key.byte(at: 8) >> 6 == 2 else {
      return nil
    }
    return Timestamp(milliseconds: Int64(key.bigEndian64(at: 0) >> 16))
  }
}
