// SPDX-License-Identifier: Apache-2.0
// Call ids, zombies, item numbers and credit, by value.

import Testing

import TandemClient

struct RequestTableTests {
  private func text(_ answer: RequestTable<String>.Answer) -> String {
    switch answer {
    case .deliver(let waiter): waiter
    case .zombie: "zombie"
    case .unknown: "unknown"
    }
  }

  private func text(_ verdict: RequestTable<String>.ItemVerdict) -> String {
    switch verdict {
    case .deliver(let waiter): waiter
    case .zombie: "zombie"
    case .broken: "broken"
    }
  }

  @Test func `ids count up, wrap past zero and pass over ids in use`() {
    var table = RequestTable<String>(lastID: .max - 1)
    let found1 = table.open(method: 16, window: nil, waiter: "a")
    #expect(found1 == .max)
    let found2 = table.open(method: 16, window: nil, waiter: "b")
    #expect(found2 == 1)
    table.lastID = .max - 1
    let third = table.open(method: 16, window: nil, waiter: "c")
    #expect(third == 2)
  }

  @Test func `an answer reaches its caller once`() {
    var table = RequestTable<String>()
    let first = table.open(method: 16, window: nil, waiter: "first")
    let second = table.open(method: 17, window: nil, waiter: "second")
    let found4 = table.answer(second, method: 17)
    #expect(text(found4) == "second")
    let found5 = table.answer(first, method: 16)
    #expect(text(found5) == "first")
    let found6 = table.answer(first, method: 16)
    #expect(text(found6) == "unknown")
    #expect(table.inFlight == 0)
  }

  @Test func `an answer with another method is unknown and leaves the call alone`() {
    var table = RequestTable<String>()
    let call = table.open(method: 16, window: nil, waiter: "caller")
    let found7 = table.answer(call, method: 17)
    #expect(text(found7) == "unknown")
    let found8 = table.answer(call, method: 16)
    #expect(text(found8) == "caller")
  }

  @Test func `a cancelled call keeps its slot until its answer and asks for one cancel`() {
    var table = RequestTable<String>()
    let call = table.open(method: 16, window: nil, waiter: "caller")
    let found9 = table.abandon(call)
    #expect(found9)
    let found10 = table.abandon(call)
    #expect(!found10)
    #expect(table.inFlight == 1)
    #expect(table.zombies == 1)
    let found11 = table.answer(call, method: 16)
    #expect(text(found11) == "zombie")
    #expect(table.inFlight == 0)
    let found12 = table.abandon(call)
    #expect(!found12)
  }

  @Test func `items count from one and only streams have them`() {
    var table = RequestTable<String>()
    let unary = table.open(method: 16, window: nil, waiter: "unary")
    let stream = table.open(method: 32, window: 100, waiter: "stream")
    #expect(table.streams == 1)
    let found13 = table.item(unary, method: 16, number: 1)
    #expect(text(found13) == "broken")
    let found14 = table.item(99, method: 32, number: 1)
    #expect(text(found14) == "broken")
    let found15 = table.item(stream, method: 32, number: 1)
    #expect(text(found15) == "stream")
    let found16 = table.item(stream, method: 32, number: 3)
    #expect(text(found16) == "broken")
    let found17 = table.abandon(stream)
    #expect(found17)
    let found18 = table.item(stream, method: 32, number: 2)
    #expect(text(found18) == "zombie")
  }

  @Test func `credit goes back when half a window was consumed`() {
    var table = RequestTable<String>()
    let stream = table.open(method: 32, window: 100, waiter: "stream")
    let found19 = table.consumed(stream, bytes: 49)
    #expect(found19 == nil)
    let found20 = table.consumed(stream, bytes: 1)
    #expect(found20 == 50)
    let found21 = table.consumed(stream, bytes: 49)
    #expect(found21 == nil)
    let found22 = table.consumed(stream, bytes: 300)
    #expect(found22 == 349)
    let found23 = table.abandon(stream)
    #expect(found23)
    let found24 = table.consumed(stream, bytes: 100)
    #expect(found24 == nil)
  }

  @Test func `a lost connection frees every caller in order and forgets zombies`() {
    var table = RequestTable<String>()
    let names = ["a", "b", "c", "d"]
    let calls = names.map { table.open(method: 16, window: nil, waiter: $0) }
    let found25 = table.abandon(calls[1])
    #expect(found25)
    let found26 = table.removeAll()
    #expect(found26 == ["a", "c", "d"])
    #expect(table.inFlight == 0)
  }
}
