// SPDX-License-Identifier: Apache-2.0
// Which deals a list shows, and in which order. Few candidates are gathered and sorted; of many, the order
// is walked in slices.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

/// The conditions of a list, first those that need no look at the deal itself.
struct PreparedFilter {
  let all: DealFilter
  /// What the columns know everything about.
  let known: [DealFilter.Clause]
  let rest: DealFilter
  let viewer: FilterViewer
  /// As many candidates are gathered.
  let candidatesMax: Int
  /// Bytes that are sought in the texts of each deal.
  let soughtBytes: Int

  /// What a look at a deal of so many bytes counts for; at worst each byte is compared with each.
  func looks(at bytes: Int) -> Int { 1 + bytes * soughtBytes / Limits.searchStepsPerDeal }
}

/// What a page turned out to be.
struct PageOutcome {
  let rows: Int
  let isMore: Bool
}

/// A list that is walked in its order over several turns.
final class DealWalk {
  let call: Call
  let list: ListDeals
  /// Whose state the rows are of.
  let incarnation: Incarnation
  /// Others had their turn since the first rows were written.
  var wasInterrupted = false
  fileprivate var rows: [UInt8] = []
  /// Where each row's deal is, and where the row ends.
  fileprivate var marks: [(place: Int, end: Int)] = []
  fileprivate var lastRow: DealAtTime?
  /// The last deal that was looked at.
  fileprivate var place: DealAtTime?
  fileprivate var isMore = false
  /// What the last slice looked at, in deals.
  fileprivate(set) var looks = 0

  init(_ call: Call, _ list: ListDeals, _ tenant: Tenant) {
    self.call = call
    self.list = list
    incarnation = tenant.incarnation
    place = list.after.map { DealAtTime(time: $0.time, id: $0.id) }
  }

  /// Nil on the last page.
  fileprivate var nextCursor: ListCursor? {
    guard isMore, let lastRow else { return nil }
    return ListCursor(
      list.sort, descending: list.descending, time: lastRow.time, id: lastRow.id)
  }

  fileprivate var isFull: Bool {
    marks.count >= list.rowsMax || rows.count >= Limits.pageBytes
  }
}

extension ListDeals {
  /// How a row is written.
  var rowForm: ([UInt8], Bool, inout [UInt8]) -> Void {
    guard fields != 0 else { return ReplyCodec.appendRow }
    let fields = fields
    return { ReplyCodec.appendRow($0.projected(to: fields), isFavourite: $1, into: &$2) }
  }

  var rowsMax: Int { Int(min(max(pageSize, 1), UInt32(Limits.pageRows))) }
}

extension TenantCore {
  mutating func prepare(
    _ filter: DealFilter, for principal: Principal, _ burst: borrowing Burst
  ) -> PreparedFilter {
    let now = realmTime(burst.time)
    var viewer = FilterViewer(now: now, email: .empty, favourites: [])
    if case .user(let id, _, _) = principal {
      viewer.email = state.users[id]?.person.email ?? .empty
      viewer.favourites = state.favourites[id] ?? []
    }
    var known: [DealFilter.Clause] = []
    var rest = DealFilter()
    for clause in filter.clauses {
      if clause.terms.allSatisfy({ deals.columns.know($0.condition) }) {
        known.append(clause)
      } else {
        rest.clauses.append(clause)
      }
    }
    return PreparedFilter(
      all: filter, known: known, rest: rest, viewer: viewer,
      candidatesMax: burst.settings.dealsSorted, soughtBytes: rest.soughtBytes)
  }

  /// Whether a deal belongs to what was asked for and may be seen.
  private mutating func shows(_ place: Int, _ filter: PreparedFilter, _ principal: Principal)
    -> Bool
  {
    guard deals.columns.pass(place, filter.known, at: filter.viewer.now),
      mayRead(at: place, principal)
    else { return false }
    return filter.rest.isEmpty || filter.rest.matches(deals.deal(at: place), filter.viewer)
  }

  // MARK: Candidates

  /// Few places among which all deals are that a filter lets pass and the principal may see, each once;
  /// nil when no index names so few.
  ///
  /// Who sees only some deals is answered from those alone: how long it takes and where a page ends
  /// tells nothing of others.
  mutating func candidates(_ filter: PreparedFilter, _ principal: Principal) -> [UInt32]? {
    if !seesAll(principal) { return reachable(principal, max: filter.candidatesMax) }
    var best: [UInt32]?
    for clause in filter.all.clauses {
      let max = best?.count ?? filter.candidatesMax
      if let found = candidates(clause, filter.viewer, max: max) { best = found }
    }
    return best
  }

  /// The same from the columns, which takes a look at every deal's figures.
  func candidatesOfColumns(_ filter: PreparedFilter) -> [UInt32]? {
    guard !filter.known.isEmpty else { return nil }
    let places = deals.columns.places(passing: filter.known, at: filter.viewer.now)
    return places.count <= filter.candidatesMax ? places.places : nil
  }

