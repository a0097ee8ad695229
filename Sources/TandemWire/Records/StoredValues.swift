// SPDX-License-Identifier: Apache-2.0
// Values that only records and snapshots hold.

package import TandemDomain
internal import TandemPrimitives

/// The topics that one user hears nothing of.
struct MutedTopics: WireMessage {
  var user: UserID
  var topics: [NotificationTopic]

  init(user: UserID, topics: [NotificationTopic]) {
    self.user = user
    self.topics = topics
  }

  func write(to writer: inout ProtoWriter) {
    writer.identifier(1, user)
    writer.packed(2, topics.map { UInt32($0.rawValue) })
  }

  init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(user: .zero, topics: [])
    while try reader.next() {
      switch reader.field {
      case 1: user = try reader.identifier()
      case 2:
        var numbers: [UInt32] = []
        try reader.numbers(into: &numbers)
        for number in numbers {
          guard let topic = UInt8(exactly: number).flatMap(NotificationTopic.init(rawValue:)) else {
            throw WireError(.badValue, field: "topics", "topic \(number) is not known")
          }
          topics.append(topic)
        }
      default: try reader.skip()
      }
    }
  }
}

extension NotificationSettings: WireMessage {
  package func write(to writer: inout ProtoWriter) { writer.flag(1, tellsInvitationSent) }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init()
    while try reader.next() {
      if reader.field == 1 { tellsInvitationSent = try reader.flag() } else { try reader.skip() }
    }
  }
}

extension AccessKey: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.identifier(2, user)
    writer.text(3, label)
    writer.blob(4, secretHash[...])
    writer.flag(5, readOnly)
    writer.time(6, createdAt)
    writer.time(7, revokedAt)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, user: .zero, label: .empty, secretHash: [], readOnly: false, createdAt: .zero,
      revokedAt: nil)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: user = try reader.identifier()
      case 3: label = try reader.text()
      case 4: secretHash = Array(try reader.slice())
      case 5: readOnly = try reader.flag()
      case 6: createdAt = try reader.time()
      case 7: revokedAt = try reader.maybeTime()
      default: try reader.skip()
      }
    }
  }
}

extension AnswerTime: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, deal)
    writer.enumeration(2, outcome)
    writer.signed(3, took.milliseconds)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(deal: .zero, outcome: .expired, took: Timestamp.Span(milliseconds: 0))
    while try reader.next() {
      switch reader.field {
      case 1: deal = try reader.identifier()
      case 2: outcome = try reader.enumeration()
      case 3: took = try reader.span()
      default: try reader.skip()
      }
    }
  }
}

extension DealChanged: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    // Not taken from `self` within the closure, which would hold all of it.
    let (deal, version, at, cause) = (deal, version, at, cause)
    writer.bytes.append(addingCapacity: FieldBytes.identifier + 3 * FieldBytes.number) {
      $0.identifier(1, deal)
      $0.unsigned(2, version)
      $0.time(3, at)
      $0.unsigned(4, UInt64(cause.rawValue))
    }
    changes.write(fields: 5, before: 6, after: 7, to: &writer)
    writer.unsigned(8, nextLine)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(deal: .zero, version: 0, at: .zero, cause: .patched, changes: [], nextLine: 0)
    var fields: [UInt32] = []
    var before = Deal.blank
    var after = Deal.blank
    while try reader.next() {
      switch reader.field {
      case 1: deal = try reader.identifier()
      case 2: version = try reader.unsigned()
      case 3: at = try reader.time()
      case 4: cause = try reader.enumeration()
      case 5: try reader.numbers(into: &fields)
      case 6: before = try reader.value()
      case 7: after = try reader.value()
      case 8: nextLine = try reader.unsigned32()
      default: try reader.skip()
      }
    }
    changes = try [FieldChange](fields: fields, before: before, after: after)
  }
}

extension LedgerEntry: BoundedMessage {
  var bytesMax: Int {
    4 * FieldBytes.fixed64 + FieldBytes.number + FieldBytes.blob(answer.count)
  }

  func append(to output: inout OutputSpan<UInt8>) {
    output.fixed64(1, key.scopeHigh)
    output.fixed64(2, key.scopeLow)
    output.fixed64(3, key.digestHigh)
    output.fixed64(4, key.digestLow)
    if let madeAt = key.madeAt {
      // A member of a oneof: a zero is written and seen.
      output.append(tag: 5, 0)
      output.append(varint: UInt64(bitPattern: madeAt.milliseconds))
    }
    output.blob(6, answer.span)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      key: RequestKey(scopeHigh: 0, scopeLow: 0, digestHigh: 0, digestLow: 0, madeAt: nil),
      answer: [])
    while try reader.next() {
      switch reader.field {
      case 1: key.scopeHigh = try reader.fixed64()
      case 2: key.scopeLow = try reader.fixed64()
      case 3: key.digestHigh = try reader.fixed64()
      case 4: key.digestLow = try reader.fixed64()
      case 5: key.madeAt = try reader.time()
      case 6: answer = try reader.slice()
      default: try reader.skip()
      }
    }
  }
}
