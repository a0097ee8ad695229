// SPDX-License-Identifier: Apache-2.0
// Commits to records and back: every event, every message, damaged bytes and erased people.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

/// The two sections of a record with what its header says.
struct Sections {
  var commit: Commit
  var body: [UInt8] = []
  var personal: [UInt8] = []
  var eventType: UInt16 = 0

  init(_ commit: Commit) {
    self.commit = commit
    eventType = CommitCodec.encode(
      commit, salt: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908), body: &body,
      personal: &personal)
  }

  var keyHash: (UInt64, UInt64) {
    commit.ledger.map { ($0.key.scopeHigh, $0.key.scopeLow) } ?? (0, 0)
  }

  func decoded(
    body: ArraySlice<UInt8>? = nil, personal: ArraySlice<UInt8>? = nil, erased: Bool = false
  ) throws(WireError) -> Commit {
    try CommitCodec.decode(
      sequence: commit.sequence, at: commit.at, keyHash: keyHash, body: body ?? self.body[...],
      personal: personal ?? self.personal[...], personalErased: erased)
  }
}

extension [UInt8] {
  func holds(_ text: Text) -> Bool {
    let part = Array(text.utf8)
    guard let first = part.first, count >= part.count else { return false }
    return (0...(count - part.count)).contains { start in
      self[start] == first && self[start..<start + part.count].elementsEqual(part)
    }
  }
}

extension Person {
  var texts: [Text] { [firstName, lastName, email, phone, title] }
}

struct CommitCodecTests {
  @Test(arguments: EventNumber.allCases)
  func `an event is read as it was written`(_ number: EventNumber) throws {
    for seed in 1...40 {
      var model = RandomModel(seed: UInt64(seed))
      let event = model.event(number)
      #expect(event.number == number)
      let sections = Sections(model.commit([event]))
      #expect(sections.eventType == number.rawValue)
      #expect(try sections.decoded() == sections.commit)
    }
  }

  @Test(arguments: MessageCase.allCases)
  func `a message is read as it was written`(_ number: MessageCase) throws {
    for seed in 1...40 {
      var model = RandomModel(seed: UInt64(seed) &* 77)
      let message = model.message(number)
      #expect(MessageCase(message) == number)
      let sections = Sections(
        model.commit([
          .messageSent(OutboxEntry(receiver: model.id(), sequence: 7, message: message))
        ]))
      #expect(try sections.decoded() == sections.commit)
    }
  }

  @Test
  func `a change of every field is read as it was written`() throws {
    for seed in 1...60 {
      var model = RandomModel(seed: UInt64(seed) &* 1013)
      let sections = Sections(model.commit([.dealChanged(model.dealChanged(DealField.allCases))]))
      #expect(try sections.decoded() == sections.commit)
    }
  }

  @Test
  func `a commit keeps the order of its events`() throws {
    var model = RandomModel(seed: 5)
    let sections = Sections(model.commit(EventNumber.allCases.reversed().map { model.event($0) }))
    #expect(sections.eventType == EventNumber.allCases.last?.rawValue)
    #expect(try sections.decoded() == sections.commit)
  }

  @Test
  func `a commit without events has event type zero`() throws {
    let sections = Sections(
      Commit(sequence: 1, at: .zero, actor: nil, via: nil, events: [], ledger: nil))
    #expect(sections.eventType == 0)
    #expect(try sections.decoded() == sections.commit)
  }

  @Test(arguments: EventNumber.allCases)
  func `people stand in the personal section only`(_ number: EventNumber) throws {
    for seed in 1...10 {
      var model = RandomModel(seed: UInt64(seed) &* 31)
      let event = model.event(number)
      let sections = Sections(model.commit([event]))
      #expect(sections.personal.isEmpty == model.persons.isEmpty)
      #expect(sections.personal.isEmpty || sections.personal.prefix(16).elementsEqual(0...15))
      for text in model.persons.flatMap(\.texts) {
        #expect(!sections.body.holds(text))
        #expect(sections.personal.holds(text))
      }
    }
  }

  @Test(arguments: EventNumber.allCases)
  func `an erased commit keeps everything but people`(_ number: EventNumber) throws {
    var model = RandomModel(seed: 99)
    let sections = Sections(model.commit([model.event(number)]))
    let erased = try sections.decoded(erased: true)
    let missing = try sections.decoded(personal: [])
    #expect(erased == missing)
    // Nobody is written as nobody: the section disappears and nothing else is lost.
    let again = Sections(erased)
    #expect(again.personal.isEmpty)
    #expect(try again.decoded() == erased)
    #expect((erased == sections.commit) == sections.personal.isEmpty)
  }

  @Test
  func `an erased user keeps its rights`() throws {
    var model = RandomModel(seed: 3)
    var user = model.user()
    let sections = Sections(model.commit([.userAdded(user)]))
    user.person = .erased
    #expect(try sections.decoded(erased: true).events == [.userAdded(user)])
  }

