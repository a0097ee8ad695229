// SPDX-License-Identifier: Apache-2.0
// Why deals end, as people read it (domain.md 4.2). Data, not rules.

extension ReasonCode {
  /// What a code of declining or losing means, in the order of the codes.
  package static let declinedOrLostTexts = [
    "the budget is too small", "the customer did not answer", "the customer chose another vendor",
    "a requirement cannot be met", "is not a customer", "the time is too short",
    "abuse, spam or phishing", "other",
  ]

  /// What a code of an error means, in the order of the codes.
  package static let errorTexts = [
    "made twice by a bulk load", "made twice by hand", "sent twice by the vendor",
    "trouble with a CRM connector", "the customer was matched wrongly",
    "trouble with the solutions, which notes explain", "made for a test", "wrong data",
    "other, which notes explain",
  ]
}
