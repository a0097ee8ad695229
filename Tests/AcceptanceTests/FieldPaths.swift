// SPDX-License-Identifier: Apache-2.0
// A problem names its field as the schema does, so that who knows only the schema finds it.

import Foundation
import TandemClient
import Testing

/// The messages of the schema: for each the names of its fields and the types of those.
struct Schema {
  private typealias Message = [Substring: Substring]

  static let own: Schema? = try? Schema()

  private var messages: [Substring: Message] = [:]
  /// The numbers of a message's fields.
  private(set) var numbers: [Substring: Set<UInt32>] = [:]

  private init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let directory = root.appending(path: "proto/tandem/v1")
    for file in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
      let text = try String(contentsOf: directory.appending(path: file), encoding: .utf8)
      read(text)
    }
  }

  private mutating func read(_ text: String) {
    var open: Substring?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").filter { $0 != "repeated" }
      if words.first == "message", words.count > 1 {
        open = words[1]
        messages[words[1]] = [:]
      } else if words.first == "}" {
        open = nil
      } else if let open, words.count > 3, words[2] == "=" {
        messages[open]?[words[1]] = words[0]
        if let number = UInt32(words[3].prefix { $0 != ";" }) {
          numbers[open, default: []].insert(number)
        }
      }
    }
  }

  /// Whether a path begins in a request, or in a deal, whose fields patches name.
  func knows(_ path: String) -> Bool {
    let steps = path.split(separator: ".", omittingEmptySubsequences: false).map {
      $0.prefix { $0 != "[" }
    }
    return messages.keys.contains { name in
      (name == "Deal" || name.hasSuffix("Request")) && leads(steps[...], from: name)
    }
  }

  private func leads(_ steps: ArraySlice<Substring>, from message: Substring) -> Bool {
    guard let step = steps.first else { return true }
    guard let type = messages[message]?[step] else { return false }
    return leads(steps.dropFirst(), from: type)
  }
}

/// Each problem of a refusal is of a field that the schema has.
func expectNamedFields(_ error: TandemError, _ place: SourceLocation) {
  for problem in error.violations {
    #expect(
      Schema.own?.knows(problem.field) == true,
      "\(problem.field) is no field of the schema: \(error)", sourceLocation: place)
  }
}

struct FieldPathTests {
  @Test func `the schema is read from the files that clients have`() throws {
    let schema = try #require(Schema.own)
    for path in ["name", "team[1].person.phone", "customer.address.country", "close_date_ms"] {
      #expect(schema.knows(path), "\(path)")
    }
    for path in ["", "nme", "team[1].phone", "customer.address.country.code", "location"] {
      #expect(!schema.knows(path), "\(path)")
    }
  }
}
