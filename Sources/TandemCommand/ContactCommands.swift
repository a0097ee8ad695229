// SPDX-License-Identifier: Apache-2.0
// `contact …`: people of earlier deals, for the next one.

import TandemClient

enum ContactCommands {
  static let command = Command(
    name: "contact", summary: "people of earlier deals, for the next one",
    help: """
      tandem contact list [--kind teamMember|customerContact] [--max 20]

      People of the deals that changed last and that you may see, the newest first, each address once.
      What stands under PERSON can be given to deal create --member or --contact as it is.

        tandem contact list --kind teamMember
        tandem contact list --max 200 --json
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let kind = try arguments.word("kind", ContactKind.self) ?? .unspecified
    let maximum = try arguments.number("max", UInt32.self) ?? 0
    return try await withServer(&arguments) { client in
      let all = try await client.listRecentContacts(kind, maximum: maximum)
      try output.table(
        all, ["LAST USED", "KIND", "CUSTOMER", "PERSON"],
        all.map { contact in
          [
            text(contact.lastUsedAt), contact.kind.rawValue, contact.customerName,
            ItemNotation.text(of: contact.person),
          ]
        })
    }
  }
}
