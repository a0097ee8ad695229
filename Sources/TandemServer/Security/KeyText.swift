// SPDX-License-Identifier: Apache-2.0
// The printed form of API keys and operator keys. Must not log, store or compare them.

package import TandemPrimitives

/// A client's key as text: which tenant, which key, and its 256-bit secret.
package struct KeyText: Sendable, Equatable {
  package let tenant: TenantID
  package let key: KeyID
  package let secret: [UInt8]

  package init(tenant: TenantID, key: KeyID, secret: [UInt8]) {
    invariant(secret.count == 32, "a secret has 256 bits, found \(secret.count) bytes")
    self.tenant = tenant
    self.key = key
    self.secret = secret
  }

  package var text: String { "tdk_\(tenant.digits)\(key.digits)_\(SecretDigits.text(secret))" }

  /// Reads `tdk_` + 26 + 26 digits + `_` + 52 digits; nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 109, text.hasPrefix("tdk_"), bytes[56] == UInt8(ascii: "_") else {
      return nil
    }
    let tenantDigits = String(decoding: bytes[4..<30], as: UTF8.self)
    let keyDigits = String(decoding: bytes[30..<56], as: UTF8.self)
    guard let tenant = TenantID("\(TenantKind.prefix)_\(tenantDigits)") else { return nil }
    guard let key = KeyID("\(KeyKind.prefix)_\(keyDigits)") else { return nil }
    guard let secret = SecretDigits.read(bytes[57...]) else { return nil }
    self.init(tenant: tenant, key: key, secret: secret)
  }
}

/// The operator's key: `tdo_` and 52 digits.
package struct OperatorKeyText: Sendable, Equatable {
  package let secret: [UInt8]

  package init(secret: [UInt8]) {
    invariant(secret.count == 32, "a secret has 256 bits, found \(secret.count) bytes")
    self.secret = secret
  }

  package var text: String { "tdo_\(SecretDigits.text(secret))" }

  package init?(_ text: String) {
    guard text.hasPrefix("tdo_") else { return nil }
    guard let secret = SecretDigits.read(ArraySlice(Array(text.utf8.dropFirst(4)))) else {
      return nil
    }
    self.init(secret: secret)
  }
}

/// 256 bits as 52 Crockford digits; the last digit carries one bit and four zeros.
enum SecretDigits {
  static func text(_ secret: [UInt8]) -> String {
    var text = ""
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for byte in secret {
      pending = pending << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        let digit = UInt8(truncatingIfNeeded: pending >> bits & 31)
        text.unicodeScalars.append(CrockfordBase32.scalar(for: digit))
      }
    }
    let last = UInt8(truncatingIfNeeded: pending << (5 - bits) & 31)
    text.unicodeScalars.append(CrockfordBase32.scalar(for: last))
    return text
  }

  static func read(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard digits.count == 52 else { return nil }
    var secret: [UInt8] = []
    secret.reserveCapacity(32)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for digit in digits {
      guard let value = CrockfordBase32.value(of: digit) else { return nil }
      pending = pending << 5 | UInt32(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        secret.append(UInt8(truncatingIfNeeded: pending >> bits))
      }
    }
    // One text per secret: the four spare bits must be zero.
    guard secret.count == 32, pending & 0xF == 0 else { return nil }
    return secret
  }
}
