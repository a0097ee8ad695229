// SPDX-License-Identifier: Apache-2.0
// Calls of one connection that were not answered yet. Bounded; no allocation once it has its size.

package import TandemPrimitives

/// One call between REQUEST and RESPONSE.
package struct InFlightCall: Sendable, Equatable {
  package var call: UInt32
  package var method: UInt16
  package var isStream: Bool
  package var requestBytes: UInt32
  /// The request carried Meta, so the answer does.
  package var wantsMeta = false
  /// Bytes that the stream may still send.
  package var credit: Int64 = 0
  /// How much of it the stream has been told of; the rest is lent when this is used up and sent.
  package var lent: Int64 = 0
  /// When a stream ends by itself; nil: never.
  package var expiresAt: MonotonicInstant?

  package init(call: UInt32, method: UInt16, isStream: Bool, requestBytes: UInt32) {
    self.call = call
    self.method = method
    self.isStream = isStream
    self.requestBytes = requestBytes
  }

  /// Marks an empty slot; no call has id 0.
  fileprivate static let empty = InFlightCall(call: 0, method: 0, isStream: false, requestBytes: 0)
}

/// Open addressing with linear probing; at most half full, so probes stay short.
///
/// It starts small, since most connections are idle, and doubles until it holds `countMax` calls.
package struct InFlightTable: Sendable {
  private var slots: [InFlightCall]
  private(set) package var count = 0
  private(set) package var streams = 0
  private(set) package var bytes: UInt64 = 0
  package let countMax: Int

  package init(countMax: Int) {
    invariant(countMax > 0, "a connection may have a call")
    self.countMax = countMax
    slots = [InFlightCall](repeating: .empty, count: 16)
  }

  package var isFull: Bool { count >= countMax }

  package func find(_ call: UInt32) -> InFlightCall? {
    let index = slotIndex(of: call)
    return slots[index].call == call ? slots[index] : nil
  }

  package mutating func insert(_ entry: InFlightCall) {
    invariant(entry.call != 0, "call 0 is the connection")
    invariant(count < countMax, "callers ask isFull first, count \(count)")
    if (count + 1) * 2 > slots.count { grow() }
    let index = slotIndex(of: entry.call)
    invariant(slots[index].call == 0, "call \(entry.call) is not in flight")
    slots[index] = entry
    count += 1
    bytes += UInt64(entry.requestBytes)
    if entry.isStream { streams += 1 }
  }

  /// Takes a call out, or gives nil when it is not in flight.
  package mutating func remove(_ call: UInt32) -> InFlightCall? {
    var hole = slotIndex(of: call)
    let removed = slots[hole]
    guard call != 0, removed.call == call else { return nil }
    // Later entries of the same run move up, so that probing never meets a false end.
    var index = (hole + 1) & mask
    while slots[index].call != 0 {
      let home = Self.home(of: slots[index].call, mask)
      if (index &- home) & mask >= (index &- hole) & mask {
        slots[hole] = slots[index]
        hole = index
      }
      index = (index + 1) & mask
    }
    slots[hole] = .empty
    count -= 1
    bytes -= UInt64(removed.requestBytes)
    if removed.isStream { streams -= 1 }
    return removed
  }

  /// Changes a call's standing; its id, kind and size stay.
  package mutating func update(_ call: UInt32, _ change: (inout InFlightCall) -> Void) {
    let index = slotIndex(of: call)
    guard call != 0, slots[index].call == call else { return }
    change(&slots[index])
  }

  /// All calls by id, for the rare moments when each must be touched.
  package var all: [InFlightCall] {
    slots.filter { $0.call != 0 }.sorted { $0.call < $1.call }
  }

  private var mask: Int { slots.count - 1 }

  private static func home(of call: UInt32, _ mask: Int) -> Int {
    // Clients count up; the multiplication spreads ids that differ in few bits only.
    Int(truncatingIfNeeded: (UInt64(call) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  /// The slot that holds the call, or the empty one where it would go.
  private func slotIndex(of call: UInt32) -> Int {
    var index = Self.home(of: call, mask)
    while slots[index].call != 0, slots[index].call != call { index = (index + 1) & mask }
    return index
  }

  private mutating func grow() {
    let old = slots
    slots = [InFlightCall](repeating: .empty, count: old.count * 2)
    for entry in old where entry.call != 0 { slots[slotIndex(of: entry.call)] = entry }
  }
}
