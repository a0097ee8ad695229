// SPDX-License-Identifier: Apache-2.0
// Ledgers on disk hold these hashes: a program that computed others would carry out repeats again.

import TandemDomain
import TandemPrimitives
import TandemServer
import TandemWire
import Testing

struct IdempotencyHashTests {
  private let user = UserID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
  private let service = UserID(high: 0x2122_2324_2526_2728, low: 0x292A_2B2C_2D2E_2F30)
  private let key: [UInt8] = [1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]
  private let body = [UInt8]("Contoso".utf8)

  private func hash(_ principal: Principal, _ key: [UInt8]) -> RequestKey {
    IdempotencyHash(principal).key(key.span, method: .patchDeal, body: body.span)
  }

  private func expected(_ high: UInt64, _ low: UInt64, madeAt: Timestamp?) -> RequestKey {
    RequestKey(
      scopeHigh: high, scopeLow: low, digestHigh: 0xE208_52E7_3268_AF0D,
      digestLow: 0xE820_CF06_7201_10B5, madeAt: madeAt)
  }

  @Test func `a request has the hashes that it had in 0 1 0`() {
    let madeAt = Timestamp(milliseconds: 1_726_576_852_992)
    let alone = Principal.user(user, via: nil, readOnly: false)
    #expect(
      hash(alone, key) == expected(0x9CD3_FEA2_C1A8_B49A, 0x9641_0740_09A8_C93B, madeAt: madeAt))
    let inItsName = Principal.user(user, via: service, readOnly: false)
    #expect(
      hash(inItsName, key)
        == expected(0xF6E8_13FC_6598_D0C5, 0x7B4B_6F8D_F463_90AF, madeAt: madeAt))
    #expect(
      hash(.systemOperator, key)
        == expected(0x15DB_7142_BA29_9082, 0xBB6E_7E23_87A6_94A6, madeAt: madeAt))
  }

  @Test func `what a key may do is not part of it, whose it is and what it asks are`() {
    let alone = Principal.user(user, via: nil, readOnly: false)
    #expect(hash(alone, key) == hash(.user(user, via: nil, readOnly: true), key))
    #expect(hash(alone, key) != hash(.user(service, via: nil, readOnly: false), key))
    let other = IdempotencyHash(alone).key(key.span, method: .winDeal, body: body.span)
    #expect(other.scopeHigh != hash(alone, key).scopeHigh)
  }

  @Test func `only a UUIDv7 tells when it was made`() {
    var random = key
    random[6] = 0x40
    #expect(hash(.systemOperator, random).madeAt == nil)
    #expect(hash(.systemOperator, Array(key.dropLast())).madeAt == nil)
  }
}
