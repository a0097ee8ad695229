// SPDX-License-Identifier: Apache-2.0
// Commits as items of a watch, cut down to what one reader may see.

package import TandemDomain
package import TandemPrimitives

/// How a deal stands to a reader's view.
package enum FeedPresence: UInt8, Sendable {
  case changed = 1
  /// Created, or became visible: the whole deal is told.
  case entered = 2
  /// Only the id is told.
  case left = 3
}

/// Which part of a snapshot an item is.
package enum SnapshotPart: UInt8, Sendable {
  case begins = 1
  case goesOn = 2
  case ends = 3
}

package enum FeedCodec {
  /// Appends one item; false, and nothing appended, when the reader may see nothing of the commit.
  ///
  /// `presence` decides for each event of a deal; `wholeDeal` gives the bytes of one that entered
  /// by a change; `tellsOfLeads` decides for those of leads.
  package static func encode(
    _ commit: Commit, token: ResumeToken, recipient: UserID,
    presence: (DealID, Event) -> FeedPresence?,
    wholeDeal: (DealID) -> [UInt8]? = { _ in nil }, tellsOfLeads: (Event) -> Bool = { _ in false },
    into output: inout [UInt8]
  ) -> Bool {
    let start = output.count
    var writer = ProtoWriter(consuming: &output)
    writeHead(token, commit.sequence, to: &writer)
    writer.time(4, commit.at)
    if let actor = commit.actor { writer.identifier(5, actor) }
    if let via = commit.via { writer.identifier(6, via) }
    var hasNews = false
    for event in commit.events where write(event, presence, wholeDeal, to: &writer) {
      hasNews = true
    }
    for event in commit.events where tellsOfLeads(event) && writeLeads(event, to: &writer) {
      hasNews = true
    }
    for case .notificationAdded(let notification, let recipients) in commit.events
    where recipients.contains(recipient) {
      writer.message(8, notification)
      hasNews = true
    }
    for case .notificationsRead(let user, let read) in commit.events where user == recipient {
      for id in read { writer.identifierElement(12, id) }
      hasNews = true
    }
    writer.giveBack(to: &output)
    if !hasNews { output.removeSubrange(start...) }
    return hasNews
  }

  /// Cuts an item between its elements, so that no part has more bytes than given unless a single
  /// element does.
  ///
  /// All parts but the last are marked as continued, and only the last has the token.
  package static func parts(of item: [UInt8], bytesMax: Int) -> [[UInt8]] {
    guard item.count > bytesMax else { return [item] }
    var token: ArraySlice<UInt8> = []
    var head: [UInt8] = []
    var parts: [[UInt8]] = []
    do throws(WireError) {
      var reader = ProtoReader(item[...])
      while true {
        let start = reader.position
        guard try reader.next() else { break }
        try reader.skip()
        let field = item[start..<reader.position]
        if reader.field == 1 {
          token = field
        } else if reader.field < 7 {
          head += field
        } else if let last = parts.last,
          token.count + head.count + last.count + field.count <= bytesMax
        {
          parts[parts.count - 1] += field
        } else {
          parts.append(Array(field))
        }
      }
    } catch {
      invariant(false, "an item that was just encoded can be read: \(error)")
    }
    let continued: [UInt8] = [2 << 3, 1]
    return parts.enumerated().map { index, elements in
      (index == parts.count - 1 ? Array(token) : continued) + head + elements
    }
  }

  /// An item without events: how far the reader is.
  package static func encodeProgress(
    token: ResumeToken, commitSeq: UInt64, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writeHead(token, commitSeq, to: &writer)
    writer.giveBack(to: &output)
  }

  /// Adds a deal to what an item of a snapshot tells.
  package static func append(_ head: DealHead, _ deal: [UInt8], to events: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &events)
    let start = writer.begin(7)
    writer.identifier(1, head.id)
    writer.unsigned(2, head.version)
    writer.enumeration(4, FeedPresence.entered)
    writer.element(8, deal[...])
    writer.end(start)
    writer.giveBack(to: &events)
  }

  /// An item of a snapshot around deals that were appended; the last one has the token.
  package static func encodeSnapshot(
    _ part: SnapshotPart, token: ResumeToken, events: [UInt8], into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    if part == .ends {
      writeHead(token, token.commitSeq, to: &writer)
    } else {
      writer.unsigned(3, token.commitSeq)
    }
    writer.bytes += events
    writer.enumeration(9, part)
    writer.giveBack(to: &output)
  }

  private static func writeHead(
    _ token: ResumeToken, _ commitSeq: UInt64, to writer: inout ProtoWriter
  ) {
    let start = writer.begin(1)
    token.append(to: &writer.bytes)
    writer.end(start)
    writer.unsigned(3, commitSeq)
  }

  private static func write(
    _ event: Event, _ presence: (DealID, Event) -> FeedPresence?,
    _ wholeDeal: (DealID) -> [UInt8]?, to writer: inout ProtoWriter
  ) -> Bool {
    switch event {
    case .dealCreated(let deal), .invitationReceived(let deal, _), .dealShown(let deal):
      guard let seen = presence(deal.id, event), seen != .left else { return false }
      let start = writer.begin(7)
      writer.identifier(1, deal.id)
      writer.unsigned(2, deal.version)
      writer.enumeration(3, deal.creationCause)
      writer.enumeration(4, FeedPresence.entered)
      writer.message(8, deal)
      writer.end(start)
      return true
    case .dealChanged(let change):
      guard let seen = presence(change.deal, event) else { return false }
      write(change, seen, wholeDeal, to: &writer)
      return true
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
      .routingSet,
      .organisationListed, .realmCreated,
      .customersListed,
      .solutionPublished, .solutionListed,
      .favouriteSet,
      .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      return false
    }
  }

  private static func write(
    _ change: DealChanged, _ seen: FeedPresence, _ wholeDeal: (DealID) -> [UInt8]?,
    to writer: inout ProtoWriter
  ) {
    let start = writer.begin(7)
    writer.identifier(1, change.deal)
    switch seen {
    case .left: writer.enumeration(4, seen)
    case .changed, .entered:
      writer.unsigned(2, change.version)
      writer.enumeration(3, change.cause)
      writer.enumeration(4, seen)
      if seen == .entered, let deal = wholeDeal(change.deal) {
        writer.element(8, deal[...])
      } else {
        change.changes.write(fields: 5, before: 6, after: 7, to: &writer)
      }
    }
    writer.end(start)
  }
}

extension Deal {
  var creationCause: ChangeCause {
    switch direction {
    case .inbound: isShadow ? .shown : .invitationReceived
    case .outbound: .created
    }
  }
}
