// SPDX-License-Identifier: Apache-2.0
// Values and bytes: round trips, protobuf-c as judge, requests, answers, methods.

import CProtobufC
import CTandemWire
import Foundation
import TandemDomain
import TandemPrimitives
import TandemWire
import Testing
import WireSamples

struct CodecTests {
  @Test func `deals survive their bytes and protobuf-c writes the same bytes`() throws {
    var values = RandomValues(seed: 1)
    for number in 0..<500 {
      let deal = number < 250 ? values.deal() : values.laterDeal()
      var bytes: [UInt8] = []
      DealCodec.encode(deal, into: &bytes)
      #expect(try DealCodec.decode(bytes[...]) == deal)
      #expect(Deal(stored: bytes) == deal)
      // A field that a later version may have.
      #expect(Deal(stored: bytes + [0xE0, 0x03, 0x01]) == deal)
      #expect(Twin.repacked(tandem__v1__deal__descriptor, bytes) == bytes)
      #expect(DealHead.read(bytes[...]) == DealHead(of: deal))
      for member in deal.team where !member.person.email.isEmpty {
        #expect(DealCodec.teamContains(email: member.person.email, in: bytes[...]))
      }
      #expect(!DealCodec.teamContains(email: "nobody@nowhere.example", in: bytes[...]))
    }
  }

  @Test func `a change made in the bytes is the change made in the value`() throws {
    var random = RandomValues(seed: 11)
    var splice = DealSplice()
    for number in 0..<400 {
      var deal = number < 200 ? random.deal() : random.laterDeal()
      // Real ones ascend; these here come from the changes below.
      deal.fieldVersions = []
      var bytes: [UInt8] = []
      DealCodec.encode(deal, into: &bytes)
      // Several in a row, so that fields appear, change again and vanish.
      for _ in 0..<4 {
        var changed = number < 200 ? random.change() : random.laterChange()
        changed.deal = deal.id
        changed.version = deal.version + 1
        deal.apply(changed)
        var expected: [UInt8] = []
        DealCodec.encode(deal, into: &expected)
        var head = try #require(DealHead.read(bytes[...]))
        head.apply(changed)
        let spliced = splice.apply(changed, to: bytes)
        #expect(spliced == expected)
        #expect(head == DealHead(of: deal))
        bytes = spliced
      }
    }
  }

  @Test func `damaged deals are refused or read, never a crash`() {
    var values = RandomValues(seed: 2)
    for _ in 0..<2_000 {
      var bytes: [UInt8] = []
      DealCodec.encode(values.deal(), into: &bytes)
      bytes[values.number(0...bytes.count - 1)] ^= UInt8(1 << values.number(0...7))
      _ = try? DealCodec.decode(bytes[...])
      _ = DealHead.read(bytes[...])
    }
  }

  @Test func `every request says what its sender meant`() throws {
    var arena = RequestArena()
    for seed: UInt64 in 1...50 {
      let samples = Requests.samples(seed: seed)
      #expect(Set(samples.map(\.method)) == Set(Method.allCases))
      for sample in samples {
        let decoded = try RequestCodec.decode(sample.method, sample.bytes.span, arena: &arena)
        #expect(decoded == sample.meaning, "\(sample.method) with seed \(seed)")
        let descriptor = try #require(tandem_request_descriptor(sample.method.rawValue))
        #expect(Twin.repacked(descriptor, sample.bytes) == sample.bytes, "\(sample.method)")
      }
    }
  }

  @Test func `texts outlive the next request in the same arena`() throws {
    var arena = RequestArena()
    let samples = Requests.samples(seed: 3)
    let create = try #require(samples.first { $0.method == .createDeal })
    let kept = try RequestCodec.decode(.createDeal, create.bytes.span, arena: &arena)
    for sample in samples {
      _ = try RequestCodec.decode(sample.method, sample.bytes.span, arena: &arena)
    }
    #expect(kept == create.meaning)
  }

