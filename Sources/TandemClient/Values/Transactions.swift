// SPDX-License-Identifier: Apache-2.0
// Several changes of deals that happen all or not at all.

import TandemWire

/// A deal of a transaction.
public enum TransactedDeal: Hashable, Sendable {
  /// One that there is.
  case existing(ID)
  /// One that an operation of the same transaction creates, by its place from 0.
  case created(by: UInt32)
}

/// Up to 100 operations, each as if those before it had happened; `Client.transact` carries them out.
public struct Transaction: Hashable, Sendable {
  /// Encoded, in order.
  private(set) var operations: [[UInt8]] = []

  /// Makes a transaction without operations.
  public init() {}

  /// How many operations it has.
  public var count: Int { operations.count }

  /// Creates a deal; later operations may name it by what this gives.
  @discardableResult
  public mutating func create(_ deal: NewDeal) -> TransactedDeal {
    let place = UInt32(operations.count)
    add(1, nil) { deal.write(to: &$0) }
    return .created(by: place)
  }

  /// Changes fields of a deal; a base version guards against changes of others.
  public mutating func patch(_ deal: TransactedDeal, _ patch: DealPatch, baseVersion: UInt64 = 0) {
    add(2, deal) { writer in
      writer.unsigned(2, baseVersion)
      patch.write(to: &writer)
    }
  }

  /// Invites an organisation, or the vendor's desk.
  public mutating func invite(_ deal: TransactedDeal, _ invitation: NewInvitation) {
    add(3, deal) { invitation.write(to: &$0) }
  }

  /// Gives an invitee more time; nil stands for the vendor's desk.
  public mutating func extend(
    _ deal: TransactedDeal, of organisation: ID?, until end: InvitationEnd
  ) {
    add(4, deal) { end.write(of: organisation, to: &$0) }
  }

  /// Closes an active deal as won.
  public mutating func win(_ deal: TransactedDeal, baseVersion: UInt64 = 0) {
    add(5, deal) { $0.unsigned(2, baseVersion) }
  }

  /// Closes an active deal as lost, for a reason of 1 to 8.
  public mutating func lose(_ deal: TransactedDeal, reason: UInt32, notes: String = "") {
    close(6, deal, reason, notes)
  }

  /// Closes an active deal that should not be there, for a reason of 1 to 9.
  public mutating func closeAsError(_ deal: TransactedDeal, reason: UInt32, notes: String = "") {
    close(7, deal, reason, notes)
  }

  /// Confirms that a new inbound deal was received.
  public mutating func acknowledge(_ deal: TransactedDeal) { add(8, deal) { _ in } }

  /// Accepts a new inbound deal.
  public mutating func accept(_ deal: TransactedDeal, _ acceptance: Acceptance) {
    add(9, deal) { acceptance.write(to: &$0) }
  }

  /// Declines a new inbound deal, for a reason of 1 to 8.
  public mutating func decline(_ deal: TransactedDeal, reason: UInt32, notes: String = "") {
    add(10, deal) { writer in
      writer.unsigned(2, reason)
      writer.string(3, notes)
    }
  }

  /// Marks a deal for the caller alone.
  public mutating func setFavourite(_ deal: TransactedDeal, _ isFavourite: Bool = true) {
    add(11, deal) { $0.flag(2, isFavourite) }
  }

  private mutating func close(
    _ operation: UInt32, _ deal: TransactedDeal, _ reason: UInt32, _ notes: String
  ) {
    add(operation, deal) { writer in
      writer.unsigned(3, reason)
      writer.string(4, notes)
    }
  }

  private mutating func add(
    _ operation: UInt32, _ deal: TransactedDeal?, _ write: (inout ProtoWriter) -> Void
  ) {
    var writer = ProtoWriter()
    let start = writer.begin(operation)
    if case .existing(let id) = deal { writer.id(1, id) }
    write(&writer)
    writer.end(start)
    // Written also when it is 0, which says something here.
    if case .created(let place) = deal { writer.unsignedOrZero(15, place) }
    operations.append(writer.bytes)
  }
}

/// What one operation of a transaction did.
public struct OperationResult: Hashable, Sendable, Encodable {
  /// The deal; nil for one that would be created.
  public var deal: ID?
  /// Its version after the operation; 0 for a favourite.
  public var version: UInt64 = 0
  /// Said together with the positive answer.
  public var warnings: [Warning] = []

  /// Makes an empty value.
  public init() {}
}

extension OperationResult: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: deal = try reader.id(.deal)
    case 2: version = try reader.unsigned()
    case 15: try reader.append(to: &warnings)
    default: try reader.skip()
    }
  }
}

/// What a transaction did.
public struct TransactionDone: Hashable, Sendable, Encodable {
  /// As many as operations, in their order.
  public var results: [OperationResult] = []
  /// The one commit of all of them; 0 when nothing changed.
  public var commit: UInt64 = 0
  /// The answer of an earlier attempt with the same key.
  public var isReplayed = false

  /// Makes an empty value.
  public init() {}
}

extension TransactionDone: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &results)
    case 2: commit = try reader.unsigned()
    default: try reader.skip()
    }
  }
}
