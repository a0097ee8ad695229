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

  fileprivate init(_ slot: Slot, _ loan: Loan?) {
    self.init(
      call: slot.call, method: slot.method, isStream: slot.isStream,
      requestBytes: slot.requestBytes)
    wantsMeta = slot.wantsMeta
    if let loan { (credit, lent, expiresAt) = (loan.credit, loan.lent, loan.expiresAt) }
  }
}

/// What the table keeps of every call; no call has id 0, which marks an empty slot.
private struct Slot: Sendable {
  var call: UInt32 = 0
  var requestBytes: UInt32 = 0
  var method: UInt16 = 0
  var isStream = false
  var wantsMeta = false
}

/// What it keeps of streams besides, which are few.
private struct Loan: Sendable {
  var credit: Int64
  var lent: Int64
  var expiresAt: MonotonicInstant?
}

/// Open addressing with linear probing; at most half full, so probes stay short.
///
/// It starts small, since most connections are idle, and doubles until it holds `countMax` calls.
package struct InFlightTable: Sendable {
  private var slots: [Slot]
  private var loans: [UInt32: Loan] = [:]
  private(set) package var count = 0
  private(set) package var bytes: UInt64 = 0
  package let countMax: Int

  package init(countMax: Int) {
    invariant(countMax > 0, "a connection may have a call")
    self.countMax = countMax
    slots = [Slot](repeating: Slot(), count: 16)
  }

  package var isFull: Bool { count >= countMax }
  package var streams: Int { loans.count }

  package func holds(_ call: UInt32) -> Bool { slots[slotIndex(of: call)].call == call }

  package func find(_ call: UInt32) -> InFlightCall? {
    let slot = slots[slotIndex(of: call)]
    return slot.call == call ? InFlightCall(slot, loans[call]) : nil
  }

  package mutating func insert(_ entry: InFlightCall) {
    invariant(count < countMax, "callers ask isFull first, count \(count)")
    let isNew = insert(
      Slot(
        call: entry.call, requestBytes: entry.requestBytes, method: entry.method,
        isStream: entry.isStream, wantsMeta: entry.wantsMeta))
    invariant(isNew, "call \(entry.call) is not in flight")
    guard entry.isStream else { return }
    loans[entry.call] = Loan(credit: entry.credit, lent: entry.lent, expiresAt: entry.expiresAt)
  }

  /// Adds a call that is no stream; false, without any change, when its id is in flight already.
  mutating func insert(
    _ call: UInt32, method: UInt16, requestBytes: UInt32, wantsMeta: Bool
  ) -> Bool {
    insert(
      Slot(
        call: call, requestBytes: requestBytes, method: method, isStream: false,
        wantsMeta: wantsMeta))
  }

  private mutating func insert(_ slot: Slot) -> Bool {
    invariant(slot.call != 0, "call 0 is the connection")
    if (count + 1) * 2 > slots.count { grow() }
    let index = slotIndex(of: slot.call)
    guard slots[index].call == 0 else { return false }
    slots[index] = slot
    count += 1
    bytes += UInt64(slot.requestBytes)
    return true
  }

  /// Takes a call out, or gives nil when it is not in flight.
  package mutating func remove(_ call: UInt32) -> InFlightCall? {
    guard let slot = take(call) else { return nil }
    return InFlightCall(slot, slot.isStream ? loans.removeValue(forKey: call) : nil)
  }

  /// Takes a call out; says whether it wants Meta, or nil when it is not in flight.
  mutating func end(_ call: UInt32) -> Bool? {
    guard let slot = take(call) else { return nil }
    if slot.isStream { loans[call] = nil }
    return slot.wantsMeta
  }

  private mutating func take(_ call: UInt32) -> Slot? {
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
    slots[hole] = Slot()
    count -= 1
    bytes -= UInt64(removed.requestBytes)
    return removed
  }

  /// Changes a stream's standing; its id and size stay.
  package mutating func update(_ call: UInt32, _ change: (inout InFlightCall) -> Void) {
    guard var entry = find(call), entry.isStream else { return }
    change(&entry)
    loans[call] = Loan(credit: entry.credit, lent: entry.lent, expiresAt: entry.expiresAt)
  }

  /// All calls by id, for the rare moments when each must be touched.
  package var all: [InFlightCall] {
    slots.filter { $0.call != 0 }.map { InFlightCall($0, loans[$0.call]) }
      .sorted { $0.call < $1.call }
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
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for entry in old where entry.call != 0 { slots[slotIndex(of: entry.call)] = entry }
  }
}
