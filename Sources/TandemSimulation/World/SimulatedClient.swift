// SPDX-License-Identifier: Apache-2.0
// A connection of one user: sends operations, collects answers, follows the feed with its token.
// It knows nothing of the server's inside.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// An organisation and what its people have learned.
final class SimulatedOrganisation {
  let index: Int
  let kind: OrganisationKind
  let tenant: TenantID
  let user: UserID
  let location: LocationID
  /// What it sells, unchanged.
  var solution = SolutionID.zero
  /// Its locations, the entire organisation first.
  var places: [LocationID]
  /// Works on deals that have it on their team.
  var colleague = UserID.zero
  /// Looks, or is given other rights.
  var viewer = UserID.zero
  /// A program that may act as others.
  var service = UserID.zero
  /// Solutions that come, change and go.
  private(set) var products: [SolutionID] = []
  private(set) var keys: [KeyID] = []
  private(set) var notifications: [NotificationID] = []
  private(set) var leads: [LeadID] = []
  /// Stands in every deal's private fields and must never reach anybody else.
  let secret: String
  /// Begins the notes of every deal; the vendor may read those that it is shown (G15), partners none.
  let notes: String
  /// In the order in which they were learned of.
  private(set) var known: [DealID] = []
  private var deals: [DealID: Deal] = [:]

  init(
    index: Int, kind: OrganisationKind, tenant: TenantID, user: UserID, location: LocationID
  ) {
    self.index = index
    self.kind = kind
    self.tenant = tenant
    self.user = user
    self.location = location
    places = [location]
    secret = Self.secret(of: index)
    notes = Self.notes(of: index)
  }

  /// Of the operator, who asks before there is anybody.
  convenience init(asking tenant: TenantID) {
    self.init(index: -1, kind: .directory, tenant: tenant, user: .zero, location: .zero)
  }

  static func secret(of index: Int) -> String { "secret-of-\(index)-" }
  static func notes(of index: Int) -> String { "notes-of-\(index)-" }

  var principal: Principal { .user(user, via: nil, readOnly: false) }

  func learn(_ deal: Deal) {
    if deals[deal.id] == nil { known.append(deal.id) }
    if let old = deals[deal.id], old.version > deal.version { return }
    deals[deal.id] = deal
  }

  func deal(_ id: DealID) -> Deal? { deals[id] }

  /// Leads that can be asked about, some before they arrive.
  func hear(of leads: [LeadID]) { self.leads += leads.filter { !self.leads.contains($0) } }

  /// Takes what an answer tells of that can be asked about later.
  func learn(_ body: [UInt8], of request: TenantRequest) {
    let found = SimulatedClient.fields(1, in: body[...])
    switch RequestWord(request) {
    case .addLocation: places += found.compactMap { LocationID(bytes: $0) }
    case .issueKey: keys += found.compactMap { KeyID(bytes: $0) }
    case .publishSolution:
      let products = found.compactMap { SolutionID(bytes: $0) }
      self.products += products.filter { !self.products.contains($0) }
    case .listLeads: hear(of: ModelReading.leads(in: body))
    case .listNotifications:
      notifications = found.flatMap { SimulatedClient.fields(1, in: $0) }.compactMap {
        NotificationID(bytes: $0)
      }
    default: break
    }
  }
}

final class SimulatedClient: AnswerSink {
  let index: Int
  let organisation: SimulatedOrganisation
  var feed: FollowedFeed
  private var waiting: [UInt32: Operation] = [:]
  private let hear: (Heard) -> Void
  private let fail: (String, String) -> Void

  init(
    index: Int, _ organisation: SimulatedOrganisation, hear: @escaping (Heard) -> Void,
    fail: @escaping (String, String) -> Void
  ) {
    self.index = index
    self.organisation = organisation
    self.hear = hear
    self.fail = fail
    feed = FollowedFeed()
  }

  func expect(_ call: UInt32, _ operation: Operation) { waiting[call] = operation }

  /// The server died: nothing that was asked of it will be answered.
  func lostConnection() {
    waiting = [:]
    feed.close()
  }

  // MARK: AnswerSink

  func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>) {
    let bytes = Self.copy(body)
    if feed.isOpen, ticket.call == feed.call {
      feed.close()
      return
    }
    guard let operation = waiting.removeValue(forKey: ticket.call) else {
      fail("tenants are isolated", "client \(index) got answer \(ticket.call) it never asked for")
      return
    }
    let found = head.status == .ok ? Self.deals(in: bytes, of: operation.request) : []
    let deals = found.compactMap { try? DealCodec.decode($0) }
    // As it was, a deal may say less than it said then, and is nothing to work with.
    let isPast = if case .query(.getPastDeal) = operation.request { true } else { false }
    if !isPast { for deal in deals { organisation.learn(deal) } }
    if head.status == .ok, operation.label != "setup" {
      organisation.learn(bytes, of: operation.request)
    }
    hear(
      Heard(
        operation: operation, client: self, head: head, body: bytes, deals: deals,
        dealBytes: isPast ? [] : found))
  }

  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) {
    guard feed.isOpen, ticket.call == feed.call else {
      // A stream that this side gave up may still have items under way.
      return
    }
    let bytes = Self.copy(body)
    if let problem = feed.take(number: number, bytes, tenant: organisation.tenant) {
      fail("feed has no gap", "client \(index): \(problem)")
    }
  }

  private static func copy(_ span: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(span.count)
    for index in span.indices { bytes.append(span[index]) }
    return bytes
  }

  private static func deals(in body: [UInt8], of request: TenantRequest) -> [ArraySlice<UInt8>] {
    switch request {
    case .query(.getDeal), .query(.getPastDeal): return fields(1, in: body[...])
    case .query(.getDeals): return fields(1, in: body[...]).flatMap { fields(1, in: $0) }
    // Rows with some of the fields are no deals.
    case .query(.listDeals(let list)) where list.fields == 0:
      return fields(1, in: body[...]).flatMap { fields(1, in: $0) }
    case .query, .command, .watch: return []
    }
  }

  /// The number that stands in a field; zero when it is absent.
  static func number(_ field: UInt32, in bytes: ArraySlice<UInt8>) -> UInt64 {
    var reader = ProtoReader(bytes)
    while (try? reader.next()) == true {
      if reader.field == field { return (try? reader.unsigned()) ?? 0 }
      if (try? reader.skip()) == nil { return 0 }
    }
    return 0
  }

  static func fields(_ number: UInt32, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var reader = ProtoReader(bytes)
    while (try? reader.next()) == true {
      if reader.field == number, let slice = try? reader.slice() {
        found.append(slice)
      } else if (try? reader.skip()) == nil {
        return found
      }
    }
    return found
  }
}
