// SPDX-License-Identifier: Apache-2.0
// A folder with files of deals, and somebody who imports and exports them.

import Foundation
import Testing

final class BulkWorkshop {
  let folder: String
  let typist: Typist
  let location: String

  init(_ typist: Typist) async throws {
    self.typist = typist
    folder = FileManager.default.temporaryDirectory.path + "/tandem-bulk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    location = try await typist.json("location list").list.first?["id"].string ?? ""
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  @discardableResult
  func write(_ name: String, _ lines: [String]) throws -> String {
    try write(name, text: lines.map { $0 + "\n" }.joined())
  }

  @discardableResult
  func write(_ name: String, text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
  }

  func lines(_ name: String) throws -> [String] {
    try read(name).split(separator: "\n").map(String.init)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  /// A row that creates a deal, with more fields behind a comma.
  func new(_ name: String, _ more: String = "") -> String {
    """
    {"name":"\(name)","location":"\(location)","customer":"Adatum","street":"Weg 1",\
    "city":"Hamburg","country":"DE","value":"100 EUR","closeDate":"2099-12-31",\
    "solutions":["Rack"],"team":["Carl Conte <carl@contoso.example> +49 40 9876"],\
    "shareWithOthers":true\(more)}
    """
  }

  /// Imports a file; gives the summary.
  func load(
    _ name: String, _ options: String = "", code: Int32 = 0,
    _ place: SourceLocation = #_sourceLocation
  ) async throws -> Loaded {
    let ended = await typist.type("deal import \(path(name)) --json \(options)")
    #expect(ended.code == code, "\(ended.complaint)\n\(ended.text)", sourceLocation: place)
    return try Loaded(ended)
  }

  /// The verdicts of a report, in the order of the rows.
  func report(_ name: String) throws -> [Json] {
    try lines(name).map { try Json(parsing: $0) }.sorted { $0["row"].number < $1["row"].number }
  }

  /// The names of all deals, sorted.
  func names() async throws -> [String] {
    try await typist.json("deal list --max 100000").list.map { $0["deal"]["name"].string }.sorted()
  }
}

/// What an import printed.
struct Loaded {
  let refused: [Json]
  let summary: Json
  let complaint: String

  init(_ ended: Ended) throws {
    let all = try ended.lines.map { try Json(parsing: $0) }
    refused = all.dropLast()
    summary = all.last ?? Json(nil)
    complaint = ended.complaint
  }

  /// Created, changed, unchanged, done before, refused.
  var counts: [Int] {
    ["created", "changed", "unchanged", "doneBefore", "refused"].map { summary[$0].number }
  }

  /// The problems of the refused rows: field and rule.
  var problems: [String] {
    refused.flatMap { $0["problems"].list.map { "\($0["field"].string) \($0["rule"].string)" } }
  }
}
