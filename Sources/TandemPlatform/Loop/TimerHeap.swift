// SPDX-License-Identifier: Apache-2.0
// Timers of one executor in a binary heap. Must not read a clock: it is told the time.

package import TandemPrimitives

/// Closures by due time; equal times run in the order they were added.
///
/// Add and cancel cost O(log n). The heap orders small entries; closures stay in slots that are
/// used again, so a steady number of timers allocates nothing here. An identifier holds its slot
/// and the slot's generation: a stale one finds another generation and is ignored.
package struct TimerHeap {
  private struct Entry {
    let due: MonotonicInstant
    let order: UInt64
    let slot: Int
  }

  private struct Slot {
    var generation: UInt32 = 0
    var position = 0
    var work: (@Sendable () -> Void)?
  }

  private var heap: [Entry] = []
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var added: UInt64 = 0

  package init() {}

  package var count: Int { heap.count }

  /// When the first timer is due.
  package var nextDue: MonotonicInstant? { heap.first?.due }

  /// Separates the timers that exist now from those added later.
  package var mark: UInt64 { added }

  package mutating func add(
    at due: MonotonicInstant, _ work: @escaping @Sendable () -> Void
  ) -> TimerID {
    let slot = takeSlot()
    slots[slot].work = work
    heap.append(Entry(due: due, order: added, slot: slot))
    added += 1
    siftUp(heap.count - 1)
    return TimerID(value: UInt64(slots[slot].generation) << 32 | UInt64(slot))
  }

  package mutating func cancel(_ timer: TimerID) {
    let slot = Int(timer.value & 0xFFFF_FFFF)
    guard slot < slots.count, slots[slot].work != nil else { return }
    guard UInt64(slots[slot].generation) == timer.value >> 32 else { return }
    removeEntry(at: slots[slot].position)
  }

  /// Removes and returns the first timer that is due and older than a mark.
  package mutating func popDue(
    at now: MonotonicInstant, addedBefore mark: UInt64
  ) -> (@Sendable () -> Void)? {
    guard let first = heap.first, first.due <= now, first.order < mark else { return nil }
    return removeEntry(at: 0)
  }

  private mutating func takeSlot() -> Int {
    if let slot = freeSlots.popLast() { return slot }
    slots.append(Slot())
    return slots.count - 1
  }

  @discardableResult
  private mutating func removeEntry(at position: Int) -> (@Sendable () -> Void)? {
    let slot = heap[position].slot
    let work = slots[slot].work
    slots[slot].work = nil
    slots[slot].generation &+= 1
    freeSlots.append(slot)
    let last = heap.removeLast()
    if position < heap.count {
      heap[position] = last
      siftUp(position)
      siftDown(slots[last.slot].position)
    }
    return work
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    left.due != right.due ? left.due < right.due : left.order < right.order
  }

  private mutating func place(_ entry: Entry, at position: Int) {
    heap[position] = entry
    slots[entry.slot].position = position
  }

  private mutating func siftUp(_ start: Int) {
    let entry = heap[start]
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard precedes(entry, heap[parent]) else { break }
      place(heap[parent], at: position)
      position = parent
    }
    place(entry, at: position)
  }

  private mutating func siftDown(_ start: Int) {
    let entry = heap[start]
    var position = start
    while true {
      var child = 2 * position + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], entry) else { break }
      place(heap[child], at: position)
      position = child
    }
    place(entry, at: position)
  }
}
