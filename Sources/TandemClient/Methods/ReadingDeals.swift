// SPDX-License-Identifier: Apache-2.0
// Methods that read deals, their histories and the inbox. Long lists page by themselves.

import TandemPrimitives
import TandemWire

/// Which deals to list, and how.
public struct DealFilter: Hashable, Sendable {
  /// Only these; none means all.
  public var statuses: [DealStatus] = []
  /// Only this direction; `unspecified` means both.
  public var direction = Direction.unspecified
  /// Only those that the caller marked.
  public var favouritesOnly = false
  /// What they must satisfy besides: of each of at most 16 clauses one of at most 16 terms.
  public var allOf: [[FilterTerm]] = []
  /// The order; `unspecified` is by the last change.
  public var sort = DealSort.unspecified
  /// Backwards.
  public var descending = false
  /// The order among deals that are equal by `sort`.
  public var thenSort = DealSort.unspecified
  /// The second order backwards.
  public var thenDescending = false
  /// Numbers in `Deal` of the fields that rows hold besides id and version; none means all.
  public var fields: [UInt32] = []
  /// Rows fetched at a time; 0 leaves it to the server.
  public var pageSize: UInt32 = 0

  /// Makes a filter that lets every deal pass.
  public init() {}
}

extension DealFilter {
  /// Everything but page and cursor.
  func write(to writer: inout ProtoWriter) {
    writer.packed(1, statuses.map(\.number))
    writer.word(2, direction)
    writer.flag(3, favouritesOnly)
    writer.word(4, sort)
    writer.flag(5, descending)
    allOf.write(8, to: &writer)
    writer.word(9, thenSort)
    writer.flag(10, thenDescending)
    writer.packed(11, fields)
  }
}

/// Deals of a list, fetched page by page.
public struct DealList: AsyncSequence, Sendable {
  /// What the sequence gives.
  public typealias Element = DealView
  /// What ends it before its time.
  public typealias Failure = TandemError

  let client: Client
  let filter: DealFilter
  let options: CallOptions

  /// Begins at the first page.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(list: self) }

  /// One walk through the list.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// What the sequence gives.
    public typealias Element = DealView
    /// What ends it before its time.
    public typealias Failure = TandemError

    let list: DealList
    private var rows: ArraySlice<DealView> = []
    private var cursor: [UInt8] = []
    private var isLast = false

    init(list: DealList) { self.list = list }

    /// The next deal, nil at the end.
    public mutating func next() async throws(TandemError) -> DealView? {
      try await next(isolation: nil)
    }

    /// The next deal, nil at the end.
    public mutating func next(
      isolation: isolated (any Actor)?
    ) async throws(TandemError) -> DealView? {
      while rows.isEmpty {
        if isLast { return nil }
        let page = try await list.page(after: cursor)
        rows = page.rows[...]
        cursor = page.cursor
        isLast = cursor.isEmpty
      }
      return rows.removeFirst()
    }
  }

  private func page(after cursor: [UInt8]) async throws(TandemError) -> DealPage {
    let filter = filter
    return try await client.call(.listDeals, options) { writer in
      filter.write(to: &writer)
      writer.unsigned(6, filter.pageSize)
      writer.blob(7, cursor[...])
    }
  }
}

/// Changes of a deal from its creation on, fetched page by page.
public struct DealHistory: AsyncSequence, Sendable {
  /// What the sequence gives.
  public typealias Element = DealHistoryEntry
  /// What ends it before its time.
  public typealias Failure = TandemError

  let client: Client
  let deal: ID
  let after: UInt64
  let options: CallOptions

  /// Begins at the first page.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(history: self) }

  /// One walk through the history.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// What the sequence gives.
    public typealias Element = DealHistoryEntry
    /// What ends it before its time.
    public typealias Failure = TandemError

    let history: DealHistory
    private var entries: ArraySlice<DealHistoryEntry> = []
    private var after: UInt64
    private var isLast = false

    init(history: DealHistory) {
      self.history = history
      after = history.after
    }

    /// The next change, nil at the end.
    public mutating func next() async throws(TandemError) -> DealHistoryEntry? {
      try await next(isolation: nil)
    }

    /// The next change, nil at the end.
    public mutating func next(
      isolation: isolated (any Actor)?
    ) async throws(TandemError) -> DealHistoryEntry? {
      while entries.isEmpty {
        if isLast { return nil }
        let page = try await history.page(after: after)
        entries = page.entries[...]
        after = page.next
        isLast = after == 0
      }
      return entries.removeFirst()
    }
  }

  private func page(after commit: UInt64) async throws(TandemError) -> DealHistoryPage {
    let deal = deal
    return try await client.call(.dealHistory, options) { writer in
      writer.id(1, deal)
      writer.unsigned(2, commit)
    }
  }
}

