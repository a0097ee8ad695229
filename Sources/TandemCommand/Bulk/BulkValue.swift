// SPDX-License-Identifier: Apache-2.0
// What a row says in one of its columns, and how cells and fields of JSON say it.

import TandemClient

enum BulkValue: Sendable {
  /// Empty: what a deal does not have, and what a row takes away from it.
  case nothing
  case text(String)
  case number(UInt64)
  case flag(Bool)
  case moment(Moment)
  case money(Money)
  case id(ID)
  case people([Person])
  case solutions([ListedSolution])
  case words([String])

  /// What a column holds.
  enum Kind: Sendable {
    case text
    /// One of these.
    case word([String])
    case number
    case flag
    case moment
    case money
    case id(ID.Kind)
    case people
    case solutions
    case words

    var isList: Bool {
      switch self {
      case .people, .solutions, .words: true
      case .text, .word, .number, .flag, .moment, .money, .id: false
      }
    }
  }

  // MARK: Out

  /// The one text of a value, or each of a list.
  var texts: [String] {
    switch self {
    case .nothing: []
    case .text(let text): [text]
    case .number(let number): ["\(number)"]
    case .flag(let flag): ["\(flag)"]
    case .moment(let moment): [Self.text(of: moment)]
    case .money(let money): [money.description]
    case .id(let id): [id.description]
    case .people(let people): people.map(ItemNotation.text(of:))
    case .solutions(let solutions): solutions.map(ItemNotation.text(of:))
    case .words(let words): words
    }
  }

  /// As a cell of CSV.
  var cell: String {
    if case .words(let words) = self {
      return ItemNotation.joined(words.map(ItemNotation.text(ofWord:)))
    }
    return ItemNotation.joined(texts)
  }

  /// As a field of JSON.
  var json: String {
    switch self {
    case .number, .flag: texts.joined()
    case .people, .solutions, .words: "[\(texts.map(JSONNode.quoted).joined(separator: ","))]"
    case .nothing: "\"\""
    case .text, .moment, .money, .id: JSONNode.quoted(texts.joined())
    }
  }

  /// Whether both say the same, letter by letter.
  func isSame(as other: BulkValue) -> Bool {
    texts.elementsEqual(other.texts) { $0.utf8.elementsEqual($1.utf8) }
  }

  /// A day without its midnight.
  private static func text(of moment: Moment) -> String {
    let text = moment.description
    return moment.milliseconds % 86_400_000 == 0 ? String(text.prefix { $0 != "T" }) : text
  }

  // MARK: In

  /// Reads a cell of CSV, which is not empty.
  static func read(cell: String, _ kind: Kind) throws(Unreadable) -> BulkValue {
    guard kind.isList else { return try read(text: cell, kind) }
    var items = try ItemNotation.split(cell)
    if case .words = kind { items = try items.map(ItemNotation.word) }
    return try read(items: items, kind)
  }

  static func read(json node: JSONNode, _ kind: Kind) throws(Unreadable) -> BulkValue {
    switch (node, kind) {
    case (.text(""), .flag): throw Unreadable("is neither true nor false")
    case (.text(""), _): return .nothing
    case (.list(let nodes), _) where kind.isList:
      let items = try nodes.map { node throws(Unreadable) in
        guard case .text(let text) = node else { throw Unreadable("is no list of texts") }
        return text
      }
      return try read(items: items, kind)
    case (.text(let text), _) where !kind.isList: return try read(text: text, kind)
    case (.number(let text), .number): return try read(text: text, kind)
    case (.flag(let flag), .flag): return .flag(flag)
    case (.null, _): throw Unreadable("is null; leave the field out, or give \"\" to empty it")
    case (_, .number): throw Unreadable("is no number")
    case (_, .flag): throw Unreadable("is neither true nor false")
    case (_, _) where kind.isList: throw Unreadable("is no list of texts")
    default: throw Unreadable("is no text")
    }
  }

  private static func read(items: [String], _ kind: Kind) throws(Unreadable) -> BulkValue {
    guard !items.isEmpty else { return .nothing }
    switch kind {
    case .people: return .people(try items.map(ItemNotation.person))
    case .solutions: return .solutions(try items.map(ItemNotation.solution))
    case .words, .text, .word, .number, .flag, .moment, .money, .id: return .words(items)
    }
  }

  private static func read(text: String, _ kind: Kind) throws(Unreadable) -> BulkValue {
    switch kind {
    case .text, .people, .solutions, .words: return .text(text)
    case .word(let known):
      guard known.contains(text) else {
        throw Unreadable("\"\(text)\" is none of \(known.joined(separator: ", "))")
      }
      return .text(text)
    case .number:
      guard let number = UInt64(text) else { throw Unreadable("\"\(text)\" is no whole number") }
      return .number(number)
    case .flag:
      guard let flag = Bool(text) else { throw Unreadable("\"\(text)\" is neither true nor false") }
      return .flag(flag)
    case .moment:
      guard let moment = Moment(text) else {
        throw Unreadable("\"\(text)\" is not written as 2027-01-31 or 2027-01-31T09:30Z")
      }
      return .moment(moment)
    case .money:
      guard let money = Money(text) else {
        throw Unreadable("\"\(text)\" is not written as \"1234.50 EUR\"")
      }
      return .money(money)
    case .id(let kind):
      guard let id = ID(text), id.kind == kind else {
        throw Unreadable("\"\(text)\" is no id of the form \(kind.rawValue)_ and 26 digits")
      }
      return .id(id)
    }
  }
}
