// SPDX-License-Identifier: Apache-2.0
// The owner of one organisation's deals. A turn reads, decides, evolves and hands its commits over without
// ever waiting; what it tells goes through the partition's gate.

import TandemDomain
import TandemJournal
import TandemPlatform
package import TandemPrimitives
import TandemWire

/// One organisation; runs on its shard's executor and nowhere else.
package actor Tenant {
  package nonisolated let id: TenantID
  private nonisolated let executor: any ShardExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  /// Calls whose deals are looked at together: enough to overlap, few enough to stay in the cache.
  private static let group = 16

  final var core: TenantCore
  var feed = TenantFeed() { didSet { isWatched = feed.isWatched } }
  /// Beside the feed, so that a commit can ask without a look at it.
  private(set) var isWatched = false
  /// The position of the newest commit; reads wait for it too.
  var lastPosition: Position
  /// What is durable of state and ledger, and the same for turns that are not durable yet.
  var durable: TurnMark
  var turns = PositionQueue<TurnMark>()
  /// The position of the newest commit that changed keys, users or the organisation itself.
  var accessPosition = Position.start
  /// Tells this load of the organisation from every other, also from one at the same address.
  nonisolated let incarnation = Incarnation()
  /// Lists and sums that go on in later turns.
  var scans = 0
  /// Sent with commits that are not durable yet, oldest first.
  var unsentMail = PositionQueue<OutboxEntry>()
  /// Directory news in commits that are not durable yet.
  var unsentNews = PositionQueue<DirectoryItem>()

  init(
    id: TenantID, executor: any ShardExecutor, state: TenantState,
    deals: consuming EncodedDealStore,
    position: Position
  ) {
    self.id = id
    self.executor = executor
    core = TenantCore(state: state, deals: deals)
    lastPosition = position
    durable = TurnMark(commitSeq: state.commitSequence, ledgerEnd: state.ledger.end)
  }

  /// One turn: everything that waits, up to the limit.
  func run(_ burst: inout Burst) {
    let before = lastPosition
    if burst.directory.policyVersion > 0 { adoptPolicy(&burst) }
    var warmed = 0
    while burst.limit > 0, !burst.queue.isEmpty {
      burst.limit -= 1
      warmNext(&warmed, &burst)
      if let call = burst.queue.popCall() {
        answer(call, &burst)
      } else if let work = burst.queue.popWork() {
        perform(work, &burst)
      }
    }
    if lastPosition != before {
      turns.append(
        TurnMark(
          commitSeq: core.state.commitSequence, ledgerEnd: core.state.ledger.end),
        at: lastPosition)
    }
    burst.nextDeadline = nextWallDeadline
    burst.entry.realm = core.state.realm?.id
    burst.entry.isWatched = isWatched
    burst.entry.stateBytes = core.byteCount
  }

  private func warmNext(_ warmed: inout Int, _ burst: inout Burst) {
    if warmed == 0, burst.queue.count > 1 {
      warmed = Self.group
      burst.ahead.removeAll(keepingCapacity: true)
      burst.queue.appendDeals(ofNext: Self.group, to: &burst.ahead)
      core.warm(burst.ahead, burst.queue, Self.group)
    }
    if warmed > 0 { warmed -= 1 }
  }

  private func perform(_ work: Work, _ burst: inout Burst) {
    switch work {
    case .mail(let envelope): receive(envelope, &burst)
    case .walk(let walk): resume(walk, &burst)
    case .scan(let scan): resume(scan, &burst)
    case .command(let command): obey(command, &burst)
    case .cancel(let ticket, let sink): cancelWatch(ticket, sink, &burst)
    case .credit(let bytes, let ticket, let sink): grantCredit(bytes, ticket, sink, &burst)
    case .disconnect(let sink): feed.removeAll(of: sink)
    case .resend: resend(&burst)
    case .beat: beat(&burst)
    case .pump: pump(&burst)
    case .endWatches: endWatches(TurnRefusals.draining)
    case .authenticate(let key, let secretHash, let done):
      tell(authenticate(key, secretHash), done, &burst)
    }
  }

  private func answer(_ call: Call, _ burst: inout Burst) {
    guard burst.time.monotonic <= call.deadline else {
      return turnAway(call, TurnRefusals.deadline, &burst)
    }
    guard call.minSeq == 0 || call.minSeq <= core.state.commitSequence else {
      return refuse(call, TurnRefusals.minSeq(call.minSeq, core.state.commitSequence), &burst)
    }
    answer(call.request, of: call, &burst)
  }

  /// The request apart from its call: looked at inside of it, it would be copied.
  func answer(_ request: TenantRequest, of call: Call, _ burst: inout Burst) {
    // Today's rights on every answer; rules check the caller of a command themselves.
    switch request {
    case .query(.getDeal(let id)): get(id, call, &burst)
    case .query(let query):
      if let refusal = core.standing(call.principal) { return refuse(call, refusal, &burst) }
      run(query, call, &burst)
    case .command(let command, let returnDeal): run(command, returnDeal, call, &burst)
    case .watch(let request, let credit):
      if let refusal = core.standing(call.principal) { return refuse(call, refusal, &burst) }
      open(request, credit, call, &burst)
    }
  }

  /// When the next timer is due, as the wall clock will show it.
  private var nextWallDeadline: Timestamp? {
    guard let due = core.nextDue else { return nil }
    let offset = core.state.realm?.clockOffset.milliseconds ?? 0
    return Timestamp(milliseconds: due.milliseconds - offset)
  }

  /// Commits became durable: feeds and messages may go out.
  func settle(_ burst: inout Burst) {
    let durable = burst.log.durable
    while let mark = turns.popFirst(through: durable) { self.durable = mark }
    while let entry = unsentMail.popFirst(through: durable) {
      burst.mail.append(
        Envelope(
          sender: id, receiver: entry.receiver, sequence: entry.sequence, message: entry.message))
    }
    while let item = unsentNews.popFirst(through: durable) { burst.news.append(item) }
    pump(&burst)
  }

  /// Every message that is not marked, for delivery after a restart or a lost receipt.
  func resend(_ burst: inout Burst) {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.mailNotResent.isActive { return }
    #endif
    // A receiver's messages are in order, so those that are not durable yet are the last ones.
    var firstUnsent: [TenantID: UInt64] = [:]
    unsentMail.forEach {
      firstUnsent[$0.receiver] = min(firstUnsent[$0.receiver] ?? .max, $0.sequence)
    }
    for receiver in core.state.outbox.keys.sorted() {
      let end = firstUnsent[receiver] ?? .max
      for entry in core.state.outbox[receiver]?.entries ?? [] where entry.sequence < end {
        burst.mail.append(
          Envelope(
            sender: id, receiver: receiver, sequence: entry.sequence, message: entry.message))
      }
    }
  }

  /// Everything the tenant is, immutable; encoding it is somebody else's work.
  var image: TenantImage {
    TenantImage(
      state: core.state, deals: core.deals.image, position: lastPosition,
      nextDeadline: nextWallDeadline)
  }

  // MARK: Telling

  /// Tells at once when everything the tenant has done is durable, else keeps the answer at the gate.
  func tell(_ call: Call, _ head: AnswerHead, _ burst: inout Burst) {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.answerBeforeDurable.isActive {
        return call.sink.answer(call.ticket, head, body: burst.scratch.span)
      }
    #endif
    if lastPosition <= burst.log.durable {
      call.sink.answer(call.ticket, head, body: burst.scratch.span)
    } else {
      burst.log.gate.hold(
        call.sink, call.ticket, head, body: burst.scratch.span, until: lastPosition)
    }
  }

  /// Also who may come in waits for the keys and users that decided it.
  private func tell(
    _ result: Authentication, _ done: @escaping (Authentication) -> Void, _ burst: inout Burst
  ) {
    if accessPosition <= burst.log.durable {
      done(result)
    } else {
      burst.log.gate.hold(result, done, until: accessPosition)
    }
  }

  /// A refusal reveals state as much as an answer does, so it waits like one.
  func refuse(_ call: Call, _ error: ErrorStatus, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    error.encode(into: &burst.scratch)
    let head = AnswerHead(
      status: error.status, isReplay: false, commitSeq: core.state.commitSequence)
    tell(call, head, &burst)
  }
}