  @Test
  func `sections are appended to what buffers hold`() throws {
    var model = RandomModel(seed: 8)
    let commit = model.commit([model.event(.userAdded)])
    let alone = Sections(commit)
    var body: [UInt8] = [1, 2, 3]
    var personal: [UInt8] = [4]
    _ = CommitCodec.encode(
      commit, salt: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908), body: &body,
      personal: &personal)
    #expect(body == [1, 2, 3] + alone.body)
    #expect(personal == [4] + alone.personal)
    #expect(try alone.decoded(body: body[3...], personal: personal[1...]) == commit)
  }
}

struct DamagedRecordTests {
  @Test(arguments: EventNumber.allCases)
  func `a body cut at any byte is refused`(_ number: EventNumber) {
    var model = RandomModel(seed: 21)
    let sections = Sections(model.commit([model.event(number), model.event(.clockAdvanced)]))
    for end in 0..<sections.body.count {
      #expect(throws: WireError.self) { try sections.decoded(body: sections.body[..<end]) }
    }
  }

  @Test
  func `a personal section cut at any byte is refused`() {
    var model = RandomModel(seed: 22)
    let sections = Sections(model.commit([.userAdded(model.user()), .userAdded(model.user())]))
    for end in 1..<sections.personal.count {
      #expect(throws: WireError.self) { try sections.decoded(personal: sections.personal[..<end]) }
    }
  }

  @Test(arguments: EventNumber.allCases)
  func `a flipped byte never stops the program`(_ number: EventNumber) {
    var model = RandomModel(seed: 23)
    let sections = Sections(model.commit([model.event(number)]))
    var refused = 0
    for place in sections.body.indices {
      for bit in 0..<8 {
        var body = sections.body
        body[place] ^= 1 << UInt8(bit)
        do throws(WireError) { _ = try sections.decoded(body: body[...]) } catch { refused += 1 }
      }
    }
    #expect(refused > 0)
  }

  @Test
  func `an event of a newer version is refused by its number`() throws {
    let body: [UInt8] = [0x1A, 0x03, 0xD2, 0x3E, 0x00, 0x28, 0x01]  // event 1002, empty
    let sections = Sections(
      Commit(sequence: 1, at: .zero, actor: nil, via: nil, events: [], ledger: nil))
    let error = #expect(throws: WireError.self) { try sections.decoded(body: body[...]) }
    #expect(error?.kind == .unknownField(1002))
  }

  @Test(
    arguments: [
      [0x1A, 0x00, 0x28, 0x01],  // an event without content
      [0x18, 0x00, 0x28, 0x01],  // an event as a number
      [0x28, 0x01, 0x28, 0x01],  // goes on after its end
      [0x30, 0x01, 0x28, 0x01],  // no such field
      [0x1A, 0x04, 0x3A, 0x00, 0x3A, 0x00, 0x28, 0x01],  // an event with two contents
      [0x1A, 0x04, 0x82, 0x01, 0x01, 0x08, 0x28, 0x01],  // a deal cut within a tag
      [0x0A, 0x01, 0x00, 0x28, 0x01],  // an id of one byte
    ] as [[UInt8]])
  func `a body that cannot be is refused`(_ body: [UInt8]) {
    let sections = Sections(
      Commit(sequence: 1, at: .zero, actor: nil, via: nil, events: [], ledger: nil))
    #expect(throws: WireError.self) { try sections.decoded(body: body[...]) }
  }

  @Test
  func `a header that names another request is refused`() {
    var model = RandomModel(seed: 24)
    var commit = model.commit([])
    commit.ledger = model.ledger()
    var sections = Sections(commit)
    sections.commit.ledger?.key.scopeLow ^= 1
    #expect(throws: WireError.self) { try sections.decoded() }
  }
}

struct SubjectKeysTests {
  @Test
  func `a body names the deals that its commit touches`() throws {
    for seed in 1...40 {
      var model = RandomModel(seed: UInt64(seed) &* 7)
      let created = model.deal()
      let received = model.deal()
      let changed = model.dealChanged([.name])
      var again = changed
      again.version += 1
      let marked: DealID = model.id()
      let sections = Sections(
        model.commit([
          model.event(.messageSent), .dealCreated(created), .dealChanged(changed),
          .favouriteSet(user: model.id(), deal: marked, isFavourite: true),
          .dealChanged(again), .invitationReceived(received, inviterKind: .vendor),
        ]))
      let named = SubjectKeys.deals(inBody: sections.body[...])
      #expect(named == [created.id, changed.deal, received.id])
      #expect(named.allSatisfy { sections.commit.touches($0) })
      #expect(!sections.commit.touches(marked))
    }
  }

  @Test
  func `a damaged body names fewer deals and never stops the program`() {
    var model = RandomModel(seed: 4)
    let sections = Sections(model.commit([.dealCreated(model.deal()), model.event(.dealCreated)]))
    let whole = SubjectKeys.deals(inBody: sections.body[...])
    for end in sections.body.indices {
      let part = SubjectKeys.deals(inBody: sections.body[..<end])
      #expect(whole.starts(with: part))
    }
    #expect(SubjectKeys.deals(inBody: []).isEmpty)
  }
}
