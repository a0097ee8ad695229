// SPDX-License-Identifier: Apache-2.0
// The fields of a deal by their number in `tandem.v1.Deal`; numbers are for ever.

/// A top-level field of a deal copy.
package enum DealField: UInt8, Sendable, CaseIterable, Comparable {
  case status = 5
  case baseKind = 6
  case partnerToPartner = 7
  case name = 8
  case location = 9
  case customer = 10
  case value = 11
  case closeDate = 12
  case crmID = 13
  case campaignID = 14
  case notes = 15
  case team = 16
  case solutions = 17
  case consent = 18
  case stage = 19
  case acceptedAt = 22
  case acknowledgedAt = 23
  case closedAt = 24
  case respondBy = 25
  case closure = 26
  case invitation = 28
  case cards = 29
  case sharedView = 30
  case shownTo = 34
  case tags = 35
  case owner = 36
  case remindAt = 38
  case assessment = 39

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A set of deal fields in one word.
package struct FieldMask: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package init(_ field: DealField) { rawValue = 1 << UInt64(field.rawValue) }
  package init(_ fields: some Sequence<DealField>) {
    rawValue = fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }
}