extension Client {
  /// One deal with the caller's own view of it.
  public func getDeal(
    _ id: ID, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealView {
    try await call(.getDeal, options) { $0.id(1, id) }
  }

  /// A deal as it was with one of its versions.
  public func getDeal(
    _ id: ID, version: UInt64, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealView {
    // The schema says by 0 that no version is given.
    guard version > 0 else {
      var error = TandemError(
        .outOfRange, reason: "VERSION_UNKNOWN", message: "versions of a deal count from 1")
      error.notExecuted = true
      throw error
    }
    return try await call(.getDeal, options) { writer in
      writer.id(1, id)
      writer.unsigned(2, version)
    }
  }

  /// A deal as it was after everything that had happened at a moment.
  public func getDeal(
    _ id: ID, at moment: Moment, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealView {
    try await call(.getDeal, options) { writer in
      writer.id(1, id)
      // The schema says by 0 that no time is given; nothing happened in either millisecond.
      writer.moment(3, moment.milliseconds == 0 ? Moment(milliseconds: 1) : moment)
    }
  }

  /// Several deals, in the order asked for; those that are not there or not to be seen are left out.
  public func getDeals(
    _ ids: [ID], options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [DealView] {
    var found: [DealView] = []
    var left = ids
    while !left.isEmpty {
      let asked = left.prefix(Limits.dealsPerBatch)
      let page: DealBatch = try await call(.getDeals, options) { writer in
        for id in asked { writer.id(1, id) }
      }
      guard page.left.count < asked.count else {
        throw TandemError(
          .internal, reason: "MALFORMED_REPLY", message: "the reply answers none of the deals")
      }
      found += page.rows
      left = page.left + left.dropFirst(asked.count)
    }
    return found
  }

  /// The visible deals in a stable order.
  public func listDeals(
    _ filter: DealFilter = DealFilter(), options: CallOptions = CallOptions()
  ) -> DealList {
    DealList(client: self, filter: filter, options: options)
  }

  /// The one visible deal that passes a filter; `notFound` without any, `failedPrecondition` with several.
  public func findDeal(
    _ filter: DealFilter, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealView {
    let page: DealPage = try await call(.listDeals, options) { writer in
      filter.write(to: &writer)
      writer.flag(12, true)
    }
    guard let found = page.rows.first else {
      throw TandemError(
        .internal, reason: "MALFORMED_REPLY", message: "the reply holds no deal")
    }
    return found
  }

  /// Counts the visible deals that pass every clause, in groups, and sums their values by currency.
  public func aggregateDeals(
    _ allOf: [[FilterTerm]] = [], groupBy: [GroupField] = [], sumValues: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealTotals {
    try await call(.aggregateDeals, options) { writer in
      allOf.write(1, to: &writer)
      writer.packed(2, groupBy.map(\.number))
      writer.flag(3, sumValues)
    }
  }

  /// What the caller may do with a deal now, and why not the rest.
  public func describeDealActions(
    _ id: ID, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealActions {
    try await call(.describeDealActions, options) { $0.id(1, id) }
  }

  /// The rules in force: what requests must say, limits, reference lists, policy.
  ///
  /// With names of lists, those and nothing else.
  public func describeRules(
    lists: [String] = [], options: CallOptions = CallOptions()
  ) async throws(TandemError) -> DealRules {
    try await call(.describeRules, options) { writer in
      for list in lists { writer.string(1, list) }
    }
  }

  /// Every change of a deal, oldest first, after a commit.
  public func dealHistory(
    _ id: ID, after commit: UInt64 = 0, options: CallOptions = CallOptions()
  ) -> DealHistory {
    DealHistory(client: self, deal: id, after: commit, options: options)
  }

  /// The caller's own inbox, newest first.
  public func listNotifications(
    unreadOnly: Bool = false, pageSize: UInt32 = 0, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [Notification] {
    let reply: ListReply<Notification> = try await call(.listNotifications, options) { writer in
      writer.flag(1, unreadOnly)
      writer.unsigned(2, pageSize)
    }
    return reply.elements
  }

  /// Of which topics the caller hears.
  public func notificationPreferences(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> NotificationPreferences {
    try await call(.getNotificationPreferences, options)
  }

  /// Replaces the topics that the caller wants to hear nothing of.
  public func muteTopics(
    _ topics: [NotificationTopic], validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setNotificationPreferences, options) { writer in
      writer.packed(1, topics.map(\.number))
      writer.flag(2, validatesOnly)
    }
  }

  /// Says whether a deal's team is told of the invitations that it sends; for administrators of deals.
  public func tellInvitationSent(
    _ isTold: Bool, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setNotificationSettings, options) { writer in
      writer.flag(1, isTold)
      writer.flag(2, validatesOnly)
    }
  }

  /// Marks entries of the caller's own inbox as read.
  public func markNotificationsRead(
    _ ids: [ID], validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.markNotificationsRead, options) { writer in
      for id in ids { writer.element(1, id.bytes[...]) }
      writer.flag(2, validatesOnly)
    }
  }
}
