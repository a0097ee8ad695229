// SPDX-License-Identifier: Apache-2.0
// What a row with an id asks for: the differences between it and the deal that it was made from. What
// others changed meanwhile is no difference of the row, so it stays.

import TandemClient

struct RowChange {
  private(set) var patch = DealPatch()
  private(set) var ending: RowEnding?
  private(set) var problems: [RowProblem] = []

  private let row: BulkRow
  /// As the deal was when the row was made from it.
  private let base: Deal
  /// As it is; what is already there is not asked for again.
  private let current: Deal

  /// The solutions of the row are looked up.
  init(_ row: BulkRow, since base: Deal, to current: Deal) {
    self.row = row
    self.base = base
    self.current = current
    for column in DealColumn.allCases {
      guard let value = row.values[column], !value.isSame(as: column.value(of: base)) else {
        continue
      }
      compare(column, value)
    }
  }

  var isNothing: Bool { patch == DealPatch() && ending == nil && problems.isEmpty }

  private mutating func compare(_ column: DealColumn, _ value: BulkValue) {
    switch column.use {
    case .place: break
    case .fixed(let rule, let why): refuse(column, rule, why)
    case .told: refuse(column, "FIELD_TOLD", "the server tells it")
    case .ending: end(column)
    case .changeable:
      if !value.isSame(as: column.value(of: current)) { change(column, value) }
    }
  }

  private mutating func refuse(_ column: DealColumn, _ rule: String, _ why: String) {
    let was = column.value(of: base).cell
    problems.append(
      RowProblem(
        column, rule,
        "cannot be changed by an import, it \(was.isEmpty ? "is empty" : "is \"\(was)\""): \(why)"))
  }

  private mutating func change(_ column: DealColumn, _ value: BulkValue) {
    switch column {
    case .name: patch.name = row.text(.name)
    case .crmId: patch.crmID = row.text(.crmId)
    case .campaignId: patch.campaignID = row.text(.campaignId)
    case .notes: patch.notes = row.text(.notes)
    case .tags: patch.tags = row.words(.tags)
    case .visibleToVendor: patch.isVisibleToVendor = row.flag(.visibleToVendor)
    case .value: patch.value = row.money(.value) ?? cannotBeEmptied(.value)
    case .closeDate: patch.closeDate = row.moment(.closeDate) ?? cannotBeEmptied(.closeDate)
    case .stage:
      patch.stage = row.number(.stage).map { UInt32(clamping: $0) } ?? cannotBeEmptied(.stage)
    case .owner:
      // Letters of an address count whatever their case.
      if row.text(.owner).lowercased() != (base.owner?.person.email ?? "").lowercased() {
        patch.ownerEmail = row.text(.owner)
      }
    case .contacts:
      patch.customerContacts = kept(row.people(.contacts), of: current.customer.contacts)
    case .team: changeTeam()
    case .solutions: changeSolutions()
    default: break
    }
  }

  private mutating func cannotBeEmptied<Value>(_ column: DealColumn) -> Value? {
    problems.append(RowProblem(column, "R-105", "cannot be emptied"))
    return nil
  }

  // MARK: Lists

  /// The people with the lines of those who are there already.
  private func kept(_ people: [Person], of members: [TeamMember]) -> [TeamMember] {
    var free = members
    return people.map { person in
      guard let place = free.firstIndex(where: { $0.person == person }) else {
        return TeamMember(person)
      }
      return free.remove(at: place)
    }
  }

  /// Whoever the row adds joins, and whoever it leaves out leaves; their order says nothing.
  private mutating func changeTeam() {
    let wanted = row.people(.team)
    let joined = missing(wanted, in: base.team.map(\.person))
    let there = missing(current.team.map(\.person), in: base.team.map(\.person))
    patch.addedTeam = missing(joined, in: there).map { TeamMember($0) }
    var stays = wanted
    for member in base.team {
      if let place = stays.firstIndex(of: member.person) {
        stays.remove(at: place)
      } else if current.team.contains(member) {
        patch.removedTeamLines.append(member.line)
      }
    }
  }

  private mutating func changeSolutions() {
    let wanted = row.solutions
    let before = base.solutions.map { ListedSolution($0) }
    let joined = missing(wanted, in: before)
    let there = missing(current.solutions.map { ListedSolution($0) }, in: before)
    patch.addedSolutions = missing(joined, in: there).map { SolutionLine($0, at: nil) }
    var stays = wanted
    for line in base.solutions {
      if let place = stays.firstIndex(of: ListedSolution(line)) {
        stays.remove(at: place)
      } else if current.solutions.contains(line) {
        patch.removedSolutionLines.append(line.line)
      }
    }
  }

  /// Those of the first list that the second has no equal of, one for one.
  private func missing<Value: Equatable>(_ values: [Value], in others: [Value]) -> [Value] {
    var free = others
    return values.filter { value in
      guard let place = free.firstIndex(of: value) else { return true }
      free.remove(at: place)
      return false
    }
  }

  // MARK: The end

  private mutating func end(_ column: DealColumn) {
    guard column == .status else {
      let status = row.values[.status] ?? .nothing
      let isEnding =
        row.values[.status] != nil
        && !status.isSame(as: DealColumn.status.value(of: base))
      // With a new status the reason is read with it.
      if !isEnding {
        refuse(column, "REASON_MISPLACED", "a reason goes with the status that ends a deal")
      }
      return
    }
    guard row.text(.status) != current.status.rawValue else { return requireSameReason() }
    ending = RowEnding.read(row, &problems)
  }

  /// Somebody else ended the deal alike meanwhile: what was said of the reason then stays.
  private mutating func requireSameReason() {
    for column in [DealColumn.reason, .reasonNotes] {
      let told = column.value(of: current)
      guard let asked = row.values[column], !asked.isSame(as: told) else { continue }
      problems.append(
        RowProblem(
          column, "ENDED_OTHERWISE",
          "is \(told.cell.isEmpty ? "empty" : "\"\(told.cell)\"") since the deal was ended "
            + "meanwhile, and an ended deal stays ended"))
    }
  }
}
