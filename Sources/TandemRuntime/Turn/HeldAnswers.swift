// SPDX-License-Identifier: Apache-2.0
// The reply gate of one partition: nothing is told before what it saw is durable. Slots in a ring,
// released by position; a read of fresh state waits like the write that made it.

import TandemDomain
package import TandemJournal
package import TandemPrimitives
import TandemWire

/// Answers and receipts that wait for a position, in the order of their positions.
package struct HeldAnswers {
  fileprivate struct Slot {
    var position: Position
    /// Nil where an answer was told, and where something else than an answer waits.
    var sink: (any AnswerSink)?
    var ticket: Ticket
    var head: AnswerHead
    /// Where the body begins and ends, counted since the beginning.
    var start: Int
    var end: Int
    var isOther: Bool
  }

  /// What is told less often; waits behind a slot of its own.
  private enum Other {
    case receipt(MailReceipt)
    case authentication(Authentication, (Authentication) -> Void)
  }

  /// A ring: a slot's place is its number modulo the count, which is a power of two.
  private var slots: [Slot] = []
  private var head = 0
  private var tail = 0
  /// The position of the newest slot.
  private var last = Position.start
  private var others = PositionQueue<Other>()
  private var bodies: [UInt8] = []
  /// How many bytes of bodies were dropped.
  private var dropped = 0

  #if TANDEM_PLANTED_BUGS
    private var lastSink: (any AnswerSink)? {
      isEmpty ? nil : slots[(tail - 1) & (slots.count - 1)].sink
    }
  #endif

  package init() {}

  package var isEmpty: Bool { head == tail }
  package var count: Int { tail - head }

  /// Keeps an answer until the position is durable; positions must not fall.
  package mutating func hold(
    _ sink: any AnswerSink, _ ticket: Ticket, _ answer: AnswerHead, body: borrowing Span<UInt8>,
    until position: Position
  ) {
    let start = dropped + bodies.count
    let count = body.count
    bodies.append(addingCapacity: count) { $0.append(copying: body) }
    let place = push(position)
    slots[place] = Slot(
      position: last, sink: sink, ticket: ticket, head: answer, start: start, end: start + count,
      isOther: false)
  }

  /// Keeps the sender's receipt until the receiver's mark is durable.
  package mutating func hold(_ receipt: MailReceipt, until position: Position) {
    push(.receipt(receipt), until: position)
  }

  /// Keeps what a key's owner is told until the keys that were looked at are durable.
  mutating func hold(
    _ result: Authentication, _ done: @escaping (Authentication) -> Void, until position: Position
  ) {
    push(.authentication(result, done), until: position)
  }

  private mutating func push(_ other: Other, until position: Position) {
    let place = push(position)
    slots[place] = Slot(other: dropped + bodies.count, at: last)
    others.append(other, at: last)
  }

  /// The place of a new slot, which waits for `last`.
  private mutating func push(_ position: Position) -> Int {
    // A read may have seen an older position than the write before it; it waits for the newer.
    last = isEmpty ? position : max(position, last)
    if count == slots.count { grow() }
    tail += 1
    return (tail - 1) & (slots.count - 1)
  }

  private mutating func grow() {
    var wider = [Slot](repeating: Slot(other: 0, at: last), count: max(16, slots.count * 2))
    for number in head..<tail {
      wider[number & (wider.count - 1)] = slots[number & (slots.count - 1)]
    }
    slots = wider
  }

  /// Tells everything up to a position; receipts are handed back to be posted.
  package mutating func release(through position: Position, receipts: inout [MailReceipt]) {
    while head < tail {
      let place = head & (slots.count - 1)
      guard slots[place].position <= position else { break }
      // Taken, not copied: the slot has no use for it any more.
      if let sink = slots[place].sink.take() {
        #if TANDEM_PLANTED_BUGS
          let sink = PlantedBug.answerToAnotherSink.isActive ? lastSink ?? sink : sink
        #endif
        let body = slots[place].start - dropped..<slots[place].end - dropped
        sink.answer(slots[place].ticket, slots[place].head, body: bodies.span.extracting(body))
      } else if slots[place].isOther {
        switch others.popFirst(through: position) {
        case .receipt(let receipt): receipts.append(receipt)
        case .authentication(let result, let done): done(result)
        case nil: break
        }
      }
      head += 1
    }
    forgetBodies()
  }

  /// Answers everything that still waits with one error; receipts are dropped, senders ask again.
  package mutating func fail(with answer: AnswerHead, body: [UInt8]) {
    while head < tail {
      let place = head & (slots.count - 1)
      if let sink = slots[place].sink.take() {
        sink.answer(slots[place].ticket, answer, body: body.span)
      } else if slots[place].isOther,
        case .authentication(_, let done) = others.popFirst(through: last)
      {
        done(.unavailable)
      }
      head += 1
    }
    forgetBodies()
  }

  /// Under steady load something always waits; its bodies are moved to the front now and then.
  private mutating func forgetBodies() {
    let told = isEmpty ? bodies.count : slots[head & (slots.count - 1)].start - dropped
    guard isEmpty || told > 65_536 && told * 2 > bodies.count else { return }
    dropped += told
    if isEmpty { bodies.removeAll(keepingCapacity: true) } else { bodies.removeFirst(told) }
  }
}

extension HeldAnswers.Slot {
  /// A slot without an answer; bodies of later ones begin at its place.
  fileprivate init(other place: Int, at position: Position) {
    self.init(
      position: position, sink: nil, ticket: Ticket(call: 0, method: 0),
      head: AnswerHead(status: .ok, isReplay: false, commitSeq: 0), start: place, end: place,
      isOther: true)
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