  /// The places among which all deals are that somebody may see; nil for who sees every deal, and when
  /// there are more than so many.
  mutating func reachable(_ principal: Principal, max: Int) -> [UInt32]? {
    guard case .user(let id, _, _) = principal, let user = state.users[id] else { return [] }
    let reach = AccessPolicy.reach(of: user)
    guard !reach.everywhere else { return nil }
    var found: [UInt32] = []
    if reach.onTeam {
      let key = DealKey.exact(.teamEmail, user.person.email)
      guard deals.append(key.list, key.number...key.number, to: &found, max: max) else {
        return nil
      }
    }
    if !reach.locations.isEmpty {
      let all = state.locations.values.filter { $0.isGlobal || reach.locations.contains($0.id) }
      let clause = DealFilter.Clause([DealFilter.Term(.location(all.map(\.id)))])
      let there = deals.columns.places(passing: [clause], at: .zero)
      guard found.count + there.count <= max else { return nil }
      found += there.places
    }
    return found.eachOnce
  }

  private mutating func candidates(
    _ clause: DealFilter.Clause, _ viewer: FilterViewer, max: Int
  ) -> [UInt32]? {
    var found: [UInt32] = []
    for term in clause.terms {
      guard !term.isNegated, append(term.condition, viewer, to: &found, max: max) else {
        return nil
      }
    }
    return found.eachOnce
  }

  /// Adds the places that an index names for a condition; false when none does or there are too many.
  private mutating func append(
    _ condition: Condition, _ viewer: FilterViewer, to found: inout [UInt32], max: Int
  ) -> Bool {
    switch condition {
    case .favourite:
      guard found.count + viewer.favourites.count <= max else { return false }
      for id in viewer.favourites { if let place = place(of: id) { found.append(UInt32(place)) } }
      return true
    case .engagement(let ids):
      for id in ids { deals.append(id, to: &found) }
      return true
    case .mine: return append(.teamEmail, [viewer.email], to: &found, max: max)
    case .teamEmail(let emails): return append(.teamEmail, emails, to: &found, max: max)
    // Who is responsible is on the team.
    case .ownerEmail(.equals(let emails)):
      return append(.teamEmail, emails.texts, to: &found, max: max)
    case .tag(.equals(let tags)): return append(.tag, tags.texts, to: &found, max: max)
    case .text(.crmID, .equals(let ids)): return append(.crmID, ids.texts, to: &found, max: max)
    case .text(.name, .equals(let names)): return append(.name, names.texts, to: &found, max: max)
    case .text(.customerName, .equals(let names)):
      return append(.customerName, names.texts, to: &found, max: max)
    case .text(.name, .begins(let beginnings)):
      return append(.name, beginning: beginnings.texts, to: &found, max: max)
    case .text(.customerName, .begins(let beginnings)):
      return append(.customerName, beginning: beginnings.texts, to: &found, max: max)
    case .time(.respondBy, let window):
      let last = window.range(of: .respondBy, at: viewer.now).upperBound
      return deals.append(dueBy: last, to: &found, max: max)
    case .time(.created, let window):
      let range = window.range(of: .created, at: viewer.now)
      return deals.append(.created, range, to: &found, max: max)
    case .time(.updated, let window):
      let range = window.range(of: .updated, at: viewer.now)
      return deals.append(.updated, range, to: &found, max: max)
    case .status, .kind, .direction, .stage, .counterpartStatus, .partnerToPartner, .value,
      .currency, .time, .country, .text, .anywhere, .tag, .ownerEmail, .solution,
      .solutionName, .location, .counterpart:
      return false
    }
  }

  private mutating func append(
    _ list: DealKey.List, _ texts: [Text], to found: inout [UInt32], max: Int
  ) -> Bool {
    for text in texts {
      let key = DealKey.exact(list, text)
      guard deals.append(list, key.number...key.number, to: &found, max: max) else { return false }
    }
    return true
  }

  private mutating func append(
    _ list: DealKey.List, beginning texts: [Text], to found: inout [UInt32], max: Int
  ) -> Bool {
    for text in texts {
      let numbers = DealKey.beginning(text.utf8)
      guard deals.append(list, numbers, to: &found, max: max) else { return false }
    }
    return true
  }

  // MARK: Walks

