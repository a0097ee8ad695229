// SPDX-License-Identifier: Apache-2.0
// From the credential in HELLO to an organisation and something its shard can check. Whatever is
// wrong, the client reads the same sentence. Must not log or keep a secret.

import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// Published keys of the demo world by their fixed text.
package struct DemoKeys: Sendable, Equatable {
  package var keys: [String: KeyText]
  package init(_ keys: [String: KeyText] = [:]) { self.keys = keys }
}

struct Authenticator {
  /// One sentence for every kind of failure.
  static let refusal = "this key is not valid; check TANDEM_API_KEY or ask an account administrator"

  enum Credential: Sendable {
    case key(KeyID, secretHash: [UInt8])
    case operatorKey
  }

  struct Target: Sendable {
    let tenant: TenantID
    let credential: Credential
  }

  let operatorKey: OperatorKey
  let demoKeys: DemoKeys

  /// Where a connection belongs; nil when no shard needs to be asked.
  func target(of hello: Hello) -> Target? {
    guard case .apiKey(let text) = hello.credential else { return nil }
    let named: TenantID?
    if hello.tenant.isEmpty {
      named = nil
    } else {
      guard let tenant = TenantID(hello.tenant) else { return nil }
      named = tenant
    }
    if text.hasPrefix("tdo_") {
      guard operatorKey.matches(text) else { return nil }
      return Target(
        tenant: named ?? Node.directory(of: Node.mainRealm), credential: .operatorKey)
    }
    guard let key = demoKeys.keys[text] ?? KeyText(text) else { return nil }
    if let named, named != key.tenant { return nil }
    let hash = SHA256.digest(of: key.secret[...]).bytes
    return Target(tenant: key.tenant, credential: .key(key.key, secretHash: hash))
  }
}
