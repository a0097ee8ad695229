// SPDX-License-Identifier: Apache-2.0
// Watches for tests: opens them, and reads their items back as values.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

/// An item of a watch.
struct FeedItem {
  struct Change: Equatable {
    var deal: DealID?
    var presence: UInt64 = 0
    var hasWholeDeal = false
    var version: UInt64 = 0
  }
  var token: [UInt8] = []
  var commitSeq: UInt64 = 0
  var changes: [Change] = []
  var notifications = 0
  var isContinued = false
  /// 1 begins, 2 goes on, 3 ends; 0 is none.
  var snapshot: UInt64 = 0

  init(_ body: [UInt8]) throws(WireError) {
    var reader = ProtoReader(body[...])
    while try reader.next() {
      switch reader.field {
      case 1: token = Array(try reader.slice())
      case 2: isContinued = try reader.flag()
      case 3: commitSeq = try reader.unsigned()
      case 7: changes.append(try Self.change(reader.message()))
      case 8:
        try reader.skip()
        notifications += 1
      case 9: snapshot = try reader.unsigned()
      default: try reader.skip()
      }
    }
  }

  private static func change(_ message: ProtoReader) throws(WireError) -> Change {
    var reader = message
    var change = Change()
    while try reader.next() {
      switch reader.field {
      case 1: change.deal = DealID(bytes: try reader.slice())
      case 2: change.version = try reader.unsigned()
      case 4: change.presence = try reader.unsigned()
      case 8:
        try reader.skip()
        change.hasWholeDeal = true
      default: try reader.skip()
      }
    }
    return change
  }
}

extension Collector {
  var feed: [FeedItem] { items.compactMap { try? FeedItem($0) } }
  var changes: [FeedItem.Change] { feed.flatMap(\.changes) }
}

extension RuntimeWorld {
  /// A stream and who hears it.
  struct Watch {
    let ticket: Ticket
    let sink: Collector
  }

  func watch(
    _ party: Party, as principal: Principal? = nil, after token: [UInt8]? = nil,
    from start: WatchRequest.Start = .now, deals: [DealID] = [], credit: Int64 = 1_000_000
  ) -> Watch {
    let sink = Collector()
    let ticket = send(
      .watch(
        WatchRequest(start: token.map { .afterToken($0) } ?? start, deals: deals), credit: credit),
      of: party.tenant, as: principal ?? party.principal, sink: sink)
    pass(milliseconds: 20)
    return Watch(ticket: ticket, sink: sink)
  }

  func rename(_ deal: DealID, _ name: Text, _ party: Party) -> Told {
    edit(deal, .name(name), party)
  }

  func edit(_ deal: DealID, _ edit: FieldEdit, _ party: Party) -> Told {
    ask(
      .command(
        .patchDeal(PatchDeal(deal: deal, baseVersion: 0, edits: [edit], validateOnly: false)),
        returnDeal: false),
      of: party.tenant, as: party.principal)
  }

  /// A user who sees only the deals of whose team it is a member.
  func addSeller(_ email: Text, _ party: Party) throws(WireError) -> Principal {
    let person = Person(
      firstName: "Sam", lastName: "Seller", email: email, phone: "+1 555 0101", title: "")
    let user = try addUser(
      AddUser(
        isService: false, person: person,
        grants: [RoleGrant(role: .referralsUser, locations: [])], mayActAsUser: false), party)
    return .user(user, via: nil, readOnly: false)
  }

  func addUser(_ user: AddUser, _ party: Party) throws(WireError) -> UserID {
    let told = ask(
      .command(.addUser(user), returnDeal: false), of: party.tenant, as: party.principal)
    var reader = ProtoReader(told.body[...])
    while try reader.next() {
      if reader.field == 1, let user = UserID(bytes: try reader.slice()) { return user }
    }
    throw WireError(.malformed, field: "user", "the answer names no user: \(told.reason)")
  }

  func past(_ moment: DealAsOf.Moment, of deal: DealID, _ party: Party) -> Told {
    ask(
      .query(.getPastDeal(DealAsOf(deal: deal, moment: moment))), of: party.tenant,
      as: party.principal)
  }

  func history(of deal: DealID, _ party: Party) -> Told {
    ask(
      .query(.dealHistory(DealHistory(deal: deal, afterCommit: 0, pageSize: 100))),
      of: party.tenant, as: party.principal)
  }
}

extension Party {
  var user: UserID? {
    guard case .user(let user, _, _) = principal else { return nil }
    return user
  }
}
