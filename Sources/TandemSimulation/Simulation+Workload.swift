// SPDX-License-Identifier: Apache-2.0
// What the clients do: one action at a time, drawn from the seed.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

extension Simulation {
  /// One action of somebody; nothing while the server is away.
  func act() {
    guard process?.isServing == true else { return }
    resendDue()
    guard let client = pick(clients) else { return }
    switch random.next() % 100 {
    case 0..<58: begin(client)
    case 58..<66: follow(client)
    case 66..<74: grant(client)
    case 74..<78: repeatOld(client)
    case 78..<81: disconnect(client)
    case 81..<83: jumpWall()
    case 83..<85: advanceClock(client)
    case 85..<92: stall()
    default: passTime()
    }
  }

  // MARK: Calls

  private func begin(_ client: SimulatedClient) {
    let organisation = client.organisation
    guard let wish = wish(of: organisation) else { return }
    let operation = makeOperation(
      wish.label, of: organisation.tenant, as: organisation.principal, wish.request,
      alwaysChanges: wish.alwaysChanges, name: wish.name)
    if operation.key == nil { operation.minSeq = durable.reached(organisation.tenant) }
    open.append(operation)
    send(operation, from: client)
    if operation.key != nil, chance(15) { send(operation, from: partner(of: client)) }
  }

  /// The other connection of the same organisation, or the same one.
  private func partner(of client: SimulatedClient) -> SimulatedClient {
    pick(clients.filter { $0.organisation === client.organisation }) ?? client
  }

  private struct Wish {
    let label: String
    let request: TenantRequest
    var alwaysChanges = false
    var name: Text?

    init(_ label: String, _ query: Query) {
      self.label = label
      request = .query(query)
    }

    init(_ label: String, _ command: Command, changes: Bool, name: Text? = nil) {
      self.label = label
      request = .command(command, returnDeal: false)
      alwaysChanges = changes
      self.name = name
    }
  }

  private func wish(of organisation: SimulatedOrganisation) -> Wish? {
    let choice = random.next() % 100
    let known = organisation.known.suffix(12)
    let deal = pick(Array(known)).flatMap { organisation.deal($0) }
    switch choice {
    case 0..<22 where organisation.kind == .partner, _ where deal == nil && choice < 60:
      guard organisation.kind == .partner else { return Wish("list", Requests.list(pageSize: 20)) }
      let name = Text("deal-\(operations.count + 1)")
      let others = organisations.dropLast().filter { $0 !== organisation }
      if chance(25), let invitee = pick(Array(others)) {
        return Wish(
          "transact", Requests.transact(name, organisation, inviting: invitee.tenant),
          changes: true, name: name)
      }
      return Wish("create", Requests.create(name, organisation), changes: true, name: name)
    case 60..<78: return Wish("list", Requests.list(pageSize: UInt32(number(1...12))))
    case 78..<80: return Wish("organisation", .getOrganisation)
    case 80..<82:
      return Wish(
        "notifications", .listNotifications(ListNotifications(unreadOnly: false, pageSize: 10)))
    case 82..<83:
      return Wish(
        "location",
        .addLocation(
          AddLocation(
            name: Text("Place \(operations.count)"), country: CountryCode(Array("US".utf8)))),
        changes: true)
    default: return deal.flatMap { wish(about: $0, choice, organisation) }
    }
  }

  private func wish(
    about deal: Deal, _ choice: UInt64, _ organisation: SimulatedOrganisation
  ) -> Wish? {
    let id = deal.id
    switch choice {
    case 83..<90:
      return Wish("history", .dealHistory(DealHistory(deal: id, afterCommit: 0, pageSize: 20)))
    case 90...: return Wish("get", .getDeal(id))
    case 0..<8:
      return Wish(
        "favourite", .setFavourite(SetFavourite(deal: id, isFavourite: chance(60))), changes: false)
    default: break
    }
    if deal.direction == .inbound, deal.status.isNew { return answer(deal, choice, organisation) }
    switch choice {
    case 8..<30:
      return Wish(
        "patch",
        Requests.patch(deal, organisation, UInt64(operations.count + 1), isGuarded: chance(30)),
        changes: true)
    case 30..<52:
      let others = organisations.dropLast().filter { $0 !== organisation }
      guard let invitee = pick(Array(others)) else { return nil }
      return Wish("invite", Requests.invite(invitee.tenant, to: deal), changes: true)
    case 52..<54 where !deal.cards.isEmpty:
      return Wish("extend", Requests.extend(deal), changes: true)
    case 52..<56:
      let win = WinDeal(deal: id, baseVersion: 0, validateOnly: false)
      return Wish("win", .winDeal(win), changes: true)
    case 56..<60:
      let error = EndDeal(
        deal: id, baseVersion: 0, reason: ReasonCode(1), notes: "", validateOnly: false)
      return Wish("error", .closeDealAsError(error), changes: true)
    default:
      let lose = EndDeal(
        deal: id, baseVersion: 0, reason: ReasonCode(1), notes: "", validateOnly: false)
      return Wish("lose", .loseDeal(lose), changes: true)
    }
  }

