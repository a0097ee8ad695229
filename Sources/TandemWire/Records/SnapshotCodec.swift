// SPDX-License-Identifier: Apache-2.0
// A tenant's state besides its deals as bytes: equal states give equal bytes on every machine.

package import TandemDomain
internal import TandemPrimitives

package enum SnapshotCodec {
  package static let schemaVersion: UInt16 = 1

  package static func encodeState(_ state: TenantState) -> [UInt8] {
    var writer = ProtoWriter()
    writer.maybe(1, state.organisation)
    writer.maybe(2, state.realm)
    writer.messages(3, state.users.values.sorted { $0.id < $1.id })
    writer.messages(4, state.locations.values.sorted { $0.id < $1.id })
    writer.messages(5, state.keys.values.sorted { $0.id < $1.id })
    for (user, deals) in state.favourites.sorted(by: { $0.key < $1.key }) {
      writer.list(6, of: user) { inner in
        for id in deals.sorted() { inner.identifierElement(2, id) }
      }
    }
    for (user, notifications) in state.notifications.sorted(by: { $0.key < $1.key }) {
      writer.list(7, of: user) { inner in inner.messages(2, notifications) }
    }
    for (receiver, queue) in state.outbox.sorted(by: { $0.key < $1.key }) {
      writer.list(8, of: receiver) { inner in
        inner.unsigned(2, queue.lastSequence)
        inner.messages(3, queue.entries)
      }
    }
    for (sender, through) in state.inboxMarks.sorted(by: { $0.key < $1.key }) {
      writer.list(9, of: sender) { inner in inner.unsigned(2, through) }
    }
    for slot in state.ledger.all {
      let start = writer.begin(10)
      writer.message(1, slot.entry)
      writer.time(2, slot.at)
      writer.end(start)
    }
    writer.time(11, state.ledger.horizon)
    writer.message(12, state.answerTimes)
    writer.messages(13, state.entries.values.sorted { $0.id < $1.id })
    writer.messages(14, state.realms.values.sorted { $0.id < $1.id })
    writer.unsigned(15, state.commitSequence)
    writer.time(16, state.lastTime)
    writeNotificationChoices(state, to: &writer)
    // Written before the end, whatever its number.
    writer.messages(18, state.solutions.values.sorted { $0.id < $1.id })
    state.customers.forEach { writer.message(20, $0) }
    if state.routing != Routing() { writer.message(21, state.routing) }
    writeLeads(state, to: &writer)
    writer.flag(17, true)
    return writer.bytes
  }

  package static func decodeState(_ bytes: ArraySlice<UInt8>) throws(WireError) -> TenantState {
    var state = TenantState()
    var slots: [RequestLedger.Slot] = []
    var horizon = Timestamp.zero
    var isWhole = false
    var customers = CatalogueReader()
    var reader = ProtoReader(bytes)
    while try reader.next() {
      guard !isWhole else { throw WireError("a state goes on after its end") }
      switch reader.field {
      case 10: slots.append(try slot(reader.message()))
      case 11: horizon = try reader.time()
      case 17: isWhole = try reader.flag()
      case 20: try customers.take(reader.value())
      default: try read(&reader, into: &state)
      }
    }
    guard isWhole else { throw WireError("a state is cut") }
    state.customers = customers.finish()
    state.ledger = RequestLedger(restoring: slots, horizon: horizon)
    return state
  }

  private static func read(
    _ reader: inout ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    switch reader.field {
    case 1: state.organisation = try reader.value()
    case 2: state.realm = try reader.value()
    case 3:
      let user = try reader.value(User.self)
      try state.users.addOnce(user.id, user)
    case 4:
      let location = try reader.value(Location.self)
      try state.locations.addOnce(location.id, location)
    case 5:
      let key = try reader.value(AccessKey.self)
      try state.keys.addOnce(key.id, key)
    case 6: try readFavourites(reader.message(), into: &state)
    case 7: try readInbox(reader.message(), into: &state)
    case 8: try readOutbox(reader.message(), into: &state)
    case 9: try readMark(reader.message(), into: &state)
    case 12: state.answerTimes = try reader.value()
    case 13:
      let entry = try reader.value(OrganisationEntry.self)
      try state.entries.addOnce(entry.id, entry)
    case 14:
      let realm = try reader.value(Realm.self)
      try state.realms.addOnce(realm.id, realm)
    case 18:
      let solution = try reader.value(Solution.self)
      try state.solutions.addOnce(solution.id, solution)
    case 15: state.commitSequence = try reader.unsigned()
    case 16: state.lastTime = try reader.time()
    case 19: try readNotificationChoices(reader.message(), into: &state)
    case 21: state.routing = try reader.value()
    case 22:
      let lead = try reader.value(Lead.self)
      guard state.leads[lead.id] == nil else {
        throw WireError(.badValue, "a lead stands twice in a state")
      }
      state.leads.put(lead)
    case 23: try readLeadFavourites(reader.message(), into: &state)
    case 24: state.leads.note(try reader.value())
    default:
      throw WireError(
        .unknownField(reader.field), field: "state", "a state has no field \(reader.field)")
    }
  }

  /// Nothing where everybody hears of everything, as at first.
  private static func writeNotificationChoices(
    _ state: TenantState, to writer: inout ProtoWriter
  ) {
    let settings = state.notificationSettings
    guard !state.mutedTopics.isEmpty || settings != NotificationSettings() else { return }
    let start = writer.begin(19)
    for (user, topics) in state.mutedTopics.sorted(by: { $0.key < $1.key }) {
      writer.message(1, MutedTopics(user: user, topics: topics))
    }
    writer.message(2, settings)
    writer.end(start)
  }

  private static func readNotificationChoices(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 1:
        let muted = try reader.value(MutedTopics.self)
        try state.mutedTopics.addOnce(muted.user, muted.topics)
      case 2: state.notificationSettings = try reader.value()
      default: try reader.skip()
      }
    }
  }

  private static func readFavourites(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    var user = UserID.zero
    var deals: Set<DealID> = []
    while try reader.next() {
      switch reader.field {
      case 1: user = try reader.identifier()
      case 2: deals.insert(try reader.identifier())
      default: try reader.skip()
      }
    }
    try state.favourites.addOnce(user, deals)
  }

  private static func writeLeads(_ state: TenantState, to writer: inout ProtoWriter) {
    state.leads.forEach { writer.message(22, $0) }
    for (user, leads) in state.leadFavourites.sorted(by: { $0.key < $1.key }) {
      writer.list(23, of: user) { inner in
        for id in leads.sorted() { inner.identifierElement(2, id) }
      }
    }
    if state.leads.arrivals != LeadArrivals() { writer.message(24, state.leads.arrivals) }
  }

  private static func readLeadFavourites(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    var user = UserID.zero
    var leads: Set<LeadID> = []
    while try reader.next() {
      switch reader.field {
      case 1: user = try reader.identifier()
      case 2: leads.insert(try reader.identifier())
      default: try reader.skip()
      }
    }
    try state.leadFavourites.addOnce(user, leads)
  }

  private static func readInbox(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    var user = UserID.zero
    var notifications: [Notification] = []
    while try reader.next() {
      switch reader.field {
      case 1: user = try reader.identifier()
      case 2: notifications.append(try reader.value())
      default: try reader.skip()
      }
    }
    try state.notifications.addOnce(user, notifications)
  }

  private static func readOutbox(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    var receiver = TenantID.zero
    var queue = OutboxQueue(lastSequence: 0, entries: [])
    while try reader.next() {
      switch reader.field {
      case 1: receiver = try reader.identifier()
      case 2: queue.lastSequence = try reader.unsigned()
      case 3: queue.entries.append(try reader.value())
      default: try reader.skip()
      }
    }
    try state.outbox.addOnce(receiver, queue)
  }

  private static func readMark(
    _ message: ProtoReader, into state: inout TenantState
  ) throws(WireError) {
    var reader = message
    var sender = TenantID.zero
    var through: UInt64 = 0
    while try reader.next() {
      switch reader.field {
      case 1: sender = try reader.identifier()
      case 2: through = try reader.unsigned()
      default: try reader.skip()
      }
    }
    try state.inboxMarks.addOnce(sender, through)
  }

  private static func slot(_ message: ProtoReader) throws(WireError) -> RequestLedger.Slot {
    var reader = message
    var entry: LedgerEntry?
    var at = Timestamp.zero
    while try reader.next() {
      switch reader.field {
      case 1: entry = try reader.value()
      case 2: at = try reader.time()
      default: try reader.skip()
      }
    }
    guard let entry else { throw WireError("a ledger slot without an entry") }
    return RequestLedger.Slot(entry: entry, at: at)
  }
}

