// SPDX-License-Identifier: Apache-2.0
// Histories and feeds name fields of a deal by their numbers in the schema.

extension Deal {
  private static let fieldNames: [UInt32: String] = [
    5: "status", 6: "base_kind", 7: "partner_to_partner", 8: "name", 9: "location_id",
    10: "customer", 11: "value", 12: "close_date_ms", 13: "crm_id", 14: "campaign_id", 15: "notes",
    16: "team", 17: "solutions", 18: "consent", 19: "stage", 22: "accepted_ms",
    23: "acknowledged_ms", 24: "closed_ms", 25: "respond_by_ms", 26: "closure", 28: "invitation",
    29: "cards", 30: "shared_view", 34: "shown_to", 35: "tags", 36: "owner_email", 38: "remind_ms",
    39: "assessment",
  ]

  /// The name of a field as problems and verdicts name it; its number when it is not known here.
  public static func fieldName(_ number: UInt32) -> String {
    fieldNames[number] ?? String(number)
  }
}
