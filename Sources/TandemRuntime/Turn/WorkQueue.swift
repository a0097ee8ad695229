// SPDX-License-Identifier: Apache-2.0
// What waits for a tenant, in order. Calls are many and lie in one array, moved in and out once; the
// rest is rare and lies beside it.

import TandemDomain
import TandemPrimitives
package import TandemWire

/// Waiting work of one tenant, oldest first.
struct WorkQueue {
  /// Nil where other work stands, or a call was handed out.
  private var calls: [Call?] = []
  /// For each item the deal it asks for, zero for none.
  private var deals: [DealID] = []
  private var head = 0
  /// Other work in the order of its places; nil where it was handed out.
  private var others: [Work?] = []
  private var othersHead = 0

  var count: Int { calls.count - head }
  var isEmpty: Bool { count == 0 }

  mutating func push(_ call: consuming Call, about deal: DealID?) {
    calls.append(consume call)
    deals.append(deal ?? .zero)
  }

  mutating func push(_ work: consuming Work) {
    others.append(consume work)
    calls.append(nil)
    deals.append(.zero)
  }

  /// The next item, if it is a call.
  mutating func popCall() -> Call? {
    guard head < calls.count, calls[head] != nil else { return nil }
    defer { passHead() }
    return calls[head].take()
  }

  /// The next item, if it is none.
  mutating func popWork() -> Work? {
    guard head < calls.count, othersHead < others.count, calls[head] == nil else { return nil }
    defer { passHead() }
    let work = others[othersHead].take()
    othersHead += 1
    if othersHead == others.count {
      others.removeAll(keepingCapacity: true)
      othersHead = 0
    }
    return work
  }

  private mutating func passHead() {
    head += 1
    if head == calls.count {
      calls.removeAll(keepingCapacity: true)
      deals.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 256, head * 2 > calls.count {
      // A queue that is never empty must not keep what it handed out.
      calls.removeFirst(head)
      deals.removeFirst(head)
      others.removeFirst(othersHead)
      head = 0
      othersHead = 0
    }
  }

  /// The deals that the next items ask for.
  func appendDeals(ofNext limit: Int, to ids: inout [DealID]) {
    for index in head..<min(head + limit, calls.count) where !deals[index].isZero {
      ids.append(deals[index])
    }
  }

  /// Shows the keys of those of the next items that have one.
  @inline(__always)
  func visitKeys(ofNext limit: Int, _ visit: (RequestKey) -> Void) {
    for index in head..<min(head + limit, calls.count) {
      if let key = calls[index]?.key { visit(key) }
    }
  }

  /// Puts the items of another queue behind its own.
  mutating func append(taking other: inout WorkQueue) {
    if other.isEmpty { return }
    if isEmpty { return swap(&self, &other) }
    while !other.isEmpty {
      let deal = other.deals[other.head]
      if let call = other.popCall() {
        push(call, about: deal)
      } else if let work = other.popWork() {
        push(work)
      }
    }
  }
}

/// Calls of one connection on their way to its tenant, in their order.
package struct CallBatch {
  var queue = WorkQueue()
  var tenant = TenantID.zero
  /// A quota binds them.
  var isOfUser = false
  /// Calls that found no room, and why; who handed them over answers them.
  var refusals: [Refusal] = []

  package struct Refusal {
    package let ticket: Ticket
    package let error: ErrorStatus
  }

  package init() {}

  package var isEmpty: Bool { queue.isEmpty }

  package mutating func add(_ call: consuming Call) {
    let deal = call.request.deal
    queue.push(consume call, about: deal)
  }

  package mutating func takeRefusals() -> [Refusal] {
    let taken = refusals
    refusals = []
    return taken
  }
}