/// Packs customers while they are read: a million of them as values would take the memory of a shard.
private struct CatalogueReader {
  private var catalogue = CustomerCatalogue()
  private var read: [CatalogueCustomer] = []
  private var last = CustomerID.zero

  mutating func take(_ customer: CatalogueCustomer) throws(WireError) {
    guard last < customer.id else { throw WireError(.badValue, "customers are out of order") }
    last = customer.id
    read.append(customer)
    if read.count == CustomerCatalogue.gatheredRun { pack() }
  }

  mutating func finish() -> CustomerCatalogue {
    pack()
    return catalogue
  }

  private mutating func pack() {
    catalogue.put(read)
    read.removeAll(keepingCapacity: true)
  }
}

extension Dictionary {
  fileprivate mutating func addOnce(_ key: Key, _ value: Value) throws(WireError) {
    guard updateValue(value, forKey: key) == nil else {
      throw WireError(.badValue, "a key stands twice in a state")
    }
  }
}

extension ProtoWriter {
  /// A message whose first field is the id that it belongs to.
  fileprivate mutating func list<Kind>(
    _ field: UInt32, of owner: Identifier<Kind>, _ content: (inout ProtoWriter) -> Void
  ) {
    let start = begin(field)
    identifier(1, owner)
    content(&self)
    end(start)
  }
}

extension AnswerStatistics: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, accepted)
    writer.unsigned(2, declined)
    writer.unsigned(3, expired)
    writer.signed(4, answeredMilliseconds)
    writer.enumeration(5, told)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init()
    while try reader.next() {
      switch reader.field {
      case 1: accepted = try reader.unsigned()
      case 2: declined = try reader.unsigned()
      case 3: expired = try reader.unsigned()
      case 4: answeredMilliseconds = try reader.signed()
      case 5: told = try reader.enumeration()
      default: try reader.skip()
      }
    }
  }
}
