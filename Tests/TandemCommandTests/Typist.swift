// SPDX-License-Identifier: Apache-2.0
// Somebody who types commands at a running server, and reads what they print.

import Foundation
import RunningServer
import Testing

/// A value that a command printed for programs, read by names and places; absent ones are empty.
struct Json {
  private let value: Any?

  init(_ value: Any?) { self.value = value }

  init(parsing text: some StringProtocol) throws {
    value = try JSONSerialization.jsonObject(
      with: Data(text.utf8), options: .fragmentsAllowed)
  }

  subscript(name: String) -> Json { Json((value as? [String: Any])?[name]) }
  var list: [Json] { (value as? [Any] ?? []).map(Json.init) }
  var string: String { value as? String ?? "" }
  var number: Int { value as? Int ?? 0 }
  var isTrue: Bool { value as? Bool ?? false }
}

struct Typist {
  let url: String
  let key: String

  /// Somebody with a key; the operator also says whose directory it is, else it is main's.
  init(_ server: TestServer, key: String, of directory: String = "") {
    url = "tdm://\(directory.isEmpty ? "" : directory + "@")127.0.0.1:\(server.port)"
    self.key = key
  }

  /// Runs a line as it would be typed, with quotation marks around words with spaces.
  func type(_ line: String) async -> Ended { await tandem(words(of: line) + options) }

  var options: [String] { ["--url", url, "--key", key] }

  /// Runs a line that succeeds, for people; gives what it printed.
  func read(_ line: String, _ place: SourceLocation = #_sourceLocation) async throws -> [String] {
    let ended = await type(line)
    try #require(ended.code == 0, "\(line): \(ended.complaint)", sourceLocation: place)
    #expect(ended.complaint.isEmpty, sourceLocation: place)
    return ended.lines.map(String.init)
  }

  /// Runs a line that succeeds, for programs.
  func json(_ line: String, _ place: SourceLocation = #_sourceLocation) async throws -> Json {
    let lines = try await read(line + " --json", place)
    return try Json(parsing: lines.joined(separator: "\n"))
  }

  /// Runs a line until it prints what is wanted: other organisations are told by message.
  func json(
    _ line: String, until isWanted: (Json) -> Bool, _ place: SourceLocation = #_sourceLocation
  ) async throws -> Json {
    for _ in 0..<2_000 {
      let found = try await json(line, place)
      if isWanted(found) { return found }
    }
    throw Json.NeverCame(line: line)
  }

  /// Runs a line that prints a table under headings; gives its rows.
  func table(
    _ line: String, _ headings: String, _ place: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let lines = try await read(line, place)
    let head = lines.first ?? ""
    #expect(
      head.split(separator: "  ").map { $0.trimmingPrefix(while: { $0 == " " }) }.joined(
        separator: "|") == headings, sourceLocation: place)
    // A column begins where its heading does: before it there are two spaces in every row.
    let starts = head.indices.filter { index in
      head[index] != " " && head[..<index].hasSuffix("  ")
    }.map { head.distance(from: head.startIndex, to: $0) }
    for row in lines.dropFirst() {
      for start in starts {
        #expect(row.prefix(start).hasSuffix("  "), "\(row)", sourceLocation: place)
      }
    }
    return Array(lines.dropFirst())
  }
}

extension Json {
  struct NeverCame: Error { let line: String }
}

/// Two partners and the operator of a server.
struct Cast {
  let operatorOfMain: Typist
  /// Of the realm that both partners are in.
  let operatorOfRealm: Typist
  let contoso: Typist
  let fabrikam: Typist
  let fabrikamID: String

  init(_ server: TestServer) async throws {
    try await self.init(server, Typist(server, key: server.operatorKey))
  }

  /// The same in a sandbox of their own.
  init(inSandboxOf server: TestServer, _ policy: String = "") async throws {
    let main = Typist(server, key: server.operatorKey)
    let realm = try await main.json("realm create --name rehearsal \(policy)")
    let operatorOfRealm = Typist(server, key: main.key, of: realm["directory"].string)
    // The directory hears by message that it is one.
    _ = try await operatorOfRealm.json("realm get") { $0["realm"]["isSandbox"].isTrue }
    try await self.init(server, operatorOfRealm)
  }

  private init(_ server: TestServer, _ operatorOfRealm: Typist) async throws {
    self.operatorOfRealm = operatorOfRealm
    operatorOfMain = Typist(server, key: operatorOfRealm.key)
    contoso = try await Self.register("Contoso", operatorOfRealm, server).typist
    for name in ["Rack", "Cables"] {
      _ = try await contoso.json(
        "solution publish --name \(name) --type device --co-sell-ready")
    }
    (fabrikam, fabrikamID) = try await Self.register("Fabrikam", operatorOfRealm, server)
  }

  /// Registers a partner; waits until its key opens.
  static func register(
    _ name: String, _ registrar: Typist, _ server: TestServer, kind: String = "partner",
    _ more: String = ""
  ) async throws -> (typist: Typist, id: String) {
    let made = try await registrar.json(
      "org register --kind \(kind) --name \(name) --country DE --administrator "
        + "\"Ada Berg <ada@\(name.lowercased()).example> +49 40 1234\" \(more)")
    let typist = Typist(server, key: made["key"].string)
    for _ in 0..<2_000 where await typist.type("org get").code == 0 {
      return (typist, made["organisation"].string)
    }
    throw Json.NeverCame(line: "org get as \(name)")
  }

  /// Has Contoso create a deal; gives its id.
  func deal(_ name: String, _ more: String = "") async throws -> String {
    let location = try await contoso.json("location list").list.first?["id"].string ?? ""
    let year = Int(try await contoso.json("realm get")["now"].string.prefix(4)) ?? 0
    let made = try await contoso.json(
      """
      deal create --name "\(name)" --location \(location) --customer Adatum --street "Weg 1" \
      --city Hamburg --state HH --postal-code 20095 --country DE --customer-size 1 \
      --contact "Bea Buyer <bea@adatum.example> +49 40 5678" --value "12500.50 EUR" \
      --close-date \(year + 1)-12-31 --solution "Rack" --solution "Cables" \
      --member "Carl Conte <carl@contoso.example> +49 40 9876" \
      --share-customer --share-with-others \(more)
      """)
    return made["id"].string
  }
}
