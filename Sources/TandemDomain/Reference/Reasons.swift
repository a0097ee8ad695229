// SPDX-License-Identifier: Apache-2.0
// Why deals end (domain.md 4.2), by code. Data, not rules.

extension ReasonCode {
  /// Declined or lost.
  package static let declinedOrLost = codes(of: declinedOrLostReasons)
  /// Closed as an error.
  package static let error = codes(of: errorReasons)
  /// Solution issues and others: errors that notes must explain.
  package static let explainedErrors = [ReasonCode(6), ReasonCode(9)]

  static let declinedOrLostReasons = [
    ReferenceList.Entry(1, "budget", "the budget is too small"),
    ReferenceList.Entry(2, "no_response", "the customer did not answer"),
    ReferenceList.Entry(3, "other_vendor", "the customer chose another vendor"),
    ReferenceList.Entry(4, "requirement", "a requirement cannot be met"),
    ReferenceList.Entry(5, "no_customer", "is not a customer"),
    ReferenceList.Entry(6, "timeline", "the time is too short"),
    ReferenceList.Entry(7, "abuse", "abuse, spam or phishing"),
    ReferenceList.Entry(8, "other", "other"),
  ]

  static let errorReasons = [
    ReferenceList.Entry(1, "duplicate_by_bulk", "made twice by a bulk load"),
    ReferenceList.Entry(2, "duplicate_by_hand", "made twice by hand"),
    ReferenceList.Entry(3, "duplicate_by_vendor", "sent twice by the vendor"),
    ReferenceList.Entry(4, "connector", "trouble with a CRM connector"),
    ReferenceList.Entry(5, "customer_match", "the customer was matched wrongly"),
    ReferenceList.Entry(6, "solutions", "trouble with the solutions, which notes explain"),
    ReferenceList.Entry(7, "test", "made for a test"),
    ReferenceList.Entry(8, "data", "wrong data"),
    ReferenceList.Entry(9, "other", "other, which notes explain"),
  ]

  /// Nobody gives them; they are read on copies that came to nothing.
  static let serverReasons = [
    ReferenceList.Entry(
      UInt32(engagementClosed.value), "engagement_closed", "whoever invited ended the deal"),
    ReferenceList.Entry(
      UInt32(undeliverable.value), "undeliverable",
      "the invited organisation does not exist or is closed"),
  ]

  /// Codes follow each other, so that a refusal can name them by the first and the last.
  private static func codes(of reasons: [ReferenceList.Entry]) -> ClosedRange<UInt8> {
    let codes = reasons.map { UInt8(clamping: $0.code) }
    guard let first = codes.first, let last = codes.last, codes == Array(first...last) else {
      preconditionFailure("the codes of reasons have a gap")
    }
    return first...last
  }
}
