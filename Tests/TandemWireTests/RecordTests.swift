// SPDX-License-Identifier: Apache-2.0
// Records and snapshots: round trips, separable people, golden bytes that must never change.

import CProtobufC
import CTandemWire
import Foundation
import TandemDomain
import TandemPrimitives
import TandemWire
import Testing
import WireSamples

struct RecordTests {
  private func encoded(_ commit: Commit) -> (type: UInt16, body: [UInt8], personal: [UInt8]) {
    var body: [UInt8] = []
    var personal: [UInt8] = []
    let type = CommitCodec.encode(commit, salt: (1, 2), body: &body, personal: &personal)
    return (type, body, personal)
  }

  @Test func `commits survive their bytes and protobuf-c writes the same bytes`() throws {
    var values = RandomValues(seed: 21)
    for _ in 0..<60 {
      var commit = values.commit()
      commit.events += values.laterEvents()
      let (type, body, personal) = encoded(commit)
      #expect(type == 1)
      let back = try CommitCodec.decode(
        sequence: commit.sequence, at: commit.at, keyHash: keyHash(commit), body: body[...],
        personal: personal[...], personalErased: false)
      #expect(back == commit)
      let people = Array(personal.dropFirst(16))
      #expect(Twin.repacked(tandem__storage__v1__people__descriptor, people) == people)
    }
  }

  private func keyHash(_ commit: Commit) -> (UInt64, UInt64) {
    commit.ledger.map { ($0.key.scopeHigh, $0.key.scopeLow) } ?? (0, 0)
  }

  @Test func `each event keeps its number`() {
    var values = RandomValues(seed: 22)
    let numbers = (values.events() + values.laterEvents()).map(\.number)
    #expect(Set(numbers) == Set(EventNumber.allCases))
    let expected: [UInt16] = [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24, 25, 32, 33, 34, 40,
      41, 42, 43, 44, 48, 49, 50, 51,
    ]
    #expect(EventNumber.allCases.map(\.rawValue) == expected)
  }

  @Test func `no personal text stands in a body, and erasing leaves the rest`() throws {
    var values = RandomValues(seed: 23)
    let secret = Person(
      firstName: "Zyxfirst", lastName: "Zyxlast", email: "zyx@mail.example", phone: "+Zyx49",
      title: "Zyxtitle")
    var deal = values.deal()
    deal.team = [TeamMember(line: 1, person: secret)]
    deal.customer.contacts = [TeamMember(line: 2, person: secret)]
    var user = values.user()
    user.person = secret
    let commit = Commit(
      sequence: 1, at: values.time(), actor: nil, via: nil,
      events: [.userAdded(user), .dealCreated(deal)],
      ledger: nil)
    let (_, body, personal) = encoded(commit)
    #expect(!String(decoding: body, as: UTF8.self).lowercased().contains("zyx"))
    #expect(String(decoding: personal, as: UTF8.self).contains("Zyxfirst"))
    #expect(personal[..<16] == hex("0100000000000000 0200000000000000")[...])
    let erased = try CommitCodec.decode(
      sequence: 1, at: commit.at, keyHash: (0, 0), body: body[...], personal: personal[...],
      personalErased: true)
    guard case .dealCreated(let left) = erased.events[1] else {
      Issue.record("no deal")
      return
    }
    #expect(left.team == [TeamMember(line: 1, person: .erased)])
    #expect(left.name == deal.name)
  }

  @Test func `the buffers of the writer are appended to and keep their capacity`() {
    var values = RandomValues(seed: 24)
    let commit = values.commit()
    var body: [UInt8] = []
    var personal: [UInt8] = []
    _ = CommitCodec.encode(commit, salt: (1, 2), body: &body, personal: &personal)
    let sizes = (body.capacity, personal.capacity)
    body.removeAll(keepingCapacity: true)
    personal.removeAll(keepingCapacity: true)
    _ = CommitCodec.encode(commit, salt: (1, 2), body: &body, personal: &personal)
    #expect(body.capacity == sizes.0 && personal.capacity == sizes.1)
  }

  @Test func `subject keys are the deals of the events`() throws {
    var values = RandomValues(seed: 25)
    let deal = values.deal()
    var change = values.change()
    change.deal = deal.id
    let other: DealID = values.id()
    var note = values.notification()
    note.deal = other
    let commit = Commit(
      sequence: 1, at: values.time(), actor: nil, via: nil,
      events: [
        .userAdded(values.user()), .dealCreated(deal), .dealChanged(change),
        .notificationAdded(note, recipients: []), .invitationReceived(deal, inviterKind: .partner),
        .favouriteSet(user: values.id(), deal: other, isFavourite: true),
      ], ledger: nil)
    let (_, body, _) = encoded(commit)
    #expect(SubjectKeys.deals(inBody: body[...]) == [deal.id])
  }

  @Test func `states survive their bytes and equal states give equal bytes`() throws {
    var values = RandomValues(seed: 26)
    for _ in 0..<40 {
      var state = values.state()
      state.organisation?.stageNames = values.stageNames()
      let bytes = SnapshotCodec.encodeState(state)
      let back = try SnapshotCodec.decodeState(bytes[...])
      #expect(back == state)
      #expect(SnapshotCodec.encodeState(back) == bytes)
      #expect(Twin.repacked(tandem__storage__v1__tenant_state__descriptor, bytes) == bytes)
      for _ in 0..<values.number(1...3) {
        let solution = values.solution()
        state.solutions[solution.id] = solution
      }
      let later = SnapshotCodec.encodeState(state)
      #expect(try SnapshotCodec.decodeState(later[...]) == state)
    }
  }

  @Test func `damaged records are refused or read, never a crash`() {
    var values = RandomValues(seed: 27)
    for _ in 0..<300 {
      let commit = values.commit()
      let (_, body, personal) = encoded(commit)
      for _ in 0..<5 {
        var bad = body
        bad[values.number(0...bad.count - 1)] ^= UInt8(1 << values.number(0...7))
        _ = try? CommitCodec.decode(
          sequence: 1, at: .zero, keyHash: keyHash(commit), body: bad[...],
          personal: personal[...], personalErased: false)
        _ = SubjectKeys.deals(inBody: bad[...])
        _ = try? SnapshotCodec.decodeState(bad[...])
      }
    }
  }

  /// Written once with `TANDEM_WRITE_GOLDEN=1`; a change of these bytes breaks every data directory.
  @Test(arguments: ["deal", "commit", "snapshot"])
  func `golden bytes stay as they are`(name: String) throws {
    var values = RandomValues(seed: 2026)
    var bytes: [UInt8] = []
    switch name {
    case "deal": DealCodec.encode(values.deal(), into: &bytes)
    case "commit":
      let (type, body, personal) = encoded(values.commit())
      bytes.append(UInt8(type))
      bytes.appendLittleEndian(UInt32(body.count))
      bytes += body + personal
    default: bytes = SnapshotCodec.encodeState(values.state())
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/\(name).hex")
    if ProcessInfo.processInfo.environment["TANDEM_WRITE_GOLDEN"] == "1" {
      let digits = Array(bytes.map { String(format: "%02x", $0) }.joined())
      let lines = stride(from: 0, to: digits.count, by: 96).map {
        String(digits[$0..<min($0 + 96, digits.count)])
      }
      try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try hex(String(contentsOf: file, encoding: .utf8)) == bytes)
  }
}
