// SPDX-License-Identifier: Apache-2.0
// Methods of leads: the vendor sends them, partners work on them. Long lists page by themselves.

import TandemWire

/// A lead to be sent to a partner.
public struct NewLead: Hashable, Sendable {
  /// Whom it is for.
  public var partner: ID
  /// How much is known of the interest.
  public var leadClass: LeadClass
  /// What of the partner's the customer looked at.
  public var origin: LeadOrigin
  /// Where the offer stands; for offers alone.
  public var source = LeadSource.unspecified
  /// What the customer pressed; needed for a direct lead.
  public var callToAction = CallToAction.unspecified
  /// How good it is.
  public var quality = LeadQuality.unspecified
  /// Whether the e-mail address reaches somebody.
  public var emailValidity = ContactValidity.unspecified
  /// Whether the telephone number does.
  public var phoneValidity = ContactValidity.unspecified
  /// Who may buy.
  public var customerName = ""
  /// Two letters of ISO 3166-1.
  public var country = ""
  /// Where in it.
  public var city = ""
  /// Whom to talk to.
  public var contact = Person()
  /// The customer said "please contact me".
  public var wantsContact = false
  /// What of the partner's it is about.
  public var solution: ID?
  /// The campaign it came from.
  public var campaignID = ""
  /// The customer's own words.
  public var text = ""

  /// Makes a lead for a partner.
  public init(for partner: ID, _ leadClass: LeadClass, origin: LeadOrigin) {
    self.partner = partner
    self.leadClass = leadClass
    self.origin = origin
  }

  fileprivate func write(to writer: inout ProtoWriter) {
    writer.id(1, partner)
    writer.word(2, leadClass)
    writer.word(3, origin)
    writer.word(4, source)
    writer.word(5, callToAction)
    writer.word(6, quality)
    writer.word(7, emailValidity)
    writer.word(8, phoneValidity)
    writer.string(9, customerName)
    writer.string(10, country)
    writer.string(11, city)
    writer.nested(12, contact)
    writer.flag(13, wantsContact)
    writer.id(14, solution)
    writer.string(15, campaignID)
    writer.string(16, text)
  }
}

/// Which leads to list; what is empty lets everything pass.
public struct LeadFilter: Hashable, Sendable {
  /// Which of the tabs; `unspecified` for all leads.
  public var tab = LeadTab.unspecified
  /// What the customer pressed.
  public var callsToAction: [CallToAction] = []
  /// Two letters each.
  public var countries: [String] = []
  /// How the customer's name begins.
  public var customerNamePrefix = ""
  /// Where the offer stands.
  public var sources: [LeadSource] = []
  /// How much is known.
  public var classes: [LeadClass] = []
  /// How good.
  public var qualities: [LeadQuality] = []
  /// Where they stand.
  public var statuses: [LeadStatus] = []
  /// Whether the e-mail address reaches somebody.
  public var emailValidities: [ContactValidity] = []
  /// Whether the telephone number does.
  public var phoneValidities: [ContactValidity] = []
  /// Rows fetched at a time; 0 leaves it to the server.
  public var pageSize: UInt32 = 0

  /// Makes a filter that lets every lead pass.
  public init() {}

  fileprivate func write(to writer: inout ProtoWriter) {
    writer.word(1, tab)
    writer.packed(2, callsToAction.map(\.number))
    for country in countries { writer.element(3, Array(country.utf8)[...]) }
    writer.string(4, customerNamePrefix)
    writer.packed(5, sources.map(\.number))
    writer.packed(6, classes.map(\.number))
    writer.packed(7, qualities.map(\.number))
    writer.packed(8, statuses.map(\.number))
    writer.packed(9, emailValidities.map(\.number))
    writer.packed(10, phoneValidities.map(\.number))
    writer.unsigned(11, pageSize)
  }
}

/// Leads of a list, the newest first, fetched page by page.
public struct LeadList: AsyncSequence, Sendable {
  /// What the sequence gives.
  public typealias Element = LeadView
  /// What ends it before its time.
  public typealias Failure = TandemError

  let client: Client
  let filter: LeadFilter
  let options: CallOptions

  /// Begins at the first page.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(list: self) }

  /// One walk through the list.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// What the sequence gives.
    public typealias Element = LeadView
    /// What ends it before its time.
    public typealias Failure = TandemError

    let list: LeadList
    private var rows: ArraySlice<LeadView> = []
    private var cursor: ID?
    private var isLast = false

    init(list: LeadList) { self.list = list }

    /// The next lead, nil at the end.
    public mutating func next() async throws(TandemError) -> LeadView? {
      try await next(isolation: nil)
    }

