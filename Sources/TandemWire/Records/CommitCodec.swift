// SPDX-License-Identifier: Apache-2.0
// A commit as the body and the personal section of a journal record; record.proto describes both.
// What the record's header says (tenant, sequence, time) stands there only.

package import TandemDomain
package import TandemPrimitives

package enum CommitCodec {
  /// Of all events that this version writes; goes into the record's header.
  package static let schemaVersion: UInt16 = 1
  /// The personal section begins with them, so that its digest says nothing of the people in it.
  package static let saltBytes = 16

  /// Appends both sections and returns the number of the first event's type, 0 without events.
  ///
  /// Nothing is appended to `personal` when no person is named.
  package static func encode(
    _ commit: Commit, salt: (UInt64, UInt64), body: inout [UInt8], personal: inout [UInt8]
  ) -> UInt16 {
    var writer = ProtoWriter(consuming: &body)
    writer.people = SeparatedPeople(appendingTo: &personal, salt: salt)
    let (actor, via) = (commit.actor, commit.via)
    writer.bytes.append(addingCapacity: 2 * FieldBytes.identifier) {
      if let actor { $0.identifier(BodyField.actor, actor) }
      if let via { $0.identifier(BodyField.via, via) }
    }
    let events = commit.events.span
    for index in events.indices { events[index].write(BodyField.event, to: &writer) }
    commit.ledger?.write(BodyField.ledger, to: &writer)
    writer.flag(BodyField.whole, true)
    writer.people?.giveBack(to: &personal)
    writer.giveBack(to: &body)
    return events.isEmpty ? 0 : events[0].number.rawValue
  }

  /// The commit of a record.
  ///
  /// Erased and missing people read as `Person.erased`. `keyHash` is the header's: it must agree
  /// with the ledger entry, or the record is mixed up; nil when the header is not at hand.
  package static func decode(
    sequence: UInt64, at: Timestamp, keyHash: (UInt64, UInt64)? = nil, body: ArraySlice<UInt8>,
    personal: ArraySlice<UInt8>, personalErased: Bool = false
  ) throws(WireError) -> Commit {
    let people = personalErased ? [] : try people(in: personal)
    var commit = Commit(
      sequence: sequence, at: at, actor: nil, via: nil, events: [], ledger: nil)
    var reader = ProtoReader(body, people: people)
    var isWhole = false
    while try reader.next() {
      guard !isWhole else { throw WireError("a body goes on after its end") }
      switch reader.field {
      case BodyField.actor: commit.actor = try reader.maybeIdentifier()
      case BodyField.via: commit.via = try reader.maybeIdentifier()
      case BodyField.event: commit.events.append(try reader.value())
      case BodyField.ledger: commit.ledger = try reader.value()
      case BodyField.whole: isWhole = try reader.flag()
      default:
        throw WireError(
          .unknownField(reader.field), field: "body", "a body has no field \(reader.field)")
      }
    }
    guard isWhole else { throw WireError("a body is cut") }
    let scope = commit.ledger.map { ($0.key.scopeHigh, $0.key.scopeLow) } ?? (0, 0)
    guard scope == keyHash ?? scope else {
      throw WireError(.badValue, field: "ledger", "header and body name two requests")
    }
    return commit
  }

  private static func people(in personal: ArraySlice<UInt8>) throws(WireError) -> [Person] {
    if personal.isEmpty { return [] }
    guard personal.count > saltBytes else { throw WireError("a personal section is cut") }
    var reader = ProtoReader(personal.dropFirst(saltBytes))
    var people: [Person] = []
    while try reader.next() {
      guard reader.field == 1 else { throw WireError("a personal section holds only people") }
      people.append(try reader.value())
    }
    return people
  }
}

/// Fields of `CommitBody`.
enum BodyField {
  static let actor: UInt32 = 1
  static let via: UInt32 = 2
  static let event: UInt32 = 3
  static let ledger: UInt32 = 4
  /// True and last: protobuf cannot tell a body cut between two fields from a whole one.
  static let whole: UInt32 = 5
}