  private func answer(
    _ deal: Deal, _ choice: UInt64, _ organisation: SimulatedOrganisation
  ) -> Wish {
    switch choice {
    case 8..<26:
      return Wish("acknowledge", .acknowledgeDeal(AcknowledgeDeal(deal: deal.id)), changes: false)
    case 26..<46: return Wish("accept", Requests.accept(deal, organisation), changes: true)
    default:
      let decline = DeclineDeal(
        deal: deal.id, reason: ReasonCode(2), notes: "", validateOnly: false)
      return Wish("decline", .declineDeal(decline), changes: true)
    }
  }

  /// An old request again, as a client does that never saw its answer.
  private func repeatOld(_ client: SimulatedClient) {
    let mine = operations.suffix(60).filter {
      $0.isDone && $0.key != nil && $0.tenant == client.organisation.tenant
    }
    if let operation = pick(mine) { send(operation, from: client) }
  }

  /// Sends what the server could not take, or took to its grave.
  func resendDue() {
    open.removeAll(where: \.isDone)
    for operation in open where operation.readyAt <= world.nanoseconds {
      let mine = clients.filter { $0.organisation.tenant == operation.tenant }
      if let client = pick(mine) ?? clients.first { send(operation, from: client) }
    }
  }

  // MARK: Feeds

  func follow(_ client: SimulatedClient) {
    guard let process, process.isServing, !client.feed.isOpen else { return }
    let start = client.feed.token.map { WatchRequest.Start.afterToken($0) } ?? .now
    calls += 1
    client.feed.open(calls)
    verdict.note("\(now) client \(client.index) follows")
    let credit: Int64 = chance(50) ? 2_000 : 200_000
    let call = Call(
      sink: client, ticket: Ticket(call: calls, method: 0),
      request: .watch(WatchRequest(start: start, deals: []), credit: credit),
      principal: client.organisation.principal, key: nil,
      deadline: MonotonicInstant(nanoseconds: .max), minSeq: 0)
    process.atShard(of: client.organisation.tenant) {
      $0.submit(call, to: client.organisation.tenant)
    }
  }

  func grant(_ client: SimulatedClient, bytes: Int64 = 5_000) {
    guard client.feed.isOpen, let process else { return }
    let ticket = Ticket(call: client.feed.call, method: 0)
    process.atShard(of: client.organisation.tenant) {
      $0.grant(bytes, to: ticket, of: client, in: client.organisation.tenant)
    }
  }

  private func disconnect(_ client: SimulatedClient) {
    guard let process else { return }
    process.atShard(of: client.organisation.tenant) {
      $0.disconnect(client, from: client.organisation.tenant)
    }
    client.feed.close()
  }

  // MARK: Clocks

  private func passTime() {
    let end = world.nanoseconds + UInt64(number(1...150)) * 1_000_000
    for _ in 0..<2_000 where world.nanoseconds < end && isHealthy { _ = world.step() }
  }

  func stall() {
    let shard = chance(50) ? nil : number(0...SimulatedProcess.shards - 1)
    process?.stall(shard: shard, milliseconds: UInt64(number(5...80)))
  }

  private func jumpWall() {
    let isLarge = chance(10)
    world.jumpWall(byMilliseconds: isLarge ? 90_000 : Int64(number(-1_500...3_000)))
    verdict.note("\(now) the wall clock jumps to \(world.wall.milliseconds)")
  }

  /// The operator lets a sandbox day pass.
  private func advanceClock(_ client: SimulatedClient) {
    guard clockAdvances < 2 else { return }
    clockAdvances += 1
    let by = Timestamp.Span.hours(Int64(number(1...40)))
    let operation = makeOperation(
      "advance", of: sandbox, as: .systemOperator,
      .command(.advanceClock(AdvanceClock(by: by)), returnDeal: false), alwaysChanges: true)
    open.append(operation)
    send(operation, from: client)
  }
}
