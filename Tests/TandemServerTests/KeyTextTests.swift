// SPDX-License-Identifier: Apache-2.0
// Keys survive being printed, and nothing that is not a key is read as one.

import TandemPrimitives
import TandemServer
import Testing

struct KeyTextTests {
  private func secret(_ seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    return (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `a key is read back as it was printed`(seed: UInt64) {
    let tenant = TenantID(high: seed &* 0x1234_5678_9ABC_DEF1, low: ~seed)
    let key = KeyText(tenant: tenant, key: KeyID(high: seed, low: 3), secret: secret(seed))
    #expect(key.text.utf8.count == 109)
    #expect(KeyText(key.text) == key)
    let operatorKey = OperatorKeyText(secret: secret(seed))
    #expect(operatorKey.text.utf8.count == 56)
    #expect(OperatorKeyText(operatorKey.text) == operatorKey)
  }

  @Test func `one text per secret: spare bits must be zero`() {
    let text = OperatorKeyText(secret: [UInt8](repeating: 0, count: 32)).text
    #expect(OperatorKeyText(String(text.dropLast()) + "1") == nil)
    #expect(OperatorKeyText(String(text.dropLast()) + "g") != nil)
  }

  @Test(arguments: ["", "tdk_", "tdo_", "tdk_\u{e9}", String(repeating: "x", count: 109)])
  func `what is not a key is not read`(text: String) {
    #expect(KeyText(text) == nil)
    #expect(OperatorKeyText(text) == nil)
  }

  @Test func `every shortened key is refused`() {
    let text = KeyText(tenant: .zero, key: .zero, secret: secret(1)).text
    for count in 0..<109 { #expect(KeyText(String(text.prefix(count))) == nil) }
  }
}
