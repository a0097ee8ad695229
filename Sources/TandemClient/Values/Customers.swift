// SPDX-License-Identifier: Apache-2.0
// A realm's catalogue of customers.

import TandemWire

/// A customer as the operator lists it.
public struct CatalogueCustomer: Hashable, Sendable, Encodable {
  /// The operator's number of it, unique in the realm.
  public var account: String = ""
  /// Name of the company.
  public var name: String = ""
  /// Where it is; street, city and country are required.
  public var address: Address = Address()
  /// Code of its size.
  public var size: UInt32 = 0
  /// Nine digits, or empty.
  public var duns: String = ""
  /// What the vendor knows of it.
  public var category: MatchCategory = .unspecified
  /// Of an account that is linked to another.
  public var mainAccount: String = ""

  /// Makes an empty value.
  public init() {}
}

extension CatalogueCustomer: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, account)
    writer.string(2, name)
    writer.nested(3, address)
    writer.unsigned(4, size)
    writer.string(5, duns)
    writer.word(6, category)
    writer.string(7, mainAccount)
  }
}

/// What an import did, or would do.
public struct CustomerImport: Hashable, Sendable, Encodable {
  /// The commit; 0 when nothing changed.
  public var commit: UInt64 = 0
  /// Listed for the first time.
  public var added: UInt32 = 0
  /// Listed anew.
  public var changed: UInt32 = 0
  /// As they were.
  public var unchanged: UInt32 = 0

  /// Makes an empty value.
  public init() {}
}

extension CustomerImport: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: commit = try reader.unsigned()
    case 2: added = try reader.unsigned32()
    case 3: changed = try reader.unsigned32()
    case 4: unchanged = try reader.unsigned32()
    default: try reader.skip()
    }
  }
}

/// A customer that a deal may be for.
public struct CustomerSuggestion: Hashable, Sendable, Encodable {
  /// For `Customer.catalogueID` of a new deal.
  public var id: ID?
  /// Name of the company.
  public var name: String = ""
  /// Where it is.
  public var address: Address = Address()
  /// Code of its size.
  public var size: UInt32 = 0
  /// Tells companies of one place apart; may be empty.
  public var duns: String = ""
  /// What the vendor knows of it.
  public var category: MatchCategory = .unspecified
  /// Further accounts of it that match.
  public var linkedAccounts: UInt32 = 0

  /// Makes an empty value.
  public init() {}
}

extension CustomerSuggestion: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.customer)
    case 2: name = try reader.string()
    case 3: address = try reader.nested()
    case 4: size = try reader.unsigned32()
    case 5: duns = try reader.string()
    case 6: category = try reader.word()
    case 7: linkedAccounts = try reader.unsigned32()
    default: try reader.skip()
    }
  }
}

/// Customers in the order in which they should be shown.
public struct CustomerSuggestions: Hashable, Sendable, Encodable {
  /// The first of them.
  public var rows: [CustomerSuggestion] = []
  /// A longer name or a city would show others.
  public var areMore: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension CustomerSuggestions: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rows)
    case 2: areMore = try reader.flag()
    default: try reader.skip()
    }
  }
}
