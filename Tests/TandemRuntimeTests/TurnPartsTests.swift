// SPDX-License-Identifier: Apache-2.0
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// The small parts of a turn against naive twins.
@Suite(.on(.worlds)) struct TurnPartsTests {
  private func head(_ number: UInt64) -> AnswerHead {
    AnswerHead(status: .ok, isReplay: false, commitSeq: number)
  }

  @Test func `what waits for a position comes in order, and much of it in no time`() {
    let count: UInt64 = 400_000
    var queue = PositionQueue<UInt64>()
    var next: UInt64 = 0
    for number in 0..<count {
      queue.append(number, at: Position(number / 3))
      // Now and then from the front, as under load.
      guard number % 5 == 0, number > 1_000 else { continue }
      while let first = queue.popFirst(through: Position(number / 3 - 300)) {
        if first != next { Issue.record("\(first) came, not \(next)") }
        next += 1
      }
    }
    #expect(next > count - 1_500 && next < count - 900)
    var waiting = 0
    queue.forEach { _ in waiting += 1 }
    #expect(waiting == Int(count - next))
    // All at once.
    while let first = queue.popFirst(through: Position(count)) {
      if first != next { Issue.record("\(first) came, not \(next)") }
      next += 1
    }
    #expect(next == count && queue.isEmpty)
  }

  @Test(arguments: 0..<8)
  func `held answers come in order, whole, and not before their position`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var held = HeldAnswers()
    let sink = Collector()
    var twin: [(position: UInt64, number: UInt64, body: [UInt8]?)] = []
    var receipts: [MailReceipt] = []
    var answered: [UInt64] = []
    var receipted: [UInt64] = []
    var position: UInt64 = 0
    for number in 0..<30_000 as Range<UInt64> {
      position += random.next() % 3
      let asked = position - min(position, random.next() % 2)
      let place = max(asked, twin.last?.position ?? 0)
      if random.next() % 5 == 0 {
        held.hold(
          MailReceipt(
            sender: TenantID(high: 1, low: 1), receiver: TenantID(high: 1, low: 2), through: number),
          until: Position(asked))
        twin.append((place, number, nil))
      } else {
        let body = [UInt8](repeating: UInt8(number % 251), count: Int(random.next() % 40))
        held.hold(
          sink, Ticket(call: UInt32(number), method: 0), head(number), body: body.span,
          until: Position(asked))
        twin.append((place, number, body))
      }
      // Never quite empty, as under steady load.
      guard number % 7 == 0, position > 40 else { continue }
      let through = position - 20
      held.release(through: Position(through), receipts: &receipts)
      while let first = twin.first, first.position <= through {
        if let body = first.body {
          answered.append(first.number)
          let told = sink.answers[answered.count - 1]
          if told.body != body || told.head.commitSeq != first.number { Issue.record("\(number)") }
        } else {
          receipted.append(first.number)
        }
        twin.removeFirst()
      }
      if held.count != twin.count { Issue.record("\(held.count) held, not \(twin.count)") }
    }
    #expect(sink.answers.map(\.head.commitSeq) == answered)
    #expect(receipts.map(\.through) == receipted)
    let waiting = twin.count { $0.body != nil }
    held.fail(
      with: AnswerHead(status: .unknown, isReplay: false, commitSeq: 0), body: [1, 2, 3])
    #expect(held.isEmpty)
    #expect(sink.answers.count == answered.count + waiting)
    #expect(sink.answers.suffix(waiting).allSatisfy { $0.body == [1, 2, 3] })
    #expect(Set(sink.answers.map(\.ticket)).count == sink.answers.count)
  }

  @Test(arguments: [(1, 5), (3, 1), (1_000, 10), (7, 100), (UInt32.max, UInt32.max)])
  func `a bucket grants like an exact count, and its advice is right`(
    _ perSecond: UInt32, _ burst: UInt32
  ) {
    var random = SeededRandom(seed: UInt64(perSecond))
    var now: UInt64 = 0
    var bucket = TokenBucket(
      perSecond: perSecond, burst: burst, now: MonotonicInstant(nanoseconds: now))
    var twin = Double(burst)
    for _ in 0..<2_000 {
      let gap = random.next() % 20 == 0 ? 100_000_000_000 : random.next() % 700_000_000
      now += gap
      twin = min(Double(burst), twin + Double(gap) * Double(perSecond) / 1e9)
      let wait = bucket.take(now: MonotonicInstant(nanoseconds: now))
      // Where the twin's rounding decides it may differ.
      if abs(twin - 1) > 1e-6 { #expect((wait == nil) == (twin >= 1)) }
      if let wait {
        var later = bucket
        let after = later.take(
          now: MonotonicInstant(nanoseconds: now + UInt64(wait) * 1_000_000))
        #expect(after == nil)
        var earlier = bucket
        let before = earlier.take(
          now: MonotonicInstant(nanoseconds: now + UInt64(wait - 1) * 1_000_000))
        #expect(before != nil)
      } else {
        twin -= 1
      }
    }
  }

  @Test func `a bucket gives several calls at once or none`() {
    let now = MonotonicInstant(nanoseconds: 0)
    var bucket = TokenBucket(perSecond: 10, burst: 5, now: now)
    let grants = [6, 3, 3, 2, 1, .max].map { bucket.takeAll($0, now: now) }
    #expect(grants == [false, true, false, true, false, false])
    let later = bucket.takeAll(2, now: MonotonicInstant(nanoseconds: 200_000_000))
    #expect(later)
    var free = TokenBucket(perSecond: 0, burst: 1, now: now)
    let isFree = free.takeAll(100, now: now)
    #expect(isFree)
  }

  @Test func `no rate means no quota`() {
    var bucket = TokenBucket(perSecond: 0, burst: 1, now: MonotonicInstant(nanoseconds: 0))
    for _ in 0..<100 {
      let wait = bucket.take(now: MonotonicInstant(nanoseconds: 0))
      #expect(wait == nil)
    }
  }

  @Test func `the clock guard sees steps, not slow drift, and waits for a look`() {
    var guardian = ClockGuard(stepMilliseconds: 60_000)
    var wall: Int64 = 1_000_000
    var monotonic: UInt64 = 0
    func read(_ wallStep: Int64, _ ran: UInt64) {
      wall += wallStep
      monotonic += ran * 1_000_000
      guardian.read(
        wall: Timestamp(milliseconds: wall), monotonic: MonotonicInstant(nanoseconds: monotonic))
    }
    read(0, 0)
    read(250, 250)
    read(60_250, 250)
    #expect(guardian.alarm == nil)
    read(60_251, 250)
    #expect(guardian.alarm == Timestamp.Span(milliseconds: 60_001))
    read(250, 250)
    #expect(guardian.alarm != nil)
    guardian.accept()
    read(250, 250)
    #expect(guardian.alarm == nil)
    read(-70_000, 250)
    #expect(guardian.alarm == Timestamp.Span(milliseconds: -70_250))
    guardian.accept()
    read(3_600_000, 3_600_000)
    #expect(guardian.alarm == nil)
  }

  @Test(arguments: 0..<6)
  func `deadlines come out like from a sorted array`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var queue = DeadlineQueue()
    var twin: [(at: Timestamp, tenant: TenantID)] = []
    for _ in 0..<4_000 {
      let tenant = TenantID(high: 0, low: random.next() % 20)
      let at = Timestamp(milliseconds: Int64(random.next() % 300))
      if random.next() % 3 > 0 {
        queue.push(tenant, at: at)
        twin.append((at, tenant))
        twin.sort { $0.at != $1.at ? $0.at < $1.at : $0.tenant < $1.tenant }
      } else {
        let due = queue.pop(dueAt: at)
        let expected = twin.first.flatMap { $0.at <= at ? $0 : nil }
        #expect(due?.at == expected?.at)
        #expect(due?.tenant == expected?.tenant)
        if expected != nil { twin.removeFirst() }
      }
      #expect(queue.first == twin.first?.at)
      #expect(queue.isEmpty == twin.isEmpty)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 256])
  func `every partition has one shard, and every tenant the shard of its partition`(_ shards: Int) {
    let placement = TenantPlacement(shardCount: shards)
    let all = (0..<shards).flatMap { placement.partitions(of: $0) }
    #expect(all.count == Limits.partitions)
    #expect(Set(all).count == Limits.partitions)
    var random = SeededRandom(seed: 9)
    for _ in 0..<1_000 {
      let tenant = TenantID(high: random.next(), low: random.next())
      let shard = placement.shardIndex(of: tenant)
      #expect(placement.partitions(of: shard).contains(placement.partition(of: tenant)))
      // Where a tenant's records are does not depend on how many shards serve them.
      #expect(
        placement.partition(of: tenant)
          == TenantPlacement(shardCount: 1).partition(of: tenant))
    }
  }
}
