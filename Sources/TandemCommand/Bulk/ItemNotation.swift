// SPDX-License-Identifier: Apache-2.0
// How people, solutions and customers' numbers are written as one text, and lists of them in one cell.
// What is written reads as the same again: a backslash makes plain text of the character behind it.

package import TandemClient

/// Why a text says nothing that a column can hold.
package struct Unreadable: Error {
  package let text: String
  init(_ text: String) { self.text = text }
}

/// A solution of a row: by its id, or by its name while that is not looked up.
package struct ListedSolution: Hashable, Sendable {
  package var id: ID?
  package var name = ""
  package var quantityMilli: Int64 = 0
  package var price: Money?
}

package enum ItemNotation {
  // MARK: Lists

  /// Items in one cell; they have no semicolon but behind a backslash.
  package static func joined(_ items: [String]) -> String { items.joined(separator: "; ") }

  /// What `joined` was given, apart from spaces around the items.
  package static func split(_ cell: String) throws(Unreadable) -> [String] {
    let items = parts(of: cell, at: ";").map(trimmed)
    guard !items.contains("") else { throw Unreadable("a part between semicolons is empty") }
    return items
  }

  // MARK: Words

  package static func text(ofWord word: String) -> String { escaped(word, [";"]) }

  package static func word(_ item: String) throws(Unreadable) -> String { try plain(item) }

  // MARK: Numbers of customers

  /// `duns 123456789`, or `external` and a number in one's own books.
  package static func text(of identifier: CustomerIdentifier) -> String {
    "\(identifier.scheme.rawValue) \(identifier.value)"
  }

  package static func identifier(_ item: String) throws(Unreadable) -> CustomerIdentifier {
    let parts = item.split(separator: " ", maxSplits: 1).map(String.init)
    var identifier = CustomerIdentifier()
    identifier.scheme =
      parts.first.flatMap(CustomerIdentifierScheme.init(rawValue:)) ?? .unspecified
    guard identifier.scheme != .unspecified, parts.count == 2 else {
      throw Unreadable(
        "\"\(item)\" is written neither as \"duns 123456789\" nor as \"external NUMBER\"")
    }
    identifier.value = parts[1]
    return identifier
  }

  // MARK: People

  /// `First Last <mail> phone, title`, or `Last, First <mail>` when the first name has spaces.
  package static func text(of person: Person) -> String {
    func part(_ text: String) -> String { escaped(text, [",", ";", "<", ">"]) }
    let hasOneWord = !person.firstName.isEmpty && !person.firstName.contains(where: \.isWhitespace)
    var text =
      hasOneWord && !person.lastName.isEmpty
      ? "\(part(person.firstName)) \(part(person.lastName)) "
      : person.firstName.isEmpty && person.lastName.isEmpty
        ? "" : "\(part(person.lastName)), \(part(person.firstName)) "
    text += "<\(part(person.email))>"
    if !person.phone.isEmpty { text += " \(part(person.phone))" }
    if !person.title.isEmpty { text += ", \(part(person.title))" }
    return text
  }

  package static func person(_ item: String) throws(Unreadable) -> Person {
    let opened = parts(of: item, at: "<")
    let closed = opened.count == 2 ? parts(of: opened[1], at: ">") : []
    guard closed.count == 2 else {
      throw Unreadable(
        "\"\(item)\" is not written as \"First Last <mail@host> +49 40 1234\", nor as "
          + "\"Last, First <mail@host> +49 40 1234, title\"")
    }
    var person = Person(firstName: "", lastName: "", email: try plain(closed[0]))
    let names = parts(of: trimmed(opened[0]), at: ",")
    switch names.count {
    case 1:
      let words = parts(of: names[0], at: " ")
      person.firstName = try plain(words[0])
      person.lastName = try plain(words.dropFirst().joined(separator: " "))
    case 2:
      person.lastName = try plain(names[0])
      person.firstName = try plain(names[1])
    default: throw Unreadable("\"\(item)\" has more than one comma in its names")
    }
    let rest = parts(of: closed[1], at: ",")
    guard rest.count <= 2 else { throw Unreadable("\"\(item)\" has a comma too many at its end") }
    person.phone = try plain(rest[0])
    if rest.count == 2 { person.title = try plain(rest[1]) }
    return person
  }

  // MARK: Solutions

  /// The id or the name, and what was said of it: `sol_01j… | quantity 2.5 | price 100.00 EUR`.
  package static func text(of solution: ListedSolution) -> String {
    var text = solution.id?.description ?? escaped(solution.name, [";", "|"])
    if solution.quantityMilli != 0 { text += " | quantity \(decimal(solution.quantityMilli))" }
    if let price = solution.price { text += " | price \(price)" }
    return text
  }

  package static func solution(_ item: String) throws(Unreadable) -> ListedSolution {
    let words = parts(of: item, at: "|")
    var solution = ListedSolution()
    solution.name = try plain(words[0])
    guard !solution.name.isEmpty else { throw Unreadable("\"\(item)\" names no solution") }
    if let id = ID(solution.name), id.kind == .solution {
      solution.id = id
      solution.name = ""
    }
    var told: Set<String> = []
    for part in words.dropFirst().map(trimmed) {
      let name = part.prefix { $0 != " " }
      let value = String(part.dropFirst(name.count + 1))
      guard told.insert(String(name)).inserted else {
        throw Unreadable("\"\(item)\" says its \(name) twice")
      }
      if name == "quantity", let quantity = thousandths(value), quantity > 0 {
        solution.quantityMilli = quantity
      } else if name == "price", let price = Money(value) {
        solution.price = price
      } else {
        throw Unreadable("\"\(part)\" is neither \"quantity 2.5\" nor \"price 100.00 EUR\"")
      }
    }
    return solution
  }

  private static func decimal(_ thousandths: Int64) -> String {
    var fraction = String(thousandths.magnitude % 1_000 + 1_000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    let whole = "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1_000)"
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }

  private static func thousandths(_ text: String) -> Int64? {
    guard let parts = text.wholeMatch(of: #/([0-9]{1,12})(?:\.([0-9]{1,3}))?/#) else { return nil }
    let digits = String(parts.2 ?? "")
    return Int64("\(parts.1)\(digits)\(String(repeating: "0", count: 3 - digits.count))")
  }

  // MARK: Backslashes

  /// Spaces at the ends are kept, too.
  private static func escaped(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
    var found = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      let isEnd = place == 0 || place == scalars.count - 1
      if scalar == "\\" || special.contains(scalar) || (isEnd && isSpace(scalar)) {
        found.append("\\")
      }
      found.append(scalar)
    }
    return String(found)
  }

  /// What lies between separators that no backslash makes plain; backslashes stay.
  private static func parts(of text: String, at separator: Unicode.Scalar) -> [String] {
    var parts = [String.UnicodeScalarView()]
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == separator, !isEscaped {
        parts.append(String.UnicodeScalarView())
      } else {
        parts[parts.count - 1].append(scalar)
      }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return parts.map(String.init)
  }

  /// Without the spaces around it that no backslash makes plain.
  private static func trimmed(_ text: String) -> String {
    var rest = Array(text.unicodeScalars)[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) {
      let backslashes = rest.dropLast().reversed().prefix { $0 == "\\" }.count
      if backslashes % 2 == 1 { break }
      rest.removeLast()
    }
    return String(String.UnicodeScalarView(rest))
  }

  /// The text that is meant, without spaces around it.
  private static func plain(_ text: String) throws(Unreadable) -> String {
    var found = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in trimmed(text).unicodeScalars {
      if scalar == "\\", !isEscaped {
        isEscaped = true
      } else {
        found.append(scalar)
        isEscaped = false
      }
    }
    guard !isEscaped else { throw Unreadable("\"\(text)\" ends with a lone backslash") }
    return String(found)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }
}
