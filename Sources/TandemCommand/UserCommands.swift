// SPDX-License-Identifier: Apache-2.0
// `user` and `key`: who may act, and with what.

import TandemClient

enum UserCommands {
  static let command = Command(
    name: "user", summary: "add and list users, and say what they may do",
    help: """
      tandem user list
      tandem user add --person PERSON --grant ROLE[@LOC,LOC]…
                      [--service] [--may-act-as-user] [--idempotency-key TEXT]
      tandem user grants USER --grant ROLE[@LOC,LOC]… [--inactive]
      With --validate-only every rule is run and nothing is changed.
      Roles: partnerAdmin, referralsAdmin, referralsUser, viewer, seller, accountAdmin.
      A service user that may act as others calls in their names with --as-user; history names both.

        tandem user add --person "Ada Berg <ada@nordwind.example>" --grant referralsUser
        tandem user grants user_01j… --grant viewer@loc_01j…
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list), ("add", add), ("grants", grants)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let all = try await client.listUsers()
      try output.table(
        all, ["ID", "ACTIVE", "SERVICE", "ROLES", "NAME"],
        all.map { user in
          [
            text(user.id), user.isActive ? "yes" : "no", user.isService ? "yes" : "no",
            user.grants.map(\.role.rawValue).joined(separator: " "), name(user.person),
          ]
        })
    }
  }

  private static func add(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var made = NewUser(
      try DealChanges.person(arguments.required("person"), "person"),
      grants: try readGrants(&arguments))
    made.isService = arguments.flag("service")
    made.mayActAsUser = arguments.flag("may-act-as-user")
    let (user, options) = (made, try callOptions(&arguments))
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      if isDry {
        try await client.checkUser(user, options: options)
        return try output.tried("the user could be added")
      }
      let id = try await client.addUser(user, options: options)
      try output.line(["id": id], "\(id)")
    }
  }

  private static func grants(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.user)
    let grants = try readGrants(&arguments)
    let isActive = !arguments.flag("inactive")
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.setUserGrants(id, grants, isActive: isActive, validatesOnly: isDry)
      try output.done(["id": id], "\(id) changed", isDry: isDry)
    }
  }

  /// Reads `viewer` or `viewer@loc_…,loc_…`.
  private static func readGrants(_ arguments: inout Arguments) throws -> [RoleGrant] {
    try arguments.all("grant").map { text in
      let parts = text.split(separator: "@", maxSplits: 1)
      let role: Role = try Arguments.word(String(parts.first ?? ""), for: "grant")
      let places = parts.count == 2 ? parts[1].split(separator: ",") : []
      return RoleGrant(role, at: try places.map { try Arguments.id(.location, String($0)) })
    }
  }
}

enum KeyCommands {
  static let command = Command(
    name: "key", summary: "issue, list and revoke access keys",
    help: """
      tandem key list
      tandem key issue USER --label TEXT [--read-only] [--idempotency-key TEXT]
      tandem key revoke KEY
      A key's secret is told once, when it is issued. With --validate-only every rule is run and
      nothing is changed.

        tandem key issue user_01j… --label "nightly export" --read-only
        tandem key revoke key_01j…
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output, [("list", list), ("issue", issue), ("revoke", revoke)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let all = try await client.listKeys()
      try output.table(
        all, ["ID", "USER", "READ ONLY", "CREATED", "REVOKED", "LABEL"],
        all.map {
          [
            text($0.id), text($0.user), $0.isReadOnly ? "yes" : "no", text($0.createdAt),
            text($0.revokedAt), $0.label,
          ]
        })
    }
  }

  private static func issue(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let user = try arguments.next(.user)
    let label = try arguments.required("label")
    let isReadOnly = arguments.flag("read-only")
    let options = try callOptions(&arguments)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let key = try await client.issueKey(
        for: user, label: label, readOnly: isReadOnly, validatesOnly: isDry, options: options)
      if isDry { return try output.tried("the key could be issued") }
      try output.facts(
        key,
        [("id", text(key.id)), ("key", key.key.isEmpty ? "was told before" : key.key)])
    }
  }

  private static func revoke(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.key)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.revokeKey(id, validatesOnly: isDry)
      try output.done(["id": id], "\(id) revoked", isDry: isDry)
    }
  }
}
