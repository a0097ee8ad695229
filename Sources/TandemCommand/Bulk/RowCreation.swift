// SPDX-License-Identifier: Apache-2.0
// What a row without an id asks for: a new deal, at a stage and ended if it says so.

import TandemClient

struct RowCreation {
  private(set) var deal = NewDeal()
  /// The stage that the new deal is to have; nil leaves it at the first one.
  private(set) var stage: UInt32?
  private(set) var ending: RowEnding?
  private(set) var problems: [RowProblem] = []

  /// The solutions of the row are looked up.
  init(_ row: BulkRow) {
    refuseTold(row)
    deal.name = row.text(.name)
    deal.location = row.id(.location)
    readCustomer(row)
    deal.value = row.money(.value)
    deal.closeDate = row.moment(.closeDate)
    deal.crmID = row.text(.crmId)
    deal.campaignID = row.text(.campaignId)
    deal.notes = row.text(.notes)
    deal.team = row.people(.team).map { TeamMember($0) }
    deal.solutions = row.solutions.map { SolutionLine($0, at: row.id(.assessmentLocation)) }
    deal.consent.customerContact = row.flag(.shareCustomer)
    deal.consent.shareWithOthers = row.flag(.shareWithOthers)
    deal.isVisibleToVendor = row.flag(.visibleToVendor)
    deal.help = HelpCode(rawValue: row.text(.helpCode)) ?? .unspecified
    deal.notesToVendor = row.text(.notesToVendor)
    deal.tags = row.words(.tags)
    deal.ownerEmail = row.text(.owner)
    stage = row.number(.stage).map { UInt32(clamping: $0) }
    readEnding(row)
  }

  private mutating func refuseTold(_ row: BulkRow) {
    if row.number(.version) != nil {
      problems.append(
        RowProblem(.version, "ID_MISSING", "without an id the row creates a deal, which has none"))
    }
    for column in DealColumn.allCases {
      guard case .told = column.use, let value = row.values[column], !value.texts.isEmpty else {
        continue
      }
      problems.append(
        RowProblem(
          column, "FIELD_TOLD", "is told by the server; leave it empty for a deal to be created"))
    }
  }

  private mutating func readCustomer(_ row: BulkRow) {
    deal.customer.catalogueID = row.id(.customerId)
    deal.customer.name = row.text(.customer)
    deal.customer.address.line1 = row.text(.street)
    deal.customer.address.line2 = row.text(.street2)
    deal.customer.address.city = row.text(.city)
    deal.customer.address.state = row.text(.state)
    deal.customer.address.postalCode = row.text(.postalCode)
    deal.customer.address.country = row.text(.country)
    deal.customer.size = UInt32(clamping: row.number(.customerSize) ?? 0)
    deal.customer.contacts = row.people(.contacts).map { TeamMember($0) }
    for word in row.words(.customerIdentifiers) {
      do throws(Unreadable) {
        deal.customer.identifiers.append(try ItemNotation.identifier(word))
      } catch {
        problems.append(RowProblem(.customerIdentifiers, "FIELD_UNREADABLE", error.text))
      }
    }
  }

  /// A new deal is accepted; a row may end it in the same transaction.
  private mutating func readEnding(_ row: BulkRow) {
    guard !["", DealStatus.accepted.rawValue].contains(row.text(.status)) else {
      if row.number(.reason) != nil || !row.text(.reasonNotes).isEmpty {
        problems.append(
          RowProblem(
            .reason, "REASON_MISPLACED", "a reason goes with the status that ends a deal"))
      }
      return
    }
    ending = RowEnding.read(row, &problems)
  }
}

extension SolutionLine {
  init(_ listed: ListedSolution, at location: ID?) {
    self.init()
    solution = listed.id
    quantityMilli = listed.quantityMilli
    price = listed.price
    assessmentLocation = location
  }
}
