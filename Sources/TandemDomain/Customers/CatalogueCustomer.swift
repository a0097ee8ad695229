// SPDX-License-Identifier: Apache-2.0
// A customer as a realm's directory lists it, for deals to pick (R-102, 13.1).

package import TandemPrimitives

/// What the vendor knows of a customer; decides whether deals can be registered.
package enum MatchCategory: UInt8, Sendable, CaseIterable {
  case managed = 1
  case unmanaged = 2
  case other = 3
}

package struct CatalogueCustomer: Sendable, Equatable {
  /// The operator's number of it, unique in the realm.
  package var account: Text
  package var name: Text
  package var address: Address
  package var size: UInt32
  package var duns: Text
  package var category: MatchCategory
  /// A linked account's main account, which may be listed or not; empty for one of its own.
  package var mainAccount: Text

  package init(
    account: Text, name: Text, address: Address, size: UInt32, duns: Text,
    category: MatchCategory, mainAccount: Text
  ) {
    self.account = account
    self.name = name
    self.address = address
    self.size = size
    self.duns = duns
    self.category = category
    self.mainAccount = mainAccount
  }

  package var id: CustomerID { CustomerID(account: account) }
  /// Linked accounts of one customer have one.
  package var mainID: CustomerID { mainAccount.isEmpty ? id : CustomerID(account: mainAccount) }
}

extension CustomerID {
  /// Follows from the account, so that it stays when a catalogue is loaded again.
  package init(account: Text) {
    var high = FNV1a.start
    var low: UInt64 = 0x6C62_272E_07BB_0142
    for byte in account.utf8 {
      high = FNV1a.next(high, byte)
      low = (low ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      low ^= low >> 29
    }
    var mixer = SeededRandom(seed: high)
    high = mixer.next() ^ low
    mixer = SeededRandom(seed: low)
    low = mixer.next()
    // A UUID of a form of our own (version 8).
    self.init(
      high: high & ~0xF000 | 0x8000, low: low & ~0xC000_0000_0000_0000 | 0x8000_0000_0000_0000)
  }
}
