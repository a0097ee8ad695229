// SPDX-License-Identifier: Apache-2.0
// `inbox`: what the caller is told, and of what.

import TandemClient

enum InboxCommands {
  static let command = Command(
    name: "inbox", summary: "list notifications, mark them read and choose topics",
    help: """
      tandem inbox list [--unread] [--max 50]
      tandem inbox read NOTE…
      tandem inbox preferences [--mute TOPIC,…|--none]
      tandem inbox settings --invitation-sent yes|no
      Preferences are the caller's own; --mute replaces the topics that it hears nothing of, --none
      unmutes all. Settings are for administrators of deals: whether a deal's team is told of each
      invitation that it sends. What changes something takes --validate-only, which changes nothing.

        tandem inbox list --unread
        tandem inbox read note_01j…
        tandem inbox preferences --mute answerDueSoon,invitationAccepted
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [("list", list), ("read", read), ("preferences", preferences), ("settings", settings)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let isUnreadOnly = arguments.flag("unread")
    let maximum = try arguments.number("max", UInt32.self) ?? 0
    return try await withServer(&arguments) { client in
      let notes = try await client.listNotifications(unreadOnly: isUnreadOnly, pageSize: maximum)
      try output.table(
        notes, ["ID", "AT", "TOPIC", "COUNTERPART", "ABOUT", "READ"],
        notes.map {
          [
            text($0.id), text($0.at), $0.topic.rawValue, $0.counterpart.name,
            text($0.deal ?? $0.lead),
            $0.isRead ? "yes" : "no",
          ]
        })
    }
  }

  private static func read(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var ids = [try arguments.next(.notification)]
    while let word = arguments.maybeNext() { ids.append(try Arguments.id(.notification, word)) }
    let all = ids
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.markNotificationsRead(all, validatesOnly: isDry)
      try output.done(all, "\(all.count) marked as read", isDry: isDry)
    }
  }

  private static func preferences(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    var topics: [NotificationTopic] = []
    for text in arguments.all("mute") {
      for word in text.split(separator: ",") {
        topics.append(try Arguments.word(String(word), for: "mute"))
      }
    }
    let isNone = arguments.flag("none")
    guard topics.isEmpty || !isNone else { throw UsageError("give --mute or --none, one of them") }
    let muted = topics
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      if isNone || !muted.isEmpty { try await client.muteTopics(muted, validatesOnly: isDry) }
      let found = try await client.notificationPreferences()
      try output.table(
        found.topics, ["TOPIC", "TOLD"],
        found.topics.map {
          [$0.topic.rawValue, $0.isMandatory ? "always" : $0.isMuted ? "no" : "yes"]
        })
    }
  }

  private static func settings(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let word = try arguments.required("invitation-sent")
    guard ["yes", "no"].contains(word) else {
      throw UsageError("--invitation-sent is yes or no, not \"\(word)\"")
    }
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.tellInvitationSent(word == "yes", validatesOnly: isDry)
      try output.done(["invitationSent": word], "invitations sent are told: \(word)", isDry: isDry)
    }
  }
}
