// SPDX-License-Identifier: Apache-2.0
// `watch`: what happens.

import Foundation
import TandemClient

enum WatchCommand {
  private struct Line: Encodable {
    /// Absent on parts of a snapshot but its last: there is nothing to go on from.
    let token: String?
    let item: WatchItem
  }

  static let command = Command(
    name: "watch", summary: "follow the changes of the organisation",
    help: """
      tandem watch [--deal DEAL]… [--from TOKEN] [--snapshot] [--progress]
      Prints changes as they happen, until interrupted. With --json each line is an item and carries a
      token: give it to --from to go on after that line. With --snapshot every deal is printed first,
      also when the token of --from is too old; the last line of a snapshot has its token.

        tandem watch
        tandem watch --snapshot --json
        tandem watch --json --from AQID…
      """
  ) { arguments, output in
    var deals: [ID] = []
    for text in arguments.all("deal") { deals.append(try Arguments.id(.deal, text)) }
    var token: [UInt8] = []
    if let text = try arguments.option("from") {
      guard let data = Data(base64Encoded: text), !data.isEmpty else {
        throw UsageError("--from is a token that watch has printed")
      }
      token = Array(data)
    }
    let chosen = (
      deals: deals, token: token, progress: arguments.flag("progress"),
      snapshot: arguments.flag("snapshot")
    )
    return try await withServer(&arguments) { client in
      let watch = client.watch(
        deals: chosen.deals, from: chosen.token, includesProgress: chosen.progress,
        beginsWithSnapshot: chosen.snapshot)
      for try await item in watch { try show(item, output) }
    }
  }

  private static func show(_ item: WatchItem, _ output: Output) throws {
    let token = Data(item.token).base64EncodedString()
    if output.isJSON || output.only != nil {
      return try output.line(Line(token: item.token.isEmpty ? nil : token, item: item), "")
    }
    if item.isProgress { try output.line(item, "progress \(token)") }
    if item.snapshot == .begins { try output.line(item, "snapshot of commit \(item.commit)") }
    defer {
      if item.snapshot == .ends { output.console.say("snapshot complete") }
    }
    for event in item.events {
      let name = event.whole?.name ?? event.after?.name ?? ""
      let parts = [
        text(item.at), "commit \(item.commit)", text(event.deal), "version \(event.version)",
        item.snapshot == .unspecified ? event.cause.rawValue : "",
        event.presence == .changed ? "" : event.presence.rawValue, name,
      ]
      try output.line(item, parts.filter { !$0.isEmpty }.joined(separator: "  "))
    }
    for event in item.leadEvents {
      let name = event.lead?.customerName ?? ""
      let parts = [
        text(item.at), "commit \(item.commit)", text(event.id),
        event.version > 0 ? "version \(event.version)" : "", event.cause.rawValue, name,
      ]
      try output.line(item, parts.filter { !$0.isEmpty }.joined(separator: "  "))
    }
    for answer in item.leadAnswers {
      let parts = [
        text(answer.at), "commit \(item.commit)", text(answer.lead), answer.status.rawValue,
        answer.partner.name,
      ]
      try output.line(item, parts.joined(separator: "  "))
    }
    for note in item.notifications {
      let parts = [text(note.at), "inbox", text(note.deal ?? note.lead), note.topic.rawValue]
      try output.line(item, parts.joined(separator: "  "))
    }
    for id in item.notificationsRead {
      try output.line(item, "\(text(item.at))  inbox  \(id)  read")
    }
  }
}
