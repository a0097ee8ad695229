// SPDX-License-Identifier: Apache-2.0
// Reads the words of a command line: positional ones, `--option value` and `--flag`.

import TandemClient
import TandemPrimitives

/// What is wrong with a command line; the program ends with exit code 64.
struct UsageError: Error {
  let message: String
  init(_ message: String, hint: String? = nil) {
    self.message = hint.map { "\(message); \($0)" } ?? message
  }
}

/// Asks whether one of the known words was meant; nil when none is near.
func question(_ word: String, among known: [String]) -> String? {
  let near = nearWords(to: word, among: known)
  return near.isEmpty ? nil : "did you mean \(near.joined(separator: " or "))?"
}

/// A command line after its command.
struct Arguments {
  private var positional: ArraySlice<String> = []
  private var options: [String: [String]] = [:]
  private var flags: Set<String> = []
  /// Options at the end of the line, where their value should be.
  private var valueless: Set<String> = []
  private var unread: Set<String> = []
  /// What the command has asked for so far, for suggestions.
  private var known: [String] = []

  /// Flags that stand alone; every other option takes the next word.
  private static let flagNames: Set<String> = [
    "co-sell-ready", "own",
    "json", "help", "yes", "no", "favourites", "descending", "read-only", "service", "inactive",
    "validate-only", "visible-to-vendor", "progress", "unread", "descriptors", "not-transacting",
    "outside-ecosystem", "may-act-as-user", "share-customer", "share-with-others", "none",
    "vendor", "whole-deal", "mine", "partner-to-partner", "snapshot", "sum", "assessment-vetted",
    "no-tags", "no-owner", "wants-contact",
  ]

  init(_ words: ArraySlice<String>) throws(UsageError) {
    var rest = words
    while let word = rest.popFirst() {
      if word == "-h" {
        flags.insert("help")
        continue
      }
      guard word.hasPrefix("--"), word.count > 2 else {
        positional.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      unread.insert(name)
      if Self.flagNames.contains(name) {
        guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
        flags.insert(name)
      } else if parts.count == 2 {
        options[name, default: []].append(String(parts[1]))
      } else if let value = rest.popFirst() {
        options[name, default: []].append(value)
      } else {
        valueless.insert(name)
      }
    }
  }

  mutating func flag(_ name: String) -> Bool {
    expect(name)
    return flags.contains(name)
  }

  mutating func all(_ name: String) -> [String] {
    expect(name)
    return options[name] ?? []
  }

  private mutating func expect(_ name: String) {
    unread.remove(name)
    known.append(name)
  }

  mutating func option(_ name: String) throws(UsageError) -> String? {
    let values = all(name)
    guard !valueless.contains(name) else { throw UsageError("--\(name) needs a value") }
    guard values.count <= 1 else { throw UsageError("--\(name) is given \(values.count) times") }
    return values.first
  }

  mutating func required(_ name: String) throws(UsageError) -> String {
    guard let value = try option(name) else {
      let misspelt = unread.sorted().first { question($0, among: [name]) != nil }
      throw UsageError("--\(name) is missing", hint: misspelt.map { "there is no --\($0)" })
    }
    return value
  }

  /// The next word without a name.
  mutating func next(_ what: String) throws(UsageError) -> String {
    guard let word = positional.popFirst() else { throw UsageError("\(what) is missing") }
    return word
  }

  mutating func maybeNext() -> String? { positional.popFirst() }

  mutating func next(_ kind: ID.Kind) throws(UsageError) -> ID {
    try Self.id(kind, next("the id (\(kind.rawValue)_…)"))
  }

  mutating func id(_ kind: ID.Kind, option name: String) throws(UsageError) -> ID {
    try Self.id(kind, required(name))
  }

  mutating func maybeID(_ kind: ID.Kind, option name: String) throws(UsageError) -> ID? {
    guard let text = try option(name) else { return nil }
    return try Self.id(kind, text)
  }

  mutating func number<Value: FixedWidthInteger>(
    _ name: String, _: Value.Type = Value.self
  ) throws(UsageError) -> Value? {
    guard let text = try option(name) else { return nil }
    guard let value = Value(text) else {
      throw UsageError("--\(name): \"\(text)\" is no number that fits")
    }
    return value
  }

  /// Yes, no, or nil when nothing is said.
  mutating func choice(_ name: String) throws(UsageError) -> Bool? {
    switch try option(name) {
    case nil: return nil
    case "yes": return true
    case "no": return false
    case let text?: throw UsageError("--\(name): \"\(text)\" is neither yes nor no")
    }
  }

  mutating func numbers(_ name: String) throws(UsageError) -> [UInt32] {
    var found: [UInt32] = []
    for part in try list(name) {
      guard let value = UInt32(part) else {
        throw UsageError("--\(name): \"\(part)\" is no number")
      }
      found.append(value)
    }
    return found
  }

  mutating func money(_ name: String) throws(UsageError) -> Money? {
    guard let text = try option(name) else { return nil }
    guard let value = Money(text) else {
      throw UsageError("--\(name) is written as \"1234.50 EUR\", not \"\(text)\"")
    }
    return value
  }

  mutating func day(_ name: String) throws(UsageError) -> Moment? {
    guard let text = try option(name) else { return nil }
    guard let value = Moment(day: text) else {
      throw UsageError("--\(name) is written as 2027-01-31, not \"\(text)\"")
    }
    return value
  }

  mutating func moment(_ name: String) throws(UsageError) -> Moment? {
    guard let text = try option(name) else { return nil }
    guard let value = Moment(text) else {
      throw UsageError("--\(name) is written as 2027-01-31 or 2027-01-31T09:30Z, not \"\(text)\"")
    }
    return value
  }

  mutating func word<Value: WireWord>(
    _ name: String, _: Value.Type = Value.self
  ) throws(UsageError) -> Value? {
    guard let text = try option(name) else { return nil }
    return try Self.word(text, for: name)
  }

  static func word<Value: WireWord>(_ text: String, for name: String) throws(UsageError) -> Value {
    try word(text, of: "--\(name)")
  }

  /// The same of something that is no option.
  static func word<Value: WireWord>(_ text: String, of what: String) throws(UsageError) -> Value {
    let known = Value.allCases.filter { $0 != .unspecified }
    if let value = known.first(where: { $0.rawValue == text }) { return value }
    let list = known.map(\.rawValue).joined(separator: ", ")
    throw UsageError("\(what): \"\(text)\" is none of \(list)")
  }

  static func id(_ kind: ID.Kind, _ text: String) throws(UsageError) -> ID {
    guard let id = ID(text), id.kind == kind else {
      throw UsageError("\"\(text)\" is no id of the form \(kind.rawValue)_ and 26 digits")
    }
    return id
  }

  /// Refuses what nobody asked for.
  func finish() throws(UsageError) {
    if let word = positional.first { throw UsageError("\"\(word)\" is one word too many") }
    if let name = unread.min() {
      let options = Set(known).map { "--\($0)" }
      throw UsageError(
        "--\(name) means nothing here", hint: question("--\(name)", among: options))
    }
    if let name = valueless.min() { throw UsageError("--\(name) needs a value") }
  }
}
