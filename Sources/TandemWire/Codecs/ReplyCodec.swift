// SPDX-License-Identifier: Apache-2.0
// Bodies of OK answers. Everything appends, so a stored answer can be completed later: protobuf
// joins what is written back to back.

package import TandemDomain
package import TandemPrimitives

package enum ReplyCodec {
  /// The answer of a command, as the ledger keeps it: without the deal and without secrets.
  package static func encode(_ answer: Answer, commitSeq: UInt64, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    switch answer {
    case .deal(let id, let version, let warnings):
      writer.bytes.append(addingCapacity: FieldBytes.identifier + 2 * FieldBytes.number) {
        $0.identifier(1, id)
        $0.unsigned(2, version)
        $0.unsigned(3, commitSeq)
      }
      write(warnings, &writer)
    case .favourite(let id, let isFavourite):
      writer.identifier(1, id)
      writer.flag(2, isFavourite)
      writer.unsigned(3, commitSeq)
    case .leadSent(let id): write(id, commitSeq, &writer)
    case .lead(let id, let version):
      writer.identifier(1, id)
      writer.unsigned(2, version)
      writer.unsigned(3, commitSeq)
    case .user(let id): write(id, commitSeq, &writer)
    case .location(let id): write(id, commitSeq, &writer)
    case .solution(let id): write(id, commitSeq, &writer)
    case .key(let id): write(id, commitSeq, &writer)
    case .organisation(let id, let administrator, let key, let globalLocation):
      writer.identifier(1, id)
      writer.identifier(2, administrator)
      writer.identifier(3, key)
      writer.identifier(4, globalLocation)
      writer.unsigned(5, commitSeq)
    case .realm(let id, let directory):
      writer.identifier(1, id)
      writer.identifier(2, directory)
      writer.unsigned(3, commitSeq)
    case .clock(let now):
      writer.time(1, now)
      writer.unsigned(2, commitSeq)
    case .imported(let counts):
      writer.unsigned(1, commitSeq)
      writer.unsigned(2, counts.added)
      writer.unsigned(3, counts.changed)
      writer.unsigned(4, counts.unchanged)
    case .transaction(let answers):
      for answer in answers { write(answer, &writer) }
      writer.unsigned(2, commitSeq)
    case .done: writer.unsigned(1, commitSeq)
    }
    writer.giveBack(to: &output)
  }

  /// What one operation of a transaction did.
  private static func write(_ answer: Answer, _ writer: inout ProtoWriter) {
    let start = writer.begin(1)
    switch answer {
    case .deal(let id, let version, let warnings):
      writer.identifier(1, id)
      writer.unsigned(2, version)
      write(warnings, &writer)
    case .favourite(let id, _): writer.identifier(1, id)
    case .leadSent, .lead, .user, .location, .key, .organisation, .realm, .clock, .imported,
      .solution,
      .transaction, .done:
      invariant(false, "a transaction is about deals")
    }
    writer.end(start)
  }

  private static func write(_ warnings: [Warning], _ writer: inout ProtoWriter) {
    for warning in warnings {
      let start = writer.begin(15)
      writer.string(1, warning.code)
      writer.string(2, warning.text)
      writer.end(start)
    }
  }

  private static func write<Kind>(
    _ id: Identifier<Kind>, _ commitSeq: UInt64, _ writer: inout ProtoWriter
  ) {
    writer.identifier(1, id)
    writer.unsigned(2, commitSeq)
  }

  /// The text of a new key: told once, after the stored answer of IssueKey or RegisterOrganisation.
  package static func appendKeyText(_ text: String, of method: Method, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.string(method == .registerOrganisation ? 6 : 3, text)
    writer.giveBack(to: &output)
  }

  /// The deal as it is now, after the stored answer of a call with return_deal.
  package static func appendReturnedDeal(
    _ deal: [UInt8], isFavourite: Bool = false, into output: inout [UInt8]
  ) {
    appendPair(deal, 4, isFavourite, into: &output)
  }

  /// The whole answer of GetDeal: a copy of the stored bytes between two tags.
  package static func appendDeal(_ deal: [UInt8], isFavourite: Bool, into output: inout [UInt8]) {
    appendPair(deal, 1, isFavourite, into: &output)
  }

  private static func appendPair(
    _ deal: [UInt8], _ field: UInt32, _ isFavourite: Bool, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writer.whole(field, deal)
    let mine = writer.begin(field + 1)
    writer.flag(1, isFavourite)
    writer.end(mine)
    writer.giveBack(to: &output)
  }

  // MARK: Lists

  /// One row of ListDeals.
  package static func appendRow(_ deal: [UInt8], isFavourite: Bool, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    let row = writer.begin(1)
    writer.whole(1, deal)
    let mine = writer.begin(2)
    writer.flag(1, isFavourite)
    writer.end(mine)
    writer.end(row)
    writer.giveBack(to: &output)
  }

  /// What GetDeals says besides its rows.
  package static func append(
    missing: [DealID], left: ArraySlice<DealID>, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    for id in missing { writer.identifierElement(2, id) }
    for id in left { writer.identifierElement(3, id) }
    writer.giveBack(to: &output)
  }

  package static func appendNextCursor(_ cursor: ListCursor, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    let start = writer.begin(2)
    cursor.append(to: &writer.bytes)
    writer.end(start)
    writer.giveBack(to: &output)
  }

  package static func encode(_ totals: DealTotals, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for (keys, total) in totals.sorted { write(1, keys, total, &writer) }
    write(2, [], totals.all, &writer)
    writer.giveBack(to: &output)
  }

  private static func write(
    _ field: UInt32, _ keys: [GroupKey], _ total: DealTotal, _ writer: inout ProtoWriter
  ) {
    let group = writer.begin(field)
    for key in keys {
      let start = writer.begin(1)
      writer.unsigned(1, key.number)
      writer.text(2, key.text)
      writer.end(start)
    }
    writer.unsigned(2, total.count)
    for (currency, sum) in total.sums.sorted(by: { $0.key.packed < $1.key.packed }) {
      let start = writer.begin(3)
      writer.string(1, currency.text)
      writer.string(2, sum.text)
      writer.end(start)
    }
    writer.end(group)
  }

  package static func encodeNotifications(
    _ notifications: some Sequence<Notification>, into output: inout [UInt8]
  ) { write(notifications, into: &output) }

  package static func encodePreferences(
    of user: UserID, _ state: TenantState, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    for preference in state.preferences(of: user) {
      let start = writer.begin(1)
      writer.enumeration(1, preference.topic)
      writer.flag(2, preference.isMuted)
      writer.flag(3, preference.topic.isMandatory)
      writer.end(start)
    }
    writer.flag(2, state.notificationSettings.tellsInvitationSent)
    writer.giveBack(to: &output)
  }

  package static func encodeOrganisations(
    _ entries: some Sequence<OrganisationEntry>, into output: inout [UInt8]
  ) { write(entries, into: &output) }

  package static func encodeOrganisation(_ state: TenantState, into output: inout [UInt8]) {
    write(state.organisation.map { [$0] } ?? [], into: &output)
  }

  package static func encodeUsers(_ state: TenantState, into output: inout [UInt8]) {
    write(state.users.values.sorted { $0.id < $1.id }, into: &output)
  }

  package static func encodeLocations(_ state: TenantState, into output: inout [UInt8]) {
    write(state.locations.values.sorted { $0.id < $1.id }, into: &output)
  }

  package static func encodeContacts(_ contacts: [RecentContact], into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for contact in contacts {
      let start = writer.begin(1)
      writer.message(1, contact.person)
      writer.enumeration(2, contact.kind)
      writer.text(3, contact.customerName)
      writer.identifier(4, contact.deal)
      writer.time(5, contact.lastUsed)
      writer.end(start)
    }
    writer.giveBack(to: &output)
  }

  package static func encodeKeys(_ state: TenantState, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for key in state.keys.values.sorted(by: { $0.id < $1.id }) {
      key.writePublic(1, to: &writer)
    }
    writer.giveBack(to: &output)
  }

  /// A directory's own realm and those that it made.
  package static func encodeRealms(_ state: TenantState, into output: inout [UInt8]) {
    let own = state.realm.map { [$0] } ?? []
    write((own + state.realms.values).sorted { $0.id < $1.id }.map(\.spelledOut), into: &output)
  }

  package static func encodeRealm(
    _ state: TenantState, now: Timestamp, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writer.maybe(1, state.realm?.spelledOut)
    writer.time(2, now)
    writer.giveBack(to: &output)
  }

  private static func write(
    _ values: some Sequence<some WireMessage>, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writer.messages(1, values)
    writer.giveBack(to: &output)
  }
}

extension Realm {
  /// As callers see it: policies with the values that are in force.
  fileprivate var spelledOut: Realm {
    var realm = self
    realm.policy = policy.spelledOut
    return realm
  }
}

extension ListCursor {
  /// Format 1 said nothing of its order.
  private static let format: UInt8 = 3

  func append(to output: inout [UInt8]) {
    output.append(Self.format)
    output.append(sort.rawValue)
    output.append(descending ? 1 : 0)
    output.appendLittleEndian(time.milliseconds)
    output.append(identifier: id)
  }

  /// Strict: only what `append` writes.
  package init?(bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard reader.integer(UInt8.self) == Self.format,
      let sort = reader.integer(UInt8.self).flatMap(ListDeals.SortKey.init),
      let descending = reader.integer(UInt8.self), descending <= 1,
      let time = reader.integer(Int64.self), let id = reader.identifier(DealKind.self),
      reader.remaining == 0
    else { return nil }
    self.init(
      sort, descending: descending == 1, time: Timestamp(milliseconds: time), id: id)
  }
}
