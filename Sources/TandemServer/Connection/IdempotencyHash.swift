// SPDX-License-Identifier: Apache-2.0
// From a request's principal, method, key and body to what the ledger keeps of it. Ledgers outlive
// programs: the same request must give the same hashes in every version.

package import TandemDomain
import TandemPlatform
import TandemPrimitives
package import TandemWire

/// How a repeated request is recognised without storing what it was.
package struct IdempotencyHash {
  /// Has seen the principal, which all requests of a connection share.
  private var begun = SHA256()

  package init(_ principal: Principal) {
    var scope: [UInt8] = []
    switch principal {
    case .user(let user, let via, _):
      scope.append(1)
      scope.append(identifier: user)
      if let via { scope.append(identifier: via) }
    case .systemOperator: scope.append(2)
    case .system: scope.append(3)
    }
    begun.update(scope[...])
  }

  package func key(_ key: Span<UInt8>, method: Method, body: Span<UInt8>) -> RequestKey {
    let number: InlineArray<2, UInt8> = [
      UInt8(truncatingIfNeeded: method.rawValue), UInt8(method.rawValue >> 8),
    ]
    var scope = begun
    scope.update(number.span)
    scope.update(key)
    let scopeDigest = scope.finish()
    var content = SHA256()
    content.update(body)
    let bodyDigest = content.finish()
    return RequestKey(
      scopeHigh: scopeDigest.word0, scopeLow: scopeDigest.word1, digestHigh: bodyDigest.word0,
      digestLow: bodyDigest.word1, madeAt: Self.time(of: key))
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
}
