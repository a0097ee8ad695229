// SPDX-License-Identifier: Apache-2.0
// Requests that make a realm or change its policy: 0 stands for the default in both.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum RealmRequests {
  static func create(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__CreateRealmRequest.self)
    var update = RealmPolicyUpdate()
    if let given = unsafe request.policy?.pointee {
      update.answerWindow = span(unsafe given.answer_window_ms)
      update.minimumAgeBeforeWon = span(unsafe given.minimum_age_before_won_ms)
      update.counterpartsMax = unsafe given.counterparts_max
      update.firstReminder = span(unsafe given.first_reminder_ms)
      update.lastReminder = span(unsafe given.last_reminder_ms)
      update.extensionMax = span(unsafe given.extension_max_ms)
      update.duplicates = unsafe reader.choice(given.duplicates.rawValue, "policy.duplicates")
      update.leadRetention = span(unsafe given.lead_retention_ms)
      update.contactWish = span(unsafe given.contact_wish_ms)
      update.vendorRetries = unsafe given.vendor_retries
    }
    let create = unsafe CreateRealm(
      name: reader.text(request.name), policy: RealmPolicy.standard.updated(by: update))
    return Command.createRealm(create).rehearsed(if: unsafe request.validate_only)
  }

  static func update(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__UpdateRealmRequest.self)
    var update = RealmPolicyUpdate()
    if let given = unsafe request.policy?.pointee { unsafe read(given, into: &update, &reader) }
    let realm: RealmID = unsafe reader.identifier(request.realm_id, "realm_id")
    return Command.updateRealm(UpdateRealm(realm: realm, update: update))
      .rehearsed(if: unsafe request.validate_only)
  }

  /// Each value is the one member of its oneof, whose number says that it is there.
  private static func read(
    _ given: Tandem__V1__RealmPolicyChange, into update: inout RealmPolicyUpdate,
    _ reader: inout RequestReader
  ) {
    if unsafe given.maybe_answer_window_case.rawValue != 0 {
      update.answerWindow = span(unsafe given.answer_window_ms)
    }
    if unsafe given.maybe_minimum_age_before_won_case.rawValue != 0 {
      update.minimumAgeBeforeWon = span(unsafe given.minimum_age_before_won_ms)
    }
    if unsafe given.maybe_counterparts_max_case.rawValue != 0 {
      update.counterpartsMax = unsafe given.counterparts_max
    }
    if unsafe given.maybe_first_reminder_case.rawValue != 0 {
      update.firstReminder = span(unsafe given.first_reminder_ms)
    }
    if unsafe given.maybe_last_reminder_case.rawValue != 0 {
      update.lastReminder = span(unsafe given.last_reminder_ms)
    }
    if unsafe given.maybe_extension_max_case.rawValue != 0 {
      update.extensionMax = span(unsafe given.extension_max_ms)
    }
    if unsafe given.maybe_duplicates_case.rawValue != 0 {
      update.duplicates =
        unsafe reader.choice(given.duplicates.rawValue, "policy.duplicates")
        ?? RealmPolicy.standard.duplicates
    }
    if unsafe given.maybe_lead_retention_case.rawValue != 0 {
      update.leadRetention = span(unsafe given.lead_retention_ms)
    }
    if unsafe given.maybe_contact_wish_case.rawValue != 0 {
      update.contactWish = span(unsafe given.contact_wish_ms)
    }
    if unsafe given.maybe_vendor_retries_case.rawValue != 0 {
      update.vendorRetries = unsafe given.vendor_retries
    }
  }

  private static func span(_ milliseconds: Int64) -> Timestamp.Span {
    Timestamp.Span(milliseconds: milliseconds)
  }
}
