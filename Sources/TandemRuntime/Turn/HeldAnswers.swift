// SPDX-License-Identifier: Apache-2.0
// The reply gate of one partition: nothing is told before what it saw is durable. Slots in a ring,
// released by position; a read of fresh state waits like the write that made it.

import TandemDomain
package import TandemJournal
package import TandemPrimitives
import TandemWire

/// Answers and receipts that wait for a position, in the order of their positions.
package struct HeldAnswers {
  private enum Held {
    case answer(sink: any AnswerSink, Ticket, AnswerHead, start: Int, end: Int)
    case receipt(MailReceipt)
    case authentication(Authentication, (Authentication) -> Void)
  }

  /// Nil where an answer was told.
  private var slots: [(position: Position, held: Held?)] = []
  private var head = 0
  private var bodies: [UInt8] = []

  #if TANDEM_PLANTED_BUGS
    private var lastSink: (any AnswerSink)? {
      guard case .answer(let sink, _, _, _, _) = slots.last?.held else { return nil }
      return sink
    }
  #endif

  package init() {}

  package var isEmpty: Bool { head == slots.count }
  package var count: Int { slots.count - head }

  /// Keeps an answer until the position is durable; positions must not fall.
  package mutating func hold(
    _ sink: any AnswerSink, _ ticket: Ticket, _ answer: AnswerHead, body: [UInt8],
    until position: Position
  ) {
    let start = bodies.count
    bodies.append(contentsOf: body)
    push(position, .answer(sink: sink, ticket, answer, start: start, end: bodies.count))
  }

  /// Keeps the sender's receipt until the receiver's mark is durable.
  package mutating func hold(_ receipt: MailReceipt, until position: Position) {
    push(position, .receipt(receipt))
  }

  /// Keeps what a key's owner is told until the keys that were looked at are durable.
  mutating func hold(
    _ result: Authentication, _ done: @escaping (Authentication) -> Void, until position: Position
  ) {
    push(position, .authentication(result, done))
  }

  private mutating func push(_ position: Position, _ held: consuming Held) {
    // A read may have seen an older position than the write before it; it waits for the newer.
    let last = isEmpty ? position : max(position, slots[slots.count - 1].position)
    slots.append((last, consume held))
  }

  /// Tells everything up to a position; receipts are handed back to be posted.
  package mutating func release(through position: Position, receipts: inout [MailReceipt]) {
    while head < slots.count, slots[head].position <= position {
      // Taken, not copied: the slot has no use for it any more.
      switch slots[head].held.take() {
      case nil: break
      case .answer(let sink, let ticket, let answer, let start, let end):
        #if TANDEM_PLANTED_BUGS
          let sink = PlantedBug.answerToAnotherSink.isActive ? lastSink ?? sink : sink
        #endif
        sink.answer(ticket, answer, body: bodies.span.extracting(start..<end))
      case .receipt(let receipt):
        receipts.append(receipt)
      case .authentication(let result, let done): done(result)
      }
      head += 1
    }
    forgetReleased()
  }

  /// Answers everything that still waits with one error; receipts are dropped, senders ask again.
  package mutating func fail(with answer: AnswerHead, body: [UInt8]) {
    while head < slots.count {
      switch slots[head].held.take() {
      case nil: break
      case .answer(let sink, let ticket, _, _, _): sink.answer(ticket, answer, body: body.span)
      case .receipt: break
      case .authentication(_, let done): done(.unavailable)
      }
      head += 1
    }
    forgetReleased()
  }

  private mutating func forgetReleased() {
    guard isEmpty else { return compactIfHollow() }
    slots.removeAll(keepingCapacity: true)
    bodies.removeAll(keepingCapacity: true)
    head = 0
  }

  /// Under steady load the ring is never empty; move what waits to the front now and then.
  private mutating func compactIfHollow() {
    guard head > 4_096, head * 2 > slots.count else { return }
    slots.removeFirst(head)
    head = 0
    guard let base = firstBodyStart, base > 0 else { return }
    bodies.removeFirst(base)
    for index in slots.indices {
      if case .answer(let sink, let ticket, let answer, let start, let end) = slots[index].held {
        slots[index].held = .answer(
          sink: sink, ticket, answer, start: start - base, end: end - base)
      }
    }
  }

  private var firstBodyStart: Int? {
    for slot in slots {
      if case .answer(_, _, _, let start, _) = slot.held { return start }
    }
    return bodies.count
  }
}

/// A message on its way between tenants of one realm.
struct Envelope: Sendable {
  let sender: TenantID
  let receiver: TenantID
  let sequence: UInt64
  let message: Message
}

/// Says to a sender that everything up to a sequence was marked durably.
package struct MailReceipt: Sendable, Equatable {
  package let sender: TenantID
  package let receiver: TenantID
  package let through: UInt64

  package init(sender: TenantID, receiver: TenantID, through: UInt64) {
    self.sender = sender
    self.receiver = receiver
    self.through = through
  }
}