  @Test func `all problems of a request are told at once`() throws {
    var writer = ProtoWriter()
    writer.blob(2, [1, 2, 3])
    let customer = writer.begin(3)
    let address = writer.begin(2)
    writer.text(6, "Germany")
    writer.end(address)
    writer.end(customer)
    let money = writer.begin(4)
    writer.text(3, "eur")
    writer.end(money)
    writer.unsigned(13, 99 as UInt32)
    var arena = RequestArena()
    do {
      _ = try RequestCodec.decode(.createDeal, writer.bytes.span, arena: &arena)
      Issue.record("accepted")
    } catch {
      let status = ErrorStatus(error)
      #expect(status.status == .invalidArgument && status.notExecuted)
      let fields = Set(status.violations.map(\.field))
      #expect(fields == ["location_id", "customer.address.country", "value.currency", "help"])
    }
  }

  @Test(arguments: [
    ([UInt32(1)], UInt32(0), UInt64(1)), ([99], 0, 1), ([], 0, 1), ([16], 0, 3), ([16], 5, 2),
    ([16], 77, 1),
    ([8], 3, 1), ([8], 0, 2), ([10, 5, 1], 0, 0), ([8], 0, 9), ([11], 0, 1),
    ([15, 2], 0, 1),
  ])
  func `an edit that leads nowhere is refused`(path: [UInt32], line: UInt32, action: UInt64) {
    var writer = ProtoWriter()
    writer.identifier(1, DealID(high: 1, low: 1))
    let values = writer.begin(3)
    writer.end(values)
    let start = writer.begin(4)
    writer.packed(1, path)
    writer.unsigned(2, line)
    writer.unsigned(3, action)
    writer.end(start)
    #expect(throws: WireError.self) {
      var arena = RequestArena()
      _ = try RequestCodec.decode(.patchDeal, writer.bytes.span, arena: &arena)
    }
  }

  @Test func `adding members takes those without a line`() throws {
    let new = TeamMember(line: 0, person: RandomPerson.jo)
    let old = TeamMember(line: 7, person: RandomPerson.jo)
    for (line, action, edit): (UInt32, UInt64, FieldEdit) in [
      (0, 2, .putTeamMember(new)), (7, 1, .putTeamMember(old)), (0, 1, .replaceTeam([new, old])),
    ] {
      var writer = ProtoWriter()
      writer.identifier(1, DealID(high: 1, low: 1))
      let values = writer.begin(3)
      writer.messages(16, [new, old])
      writer.end(values)
      let start = writer.begin(4)
      writer.packed(1, [16])
      writer.unsigned(2, line)
      writer.unsigned(3, action)
      writer.end(start)
      var arena = RequestArena()
      let decoded = try RequestCodec.decode(.patchDeal, writer.bytes.span, arena: &arena)
      guard case .tenant(.command(.patchDeal(let patch), _)) = decoded else {
        Issue.record("no patch")
        return
      }
      #expect(patch.edits == [edit])
    }
  }

  @Test func `a short patch cannot ask for long work`() {
    let add: (UInt32, UInt64) = (16, 2)
    let set: (UInt32, UInt64) = (8, 1)
    let remove: (UInt32, UInt64) = (16, 3)
    let cases: [(Int, [(UInt32, UInt64)], String?)] = [
      (1, [add, add], "edits[1].path"), (1, [set, set], "edits[1].path"),
      (51, [add], "values.team"), (1, Array(repeating: remove, count: 257), "edits"),
      (50, [add, set], nil),
    ]
    for (members, edits, complaint) in cases {
      var writer = ProtoWriter()
      writer.identifier(1, DealID(high: 1, low: 1))
      let values = writer.begin(3)
      writer.messages(
        16, [TeamMember](repeating: TeamMember(line: 0, person: RandomPerson.jo), count: members))
      writer.end(values)
      for (path, action) in edits {
        let start = writer.begin(4)
        writer.packed(1, [path])
        writer.unsigned(2, UInt64(action == 3 ? 9 : 0))
        writer.unsigned(3, action)
        writer.end(start)
      }
      var found: String?
      do throws(WireError) {
        var arena = RequestArena()
        _ = try RequestCodec.decode(.patchDeal, writer.bytes.span, arena: &arena)
      } catch {
        found = error.violations.first?.field
      }
      #expect(found == complaint)
    }
  }

  @Test func `answers are what the schema says`() throws {
    var values = RandomValues(seed: 5)
    let warnings = [Warning("CLOSED_WITHIN_72H", "soon")]
    let pairs: [(Answer, ProtobufCMessageDescriptor)] = [
      (
        .deal(id: values.id(), version: 4, warnings: warnings),
        tandem__v1__deal_change_reply__descriptor
      ),
      (.favourite(id: values.id(), isFavourite: true), tandem__v1__set_favourite_reply__descriptor),
      (.user(values.id()), tandem__v1__add_user_reply__descriptor),
      (.location(values.id()), tandem__v1__add_location_reply__descriptor),
      (.key(values.id()), tandem__v1__issue_key_reply__descriptor),
      (
        .organisation(
          values.id(), administrator: values.id(), key: values.id(), globalLocation: values.id()),
        tandem__v1__register_organisation_reply__descriptor
      ),
      (.realm(values.id(), directory: values.id()), tandem__v1__create_realm_reply__descriptor),
      (.clock(now: values.time()), tandem__v1__advance_clock_reply__descriptor),
      (.done, tandem__v1__mark_notifications_read_reply__descriptor),
    ]
    for (answer, descriptor) in pairs {
      var bytes: [UInt8] = []
      ReplyCodec.encode(answer, commitSeq: 77, into: &bytes)
      #expect(Twin.repacked(descriptor, bytes) == bytes, "\(answer)")
    }
    var deal: [UInt8] = []
    DealCodec.encode(values.deal(), into: &deal)
    var got: [UInt8] = []
    ReplyCodec.appendDeal(deal, isFavourite: true, into: &got)
    #expect(Twin.repacked(tandem__v1__get_deal_reply__descriptor, got) == got)
    var page: [UInt8] = []
    let cursor = ListCursor(.created, descending: true, time: values.time(), id: values.id())
    for _ in 0..<3 { ReplyCodec.appendRow(deal, isFavourite: false, into: &page) }
    ReplyCodec.appendNextCursor(cursor, into: &page)
    #expect(Twin.repacked(tandem__v1__list_deals_reply__descriptor, page) == page)
    var key: [UInt8] = []
    ReplyCodec.encode(.key(values.id()), commitSeq: 1, into: &key)
    ReplyCodec.appendKeyText("tdk_x", of: .issueKey, into: &key)
    #expect(Twin.repacked(tandem__v1__issue_key_reply__descriptor, key) == key)
  }

  @Test func `the returned deal joins the stored answer`() throws {
    var values = RandomValues(seed: 6)
    let deal = values.deal()
    var stored: [UInt8] = []
    DealCodec.encode(deal, into: &stored)
    var bytes: [UInt8] = []
    ReplyCodec.encode(
      .deal(id: deal.id, version: 1, warnings: [Warning("A", "b")]), commitSeq: 1, into: &bytes)
    ReplyCodec.appendReturnedDeal(stored, isFavourite: true, into: &bytes)
    var found: Deal?
    var reader = ProtoReader(bytes[...])
    while try reader.next() {
      if reader.field == 4 { found = try reader.value() } else { try reader.skip() }
    }
    #expect(found == deal)
    #expect(Twin.repacked(tandem__v1__deal_change_reply__descriptor, bytes)?.count == bytes.count)
  }

  @Test func `lists of a tenant are what the schema says`() {
    var values = RandomValues(seed: 8)
    let state = values.state()
    func check(_ descriptor: ProtobufCMessageDescriptor, _ write: (inout [UInt8]) -> Void) {
      var bytes: [UInt8] = []
      write(&bytes)
      #expect(Twin.repacked(descriptor, bytes) == bytes)
    }
    check(tandem__v1__list_users_reply__descriptor) { ReplyCodec.encodeUsers(state, into: &$0) }
    check(tandem__v1__list_locations_reply__descriptor) {
      ReplyCodec.encodeLocations(state, into: &$0)
    }
    check(tandem__v1__list_keys_reply__descriptor) { ReplyCodec.encodeKeys(state, into: &$0) }
    check(tandem__v1__list_realms_reply__descriptor) { ReplyCodec.encodeRealms(state, into: &$0) }
    check(tandem__v1__get_organisation_reply__descriptor) {
      ReplyCodec.encodeOrganisation(state, into: &$0)
    }
    check(tandem__v1__get_realm_reply__descriptor) {
      ReplyCodec.encodeRealm(state, now: values.time(), into: &$0)
    }
    check(tandem__v1__list_organisations_reply__descriptor) {
      ReplyCodec.encodeOrganisations(state.entries.values, into: &$0)
    }
    check(tandem__v1__list_notifications_reply__descriptor) {
      ReplyCodec.encodeNotifications(values.list(4) { $0.notification() }, into: &$0)
    }
    check(tandem__v1__describe_reply__descriptor) {
      SystemCodec.encodeDescription(server: "tandemd/0.1", withDescriptors: true, into: &$0)
    }
    check(tandem__v1__health_reply__descriptor) { SystemCodec.encodeHealth(.serving, into: &$0) }
  }

  @Test func `feed items tell each reader its part`() {
    var values = RandomValues(seed: 9)
    let commit = values.commit()
    let token = ResumeToken(
      timeline: values.id(), tenant: values.id(), commitSeq: 5, selectorHash: 9)
    for presence: FeedPresence? in [.changed, .entered, .left, nil] {
      var bytes: [UInt8] = [9]
      let hasNews = FeedCodec.encode(
        commit, token: token, recipient: .zero, presence: { _, _ in presence }, into: &bytes)
      #expect(hasNews == (presence != nil))
      if hasNews {
        let item = Array(bytes.dropFirst())
        #expect(Twin.repacked(tandem__v1__watch_item__descriptor, item) == item)
      } else {
        #expect(bytes == [9])
      }
    }
    var progress: [UInt8] = []
    FeedCodec.encodeProgress(token: token, commitSeq: 5, into: &progress)
    #expect(Twin.repacked(tandem__v1__watch_item__descriptor, progress) == progress)
  }

  @Test func `a large item is told in parts that make the whole`() throws {
    var values = RandomValues(seed: 12)
    var events: [Event] = []
    for _ in 0..<60 { events.append(.dealChanged(values.change())) }
    let user: UserID = values.id()
    let commit = Commit(
      sequence: 5, at: values.time(), actor: values.id(), via: values.id(), events: events,
      ledger: nil)
    let token = ResumeToken(
      timeline: values.id(), tenant: values.id(), commitSeq: 5, selectorHash: 9)
    var whole: [UInt8] = []
    #expect(
      FeedCodec.encode(
        commit, token: token, recipient: user, presence: { _, _ in .changed }, into: &whole))
    #expect(FeedCodec.parts(of: whole, bytesMax: whole.count) == [whole])
    let parts = FeedCodec.parts(of: whole, bytesMax: 8_192)
    #expect(parts.count > 2)
    var merged: [UInt8] = []
    for (index, part) in parts.enumerated() {
      #expect(part.count <= 8_192)
      #expect(Twin.repacked(tandem__v1__watch_item__descriptor, part) == part)
      let (fields, elements) = try Self.anatomy(of: part)
      #expect(fields == [index == parts.count - 1 ? 1 : 2, 3, 4, 5, 6, 7])
      merged += elements
    }
    #expect(merged == (try Self.anatomy(of: whole).elements))
  }

  /// The fields of an item and the bytes of its events and notifications.
  private static func anatomy(
    of item: [UInt8]
  ) throws(WireError) -> (fields: Set<UInt32>, elements: [UInt8]) {
    var fields: Set<UInt32> = []
    var elements: [UInt8] = []
    var reader = ProtoReader(item[...])
    while true {
      let start = reader.position
      guard try reader.next() else { return (fields, elements) }
      try reader.skip()
      fields.insert(reader.field)
      if reader.field >= 7 { elements += item[start..<reader.position] }
    }
  }

  @Test func `history pages end between commits`() throws {
    var values = RandomValues(seed: 10)
    var deal = values.deal()
    deal.direction = .outbound
    var commits = [
      Commit(
        sequence: 1, at: values.time(), actor: values.id(), via: nil, events: [.dealCreated(deal)],
        ledger: nil)
    ]
    for sequence: UInt64 in 2...4 {
      var change = values.change()
      change.deal = deal.id
      commits.append(
        Commit(
          sequence: sequence, at: values.time(), actor: nil, via: nil,
          events: [.dealChanged(change), .dealChanged(values.change()), .dealChanged(change)],
          ledger: nil))
    }
    for (pageSize, entries, next): (Int, Int, UInt64) in [
      (1, 1, 1), (2, 3, 2), (3, 3, 2), (100, 7, 0),
    ] {
      var bytes: [UInt8] = []
      HistoryCodec.encode(commits, of: deal.id, pageSize: pageSize, into: &bytes)
      #expect(Twin.repacked(tandem__v1__deal_history_reply__descriptor, bytes) == bytes)
      var seen = 0
      var after: UInt64 = 0
      var reader = ProtoReader(bytes[...])
      while try reader.next() {
        if reader.field == 1 { seen += 1 }
        if reader.field == 2 { after = try reader.unsigned() } else { try reader.skip() }
      }
      #expect(seen == entries && after == next, "page of \(pageSize)")
    }
  }

  @Test func `resume tokens are read strictly`() {
    let token = ResumeToken(
      timeline: TimelineID(high: 1, low: 2), tenant: TenantID(high: 3, low: 4), commitSeq: 5,
      selectorHash: 6)
    var bytes: [UInt8] = []
    token.append(to: &bytes)
    #expect(bytes.count == ResumeToken.byteCount)
    #expect(ResumeToken(bytes: bytes[...]) == token)
    #expect(ResumeToken(bytes: bytes.dropLast()) == nil)
    #expect(ResumeToken(bytes: (bytes + [0])[...]) == nil)
    bytes[0] = 2
    #expect(ResumeToken(bytes: bytes[...]) == nil)
    let deals = [DealID(high: 1, low: 1), DealID(high: 2, low: 2)]
    #expect(ResumeToken.selectorHash(of: deals) == ResumeToken.selectorHash(of: deals.reversed()))
    #expect(ResumeToken.selectorHash(of: deals) != ResumeToken.selectorHash(of: []))
  }

  @Test func `the messages of the handshake are what the schema says`() throws {
    var welcome = Welcome()
    welcome.minor = 1
    welcome.server = "tandemd"
    welcome.connectionID = [1, 2]
    welcome.features = ["a", "b"]
    welcome.limits.frameBytesMax = 4 << 20
    welcome.limits.metaBytesMax = 8192
    welcome.serverTime = Timestamp(milliseconds: 5)
    welcome.schemaHash = SchemaDescriptors.hash
    var bytes: [UInt8] = []
    welcome.encode(into: &bytes)
    #expect(try Welcome(decoding: bytes[...]) == welcome)
    #expect(Twin.repacked(tandem__wire__v1__welcome__descriptor, bytes) == bytes)
    var meta = Meta()
    meta.idempotencyKey = [1]
    meta.traceparent = "00-1"
    meta.minSequence = 4
    meta.commitSequence = .max
    meta.headers = [Header(name: "a", value: [0, 255])]
    bytes = []
    meta.encode(into: &bytes)
    #expect(try Meta(decoding: bytes[...]) == meta)
    #expect(Twin.repacked(tandem__wire__v1__meta__descriptor, bytes) == bytes)
    let rejection = Rejection(
      .aborted, "CONFLICT", "changed", rules: ["section 3.2h", "G30"],
      violations: [
        Violation("name", "R-1", "changed in 3"), Violation("team", "LINE_TWICE", "comes twice"),
        Violation("to_vendor", "INVITEE_SELF", "you are it", rules: ["ruling 1", "section 7"]),
      ])
    let error = ErrorStatus(rejection)
    bytes = []
    error.encode(into: &bytes)
    let decoded = try ErrorStatus(decoding: bytes[...])
    #expect(decoded == error && decoded.rules == ["section 3.2h", "G30"])
    #expect(decoded.violations.map(\.rules) == [["R-1"], [], ["ruling 1", "section 7"]])
    #expect(Twin.repacked(tandem__wire__v1__error_status__descriptor, bytes) == bytes)
  }
}

enum RandomPerson {
  static let jo = Person(
    firstName: "Jo", lastName: "Doe", email: "jo@x.example", phone: "1", title: "T")
}
