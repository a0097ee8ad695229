// SPDX-License-Identifier: Apache-2.0
// When tenants' timers are due, earliest first. Entries that were overtaken are skipped when they surface.

package import TandemPrimitives

/// A binary heap of wall times; pure.
package struct DeadlineQueue {
  private var heap: [(at: Timestamp, tenant: TenantID)] = []

  package init() {}

  package var first: Timestamp? { heap.first?.at }
  package var isEmpty: Bool { heap.isEmpty }

  package mutating func push(_ tenant: TenantID, at time: Timestamp) {
    heap.append((time, tenant))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// The earliest entry that is due.
  package mutating func pop(dueAt now: Timestamp) -> (at: Timestamp, tenant: TenantID)? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    sink()
    return first
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && precedes(child, least) { least = child }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  /// Ties go by tenant, so that the order is the same on every machine.
  private func precedes(_ left: Int, _ right: Int) -> Bool {
    heap[left].at != heap[right].at
      ? heap[left].at < heap[right].at : heap[left].tenant < heap[right].tenant
  }
}
