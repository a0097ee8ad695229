// SPDX-License-Identifier: Apache-2.0
// The calls in flight on one connection: their ids, their slots, their streams' credit.
// Pure: it knows no bytes and no time. A cancelled call keeps its id until its RESPONSE (a zombie).

/// Call ids and what is known of each call in flight; `Waiter` is whoever waits for the answer.
package struct RequestTable<Waiter> {
  /// Credit of a stream as the client counts it.
  package struct StreamCredit: Sendable, Equatable {
    /// What the consumer has taken and was not yet given back.
    package var consumed: Int64 = 0
    package let window: Int64
    /// The number of the ITEM that comes next, from 1, wrapping.
    package var nextItem: UInt32 = 1
  }

  private struct Entry {
    /// Nil once the caller has gone: a zombie.
    var waiter: Waiter?
    var stream: StreamCredit?
    let method: UInt16
  }

  /// What a RESPONSE means.
  package enum Answer {
    case deliver(Waiter)
    /// The caller cancelled; the answer is dropped and the id is free again.
    case zombie
    /// No such call: the peer broke the protocol.
    case unknown
  }

  /// What an ITEM means.
  package enum ItemVerdict {
    case deliver(Waiter)
    case zombie
    case broken(String)
  }

  private var entries: [UInt32: Entry] = [:]
  /// The id given last; tests move it to meet ids in use.
  package var lastID: UInt32

  /// `lastID` lets tests begin near the end of the number range.
  package init(lastID: UInt32 = 0) { self.lastID = lastID }

  /// Slots held: calls that wait for an answer and zombies.
  package var inFlight: Int { entries.count }
  /// Streams among them.
  package var streams: Int { entries.values.count { $0.stream != nil } }
  /// True for an id that waits for its RESPONSE.
  package func holds(_ id: UInt32) -> Bool { entries[id] != nil }
  package var zombies: Int { entries.values.count { $0.waiter == nil } }

  /// Takes the next free id, counting up and wrapping, never zero.
  package mutating func open(method: UInt16, window: Int64?, waiter: Waiter) -> UInt32 {
    repeat { lastID &+= 1 } while lastID == 0 || entries[lastID] != nil
    let credit = window.map { StreamCredit(window: $0) }
    entries[lastID] = Entry(waiter: waiter, stream: credit, method: method)
    return lastID
  }

  /// Frees the caller of a call; true when a CANCEL is to be sent.
  package mutating func abandon(_ id: UInt32) -> Bool {
    guard entries[id]?.waiter != nil else { return false }
    entries[id]?.waiter = nil
    return true
  }

  /// Ends a call that never reached the wire.
  package mutating func forget(_ id: UInt32) -> Waiter? {
    entries.removeValue(forKey: id)?.waiter
  }

  /// Takes the RESPONSE to a call, which frees its id.
  package mutating func answer(_ id: UInt32, method: UInt16) -> Answer {
    guard let entry = entries[id], entry.method == method else { return .unknown }
    entries.removeValue(forKey: id)
    return entry.waiter.map { .deliver($0) } ?? .zombie
  }

  /// Takes an ITEM, which must belong to a stream and carry the next number.
  package mutating func item(_ id: UInt32, method: UInt16, number: UInt32) -> ItemVerdict {
    guard let entry = entries[id], entry.method == method else {
      return .broken("ITEM for call \(id), which is not in flight")
    }
    guard let stream = entry.stream else { return .broken("ITEM for unary call \(id)") }
    guard stream.nextItem == number else {
      return .broken("ITEM \(number) of call \(id), expected \(stream.nextItem)")
    }
    entries[id]?.stream?.nextItem = number &+ 1
    return entry.waiter.map { .deliver($0) } ?? .zombie
  }

  /// Notes that the consumer took an item; returns credit to give back once half a window is used.
  package mutating func consumed(_ id: UInt32, bytes: Int) -> UInt32? {
    guard var stream = entries[id]?.stream, entries[id]?.waiter != nil else { return nil }
    stream.consumed += Int64(bytes)
    defer { entries[id]?.stream = stream }
    guard stream.consumed * 2 >= stream.window else { return nil }
    let credit = UInt32(clamping: min(stream.consumed, Int64(Int32.max)))
    stream.consumed -= Int64(credit)
    return credit
  }

  /// Ends everything, in the order of the ids: the connection is gone.
  package mutating func removeAll() -> [Waiter] {
    let waiters = entries.sorted { $0.key < $1.key }.compactMap(\.value.waiter)
    entries.removeAll()
    return waiters
  }
}