    /// The next lead, nil at the end.
    public mutating func next(
      isolation: isolated (any Actor)?
    ) async throws(TandemError) -> LeadView? {
      // A page may be empty and still not be the last.
      while rows.isEmpty {
        if isLast { return nil }
        let page = try await list.page(after: cursor)
        rows = page.rows[...]
        cursor = page.cursor
        isLast = cursor == nil
      }
      return rows.removeFirst()
    }
  }

  private func page(after cursor: ID?) async throws(TandemError) -> LeadPage {
    let filter = filter
    return try await client.call(.listLeads, options) { writer in
      filter.write(to: &writer)
      writer.id(12, cursor)
    }
  }
}

extension Client {
  /// Sends a lead to a partner, for the vendor; gives its id, or none in a dry run.
  public func sendLead(
    _ lead: NewLead, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ID? {
    let reply: CreatedReply = try await call(.sendLead, options) { writer in
      lead.write(to: &writer)
      writer.flag(17, validatesOnly)
    }
    return ID(.lead, bytes: reply.bytes[...])
  }

  /// One lead of the caller's organisation.
  public func getLead(
    _ id: ID, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadView {
    let reply: SingleReply<LeadView> = try await call(.getLead, options) { $0.id(1, id) }
    return reply.value
  }

  /// Leads of the caller's organisation, the newest first.
  public func listLeads(
    _ filter: LeadFilter = LeadFilter(), options: CallOptions = CallOptions()
  ) -> LeadList {
    LeadList(client: self, filter: filter, options: options)
  }

  /// Takes a received lead; name, value, close date and a member of the team are needed.
  public func acceptLead(
    _ id: ID, _ acceptance: LeadAcceptance, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await change(.acceptLead, id, options) { writer in
      writer.string(2, acceptance.name)
      writer.nested(3, acceptance.value)
      writer.moment(4, acceptance.closeDate)
      writer.string(5, acceptance.notes)
      writer.nested(6, all: acceptance.team)
      writer.flag(7, validatesOnly)
    }
  }

  /// Leaves a received lead to others, for a reason of 1 to 8; its contact is gone afterwards.
  public func declineLead(
    _ id: ID, reason: UInt32, notes: String = "", validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await end(.declineLead, id, reason, notes, validatesOnly, options)
  }

  /// Closes an accepted lead as won.
  public func winLead(
    _ id: ID, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await change(.winLead, id, options) { $0.flag(2, validatesOnly) }
  }

  /// Closes an accepted lead as lost, for a reason of 1 to 8.
  public func loseLead(
    _ id: ID, reason: UInt32, notes: String = "", validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await end(.loseLead, id, reason, notes, validatesOnly, options)
  }

  /// Puts a lead away that has ended, or an informational one; final.
  public func archiveLead(
    _ id: ID, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await change(.archiveLead, id, options) { $0.flag(2, validatesOnly) }
  }

  /// Makes a deal of an accepted or won lead, once; what the deal leaves open comes from the lead.
  public func convertLead(
    _ id: ID, _ deal: NewDeal = NewDeal(), options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    var (change, isReplayed): (DealChange, Bool) =
      try await callNotingReplay(.convertLead, options.call) { writer in
        writer.id(1, id)
        let start = writer.begin(2)
        deal.write(to: &writer)
        writer.end(start)
        writer.flag(3, options.returnsDeal)
        writer.flag(4, options.validatesOnly)
      }
    change.isReplayed = isReplayed
    return change
  }

  /// Marks a lead for the caller alone.
  public func setLeadFavourite(
    _ id: ID, _ isFavourite: Bool, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> LeadChange {
    try await change(.setLeadFavourite, id, options) { writer in
      writer.flag(2, isFavourite)
      writer.flag(3, validatesOnly)
    }
  }

  private func end(
    _ method: Method, _ id: ID, _ reason: UInt32, _ notes: String, _ validatesOnly: Bool,
    _ options: CallOptions
  ) async throws(TandemError) -> LeadChange {
    try await change(method, id, options) { writer in
      writer.unsigned(2, reason)
      writer.string(3, notes)
      writer.flag(4, validatesOnly)
    }
  }

  private func change(
    _ method: Method, _ id: ID, _ options: CallOptions, _ write: (inout ProtoWriter) -> Void
  ) async throws(TandemError) -> LeadChange {
    var (change, isReplayed): (LeadChange, Bool) =
      try await callNotingReplay(method, options) { writer in
        writer.id(1, id)
        write(&writer)
      }
    change.isReplayed = isReplayed
    return change
  }
}
