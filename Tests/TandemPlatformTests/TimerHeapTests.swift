// SPDX-License-Identifier: Apache-2.0
import TandemPlatform
import TandemPrimitives
import Testing

struct TimerHeapTests {
  private func instant(_ nanoseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: nanoseconds)
  }

  @Test func `timers come out in order of time and then of addition`() {
    var random = SeededRandom(seed: 1)
    var heap = TimerHeap()
    let fired = Collected<(UInt64, Int)>()
    for index in 0..<500 {
      let due = UInt64.random(in: 0..<50, using: &random)
      _ = heap.add(at: instant(due)) { fired.add((due, index)) }
    }
    while let work = heap.popDue(at: instant(50), addedBefore: heap.mark) { work() }
    let all = fired.all
    #expect(all.count == 500)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `a random mix of additions and cancellations agrees with a sorted list`() {
    var random = SeededRandom(seed: 2)
    var heap = TimerHeap()
    var expected: [(due: UInt64, index: Int, timer: TimerID)] = []
    let fired = Collected<Int>()
    for index in 0..<2000 {
      if !expected.isEmpty, Bool.random(using: &random) {
        let gone = expected.remove(at: Int.random(in: expected.indices, using: &random))
        heap.cancel(gone.timer)
      }
      let due = UInt64.random(in: 0..<100, using: &random)
      expected.append((due, index, heap.add(at: instant(due)) { fired.add(index) }))
    }
    #expect(heap.count == expected.count)
    while let work = heap.popDue(at: instant(100), addedBefore: heap.mark) { work() }
    #expect(fired.all == expected.sorted { ($0.due, $0.index) < ($1.due, $1.index) }.map(\.index))
  }

  @Test func `a stale identifier cancels nothing, even when its slot is used again`() {
    var heap = TimerHeap()
    let stale = heap.add(at: instant(1)) {}
    heap.cancel(stale)
    let fresh = heap.add(at: instant(2)) {}
    heap.cancel(stale)
    #expect(heap.count == 1)
    #expect(heap.nextDue == instant(2))
    heap.cancel(fresh)
    #expect(heap.nextDue == nil)
  }

  @Test func `a timer waits for its time and for its mark`() {
    var heap = TimerHeap()
    let mark = heap.mark
    _ = heap.add(at: instant(5)) {}
    #expect(heap.popDue(at: instant(4), addedBefore: heap.mark) == nil)
    #expect(heap.popDue(at: instant(5), addedBefore: mark) == nil)
    #expect(heap.popDue(at: instant(5), addedBefore: heap.mark) != nil)
  }
}
