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
    if chance(4) { return askDirectory(client) }
    guard let wish = wish(of: organisation) else { return }
    begin(wish, of: organisation.tenant, as: principal(of: organisation), from: client)
  }

  private func begin(
    _ wish: Wish, of tenant: TenantID, as principal: Principal, from client: SimulatedClient
  ) {
    let operation = makeOperation(
      RequestWord(wish.request).rawValue, of: tenant, as: principal, wish.request,
      alwaysChanges: wish.alwaysChanges, name: wish.name)
    if operation.key == nil { operation.minSeq = durable.reached(tenant) }
    open.append(operation)
    send(operation, from: client)
    if operation.key != nil, chance(15) { send(operation, from: partner(of: client)) }
  }

  /// The operator looks at the realm, loads its customers again, or reviews somebody.
  private func askDirectory(_ client: SimulatedClient) {
    if chance(14) { return changePolicy(client) }
    let wish =
      switch number(0...7) {
      case 0: Wish(.getRealm)
      case 1: Wish(.listRealms)
      case 2: Wish(.listOrganisations(namePrefix: "", max: 5))
      case 3, 4:
        Wish(
          .importCustomers(ImportCustomers(customers: Requests.listed, validateOnly: false)),
          changes: false)
      default: chance(10) ? review().rehearsed : review()
      }
    begin(wish, of: sandbox, as: .systemOperator, from: client)
  }

  /// Mostly the sandbox's policy, and what may be said of it; its windows stay short.
  private func changePolicy(_ client: SimulatedClient) {
    var update = RealmPolicyUpdate()
    if chance(40) { update.answerWindow = .seconds(Int64(number(1...3))) }
    if chance(30) { update.vendorRetries = UInt32(number(0...1)) }
    if chance(25) { update.counterpartsMax = pick([2, 3, 20, 0]) }
    if chance(25) { update.duplicates = pick(DuplicatePolicy.allCases) }
    if chance(20) {
      update.firstReminder = Timestamp.Span(milliseconds: pick([0, 700, 1_500]) ?? 0)
    }
    if chance(20) { update.lastReminder = Timestamp.Span(milliseconds: pick([0, 90, 400]) ?? 0) }
    if chance(20) { update.extensionMax = Timestamp.Span(milliseconds: pick([0, 800]) ?? 0) }
    if chance(10) { update.contactWish = .seconds(1) }
    if chance(4) { update.vendorRetries = 2 }
    if chance(4) { update.answerWindow = Timestamp.Span(milliseconds: -1) }
    let main = Node.directory(of: Node.mainRealm)
    let realms = [
      RealmID(high: sandbox.high, low: sandbox.low), Node.mainRealm, RealmID(high: 1, low: 6),
      .zero,
    ]
    let realm = chance(80) ? realms[0] : pick(realms) ?? .zero
    let wish = Wish(.updateRealm(UpdateRealm(realm: realm, update: update)), changes: false)
    begin(
      chance(10) ? wish.rehearsed : wish, of: chance(95) ? main : sandbox, as: .systemOperator,
      from: client)
  }

  /// Partners come and go, and most stay; sometimes it is somebody of another realm, or nobody.
  private func review() -> Wish {
    var update = OrganisationUpdate()
    if chance(60) { update.inEcosystem = chance(65) }
    if chance(40) { update.transacts = chance(75) }
    if chance(30) { update.isAssessmentVetted = chance(65) }
    let reviewed = chance(92) ? pick(organisations)?.tenant : TenantID(high: 1, low: 6)
    return Wish(
      .updateOrganisation(UpdateOrganisation(organisation: reviewed ?? .zero, update: update)),
      changes: false)
  }

  /// Everybody looks whom to invite and what to sell, when nothing is under way.
  func lookAround() {
    for client in clients {
      let lists: [Query] = [
        .listOrganisations(namePrefix: "", max: 100),
        .listSolutions(
          ListSolutions(namePrefix: "", ownOnly: false, pageSize: 1_000, after: nil)),
      ]
      for list in lists {
        let operation = makeOperation(
          Operation.lastLook, of: client.organisation.tenant, as: client.organisation.principal,
          .query(list), alwaysChanges: false)
        operation.minSeq = durable.reached(operation.tenant)
        open.append(operation)
        send(operation, from: client)
      }
    }
  }

  /// The other connection of the same organisation, or the same one.
  private func partner(of client: SimulatedClient) -> SimulatedClient {
    pick(clients.filter { $0.organisation === client.organisation }) ?? client
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
    let first: WatchRequest.Start = chance(40) ? .snapshot : .now
    let start = client.feed.token.map { WatchRequest.Start.afterToken($0) } ?? first
    calls += 1
    note(.watch)
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
      RequestWord.advanceClock.rawValue, of: sandbox, as: .systemOperator,
      .command(.advanceClock(AdvanceClock(by: by)), returnDeal: false), alwaysChanges: true)
    open.append(operation)
    send(operation, from: client)
  }
}