  /// Goes on with a walk for one slice; true when its page is complete.
  mutating func advance(_ walk: DealWalk, _ burst: borrowing Burst) -> Bool {
    let list = walk.list
    let principal = walk.call.principal
    let filter = prepare(list.conditions, for: principal, burst)
    let bounds = filter.all.bounds(of: list.sort, at: filter.viewer.now)
    var merge = ListMerge(
      indexes: filter.all.statuses.map { deals.index($0, list.sort) },
      after: walk.place ?? list.before(bounds), descending: list.descending)
    walk.looks = 0
    while let entry = merge.next() {
      guard list.descending ? entry.time >= bounds.lowerBound : entry.time <= bounds.upperBound
      else { return true }
      guard walk.looks < burst.settings.dealsPerSlice else { return false }
      let place = place(of: entry.id)
      walk.looks += place.map { filter.looks(at: deals.slot(at: $0).bytes.count) } ?? 1
      if let place, shows(place, filter, principal) {
        guard take(entry, at: place, into: walk) else { return true }
      }
      walk.place = entry
    }
    return true
  }

  /// Goes on with a walk over deals of which it is known that they pass, to its end.
  mutating func finish(_ walk: DealWalk, through places: [UInt32]) {
    let list = walk.list
    var entries: [(entry: DealAtTime, place: Int)] = []
    for place in places {
      let head = deals.slot(at: Int(place)).head
      let time = list.sort == .updated ? head.updatedAt : head.createdAt
      let entry = DealAtTime(time: time, id: head.id)
      let isBehind = walk.place.map { list.descending ? entry < $0 : $0 < entry } ?? true
      if isBehind { entries.append((entry, Int(place))) }
    }
    entries.sort { list.descending ? $1.entry < $0.entry : $0.entry < $1.entry }
    walk.looks = places.count / Self.headsPerLook
    for (entry, place) in entries {
      guard take(entry, at: place, into: walk) else { return }
    }
  }

  /// Adds a row; false when the page is full, and this deal begins the next.
  private mutating func take(_ entry: DealAtTime, at place: Int, into walk: DealWalk) -> Bool {
    guard !walk.isFull else {
      walk.isMore = true
      return false
    }
    append(entry.id, at: place, as: walk.list.rowForm, walk.call.principal, &walk.rows)
    walk.marks.append((place, walk.rows.count))
    walk.lastRow = entry
    return true
  }

  /// So many heads are read and sorted in about the time of a look at a deal.
  private static let headsPerLook = 4
}

extension TenantCore {
  /// Hands over the page: of rows that were written in earlier turns, what may still be told.
  mutating func giveRows(of walk: DealWalk, to output: inout [UInt8]) -> PageOutcome {
    var count = 0
    if walk.wasInterrupted {
      count = giveRowsOfToday(of: walk, to: &output)
    } else {
      count = walk.marks.count
      output.append(contentsOf: walk.rows)
    }
    if let cursor = walk.nextCursor { ReplyCodec.appendNextCursor(cursor, into: &output) }
    return PageOutcome(rows: count, isMore: walk.isMore)
  }

  private mutating func giveRowsOfToday(of walk: DealWalk, to output: inout [UInt8]) -> Int {
    let principal = walk.call.principal
    var count = 0
    var start = 0
    for mark in walk.marks {
      defer { start = mark.end }
      guard mayRead(at: mark.place, principal) else { continue }
      count += 1
      let head = deals.slot(at: mark.place).head
      if hasEnded(head.id) {
        // What it dropped when it ended is gone from the deal itself.
        append(head.id, at: mark.place, as: walk.list.rowForm, principal, &output)
      } else {
        output.append(contentsOf: walk.rows[start..<mark.end])
      }
    }
    return count
  }
}

extension ListDeals {
  /// A place before every deal of a stretch of time.
  fileprivate func before(_ bounds: ClosedRange<Timestamp>) -> DealAtTime? {
    if descending {
      guard bounds.upperBound.milliseconds < .max else { return nil }
      return DealAtTime(
        time: Timestamp(milliseconds: bounds.upperBound.milliseconds + 1), id: .zero)
    }
    guard bounds.lowerBound.milliseconds > .min else { return nil }
    return DealAtTime(
      time: Timestamp(milliseconds: bounds.lowerBound.milliseconds - 1),
      id: DealID(high: .max, low: .max))
  }
}

extension DealFilter {
  /// The stretch of an order outside of which no deal passes.
  fileprivate func bounds(
    of sort: ListDeals.SortKey, at now: Timestamp
  ) -> ClosedRange<Timestamp> {
    let time: DealTime = sort == .updated ? .updated : .created
    var bounds = TimeWindow.present.range(of: time, at: now)
    for clause in clauses where clause.terms.count == 1 && !clause.terms[0].isNegated {
      guard case .time(time, let window) = clause.terms[0].condition else { continue }
      bounds = bounds.clamped(to: window.range(of: time, at: now))
    }
    return bounds
  }
}

extension [UInt32] {
  /// Ascending, without repetitions.
  fileprivate var eachOnce: [UInt32] {
    var places = sorted()
    var last: UInt32?
    places.removeAll { place in
      defer { last = place }
      return place == last
    }
    return places
  }
}
