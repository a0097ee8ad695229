// SPDX-License-Identifier: Apache-2.0
// Several organisations that exchange messages in process, in order, with repeats when asked.

import TandemDomain
import TandemPrimitives
import Testing

struct World {
  var members: [TenantID: Given] = [:]

  init(_ organisations: [Given]) throws {
    var directory = RealmDirectory()
    directory.put(try organisations.map { try $0.entry })
    for var organisation in organisations {
      organisation.directory = directory
      members[organisation.id] = organisation
    }
  }

  /// Contoso has invited Fabrikam, whose copy is New.
  static func withInvitation() throws -> (
    world: World, contoso: TenantID, fabrikam: TenantID, deal: DealID, copy: DealID
  ) {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    var world = try World([contoso, fabrikam])
    let deal = try world.create(contoso.id)
    try world.when(contoso.id, .inviteToDeal(world.invite(deal, fabrikam.id)))
    try world.settle()
    return (world, contoso.id, fabrikam.id, deal, try world[fabrikam.id].onlyDeal.id)
  }

  var ids: [TenantID] { members.keys.sorted() }

  subscript(id: TenantID) -> Given {
    get throws { try #require(members[id]) }
  }

  @discardableResult
  mutating func when(_ id: TenantID, _ command: Command) throws -> Decision {
    guard let decision = try members[id]?.when(command) else { throw Unexpected() }
    return decision
  }

  mutating func refused(_ id: TenantID, _ command: Command) throws -> Rejection {
    guard let rejection = try members[id]?.refused(command) else { throw Unexpected() }
    return rejection
  }

  mutating func create(_ id: TenantID, _ change: (inout CreateDeal) -> Void = { _ in }) throws
    -> DealID
  {
    guard let deal = try members[id]?.create(change) else { throw Unexpected() }
    return deal
  }

  mutating func advance(by span: Timestamp.Span) {
    for id in ids {
      let now = members[id]?.now ?? .zero
      members[id]?.now = now.advanced(by: span)
    }
  }

  func invite(_ deal: DealID, _ invitee: TenantID, lines: [UInt32] = [4]) -> InviteToDeal {
    InviteToDeal(
      deal: deal, invitee: .organisation(invitee), help: .technicalArchitecture, value: .euros(300),
      closeDate: nil, notes: "architecture needed", teamLines: [], solutionLines: lines,
      validateOnly: false)
  }

  /// Delivers until nobody waits.
  ///
  /// `times` repeats each message, as a crash between turn and mark does.
  mutating func settle(times: Int = 1) throws {
    var isBusy = true
    while isBusy {
      isBusy = false
      for sender in ids {
        for receiver in try self[sender].state.pendingReceivers {
          isBusy = true
          try deliverAll(from: sender, to: receiver, times: times)
        }
      }
    }
  }

  mutating func deliverAll(from sender: TenantID, to receiver: TenantID, times: Int = 1) throws {
    if members[receiver] == nil { members[receiver] = Given(unborn: receiver) }
    for entry in try self[sender].state.pendingMessages(for: receiver) {
      for _ in 0..<times { try hand(entry, from: sender) }
    }
    let mark = try self[receiver].state.inboxMarks[sender] ?? 0
    try when(sender, .markOutbox(MarkOutbox(receiver: receiver, through: mark)))
  }

  mutating func hand(_ entry: OutboxEntry, from sender: TenantID) throws {
    try when(
      entry.receiver,
      .receiveMessage(
        ReceiveMessage(sender: sender, sequence: entry.sequence, message: entry.message)))
  }

  func expectReplayGivesTheSame() {
    for member in members.values { member.expectReplayGivesTheSame() }
  }
}
