// SPDX-License-Identifier: Apache-2.0
// People of earlier deals.

import TandemWire

/// Somebody as the deal has them that changed last.
public struct RecentContact: Hashable, Sendable, Encodable {
  /// Who it is.
  public var person: Person = Person()
  /// Where on the deal.
  public var kind: ContactKind = .unspecified
  /// The customer of the deal.
  public var customerName: String = ""
  /// The deal.
  public var deal: ID?
  /// When the deal changed.
  public var lastUsedAt: Moment?

  /// Makes an empty value.
  public init() {}
}

extension RecentContact: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: person = try reader.nested()
    case 2: kind = try reader.word()
    case 3: customerName = try reader.string()
    case 4: deal = try reader.id(.deal)
    case 5: lastUsedAt = try reader.moment()
    default: try reader.skip()
    }
  }
}
