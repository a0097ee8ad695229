// SPDX-License-Identifier: Apache-2.0
// What is sold with a deal.

package import TandemPrimitives

/// One solution on a deal; the line number is unique within the deal.
package struct SolutionLine: Hashable, Sendable {
  package var line: UInt32
  package var solution: SolutionID
  package var name: Text
  /// Follows from the catalogue; nil only in requests that leave it open.
  package var group: SolutionGroup?
  /// Thousandths, so that 1.5 seats can be said without floating point; zero when not given.
  package var quantityMilli: Int64
  package var price: Money?
  /// Of an assessment: which of the organisation's locations makes it; zero on other lines.
  package var assessmentLocation = LocationID.zero

  package init(
    line: UInt32, solution: SolutionID, name: Text, group: SolutionGroup?, quantityMilli: Int64,
    price: Money?
  ) {
    self.line = line
    self.solution = solution
    self.name = name
    self.group = group
    self.quantityMilli = quantityMilli
    self.price = price
  }
}

/// Whose solution it is, seen from the organisation that owns the copy.
package enum SolutionGroup: UInt8, Sendable, CaseIterable {
  case ownCompany = 1
  case vendor = 2
  case otherThirdParty = 3
  case assessment = 4
}