extension Tenant {
  /// Refuses at once for a reason that is not in the tenant's state and so reveals none of it.
  func turnAway(_ call: Call, _ error: ErrorStatus, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    error.encode(into: &burst.scratch)
    call.sink.answer(
      call.ticket, AnswerHead(status: error.status, isReplay: false, commitSeq: 0),
      body: burst.scratch.span)
  }
}

/// One load of an organisation into memory; who holds it keeps its identity from being used again.
final class Incarnation: Sendable {}

/// How far a tenant was after a turn.
struct TurnMark {
  let commitSeq: UInt64
  let ledgerEnd: UInt64
}

/// How a shard enters a tenant without a hop and without an allocation; only from the tenant's executor.
enum TenantEntrance {
  static let run: @Sendable (Tenant, inout Burst) -> Void =
    enteringActor { (tenant: isolated Tenant, burst: inout Burst) in tenant.run(&burst) }
  static let settle: @Sendable (Tenant, inout Burst) -> Void =
    enteringActor { (tenant: isolated Tenant, burst: inout Burst) in tenant.settle(&burst) }
  static let take: @Sendable (Tenant, inout HistoryPage) -> Void =
    enteringActor { (tenant: isolated Tenant, page: inout HistoryPage) in tenant.take(&page) }
  static let image: @Sendable (Tenant, inout TenantImage?) -> Void =
    enteringActor { (tenant: isolated Tenant, image: inout TenantImage?) in image = tenant.image }
}
