// SPDX-License-Identifier: Apache-2.0
// What a single text, person, address or country must satisfy, whichever request it comes in.

package import TandemPrimitives

extension Text {
  /// Nothing that can be seen: spaces of any width, tabs, line ends, marks without width.
  package var isBlank: Bool {
    // Most texts begin with a letter.
    if let first = utf8.first, first > 0x20, first < 0x80 { return false }
    return string.unicodeScalars.allSatisfy {
      $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint || $0.value < 0x20
    }
  }

  /// Equal when letters count as equal in both cases.
  package func equalsIgnoringCase(_ other: Text) -> Bool {
    byteCount == other.byteCount && hasPrefixIgnoringCase(other)
  }

  package func hasPrefixIgnoringCase(_ prefix: Text) -> Bool {
    mayBegin(with: prefix) && (prefix.isASCII || hasPrefix(folded: prefix.folded))
  }

  /// The same of a prefix that is folded already.
  func hasPrefix(folded prefix: Text) -> Bool {
    guard mayBegin(with: prefix) else { return false }
    // Letters stay at their places when they fold, and none beyond ASCII folds to one of ASCII.
    guard !prefix.isASCII else { return true }
    return zip(CaseFolding.beyondASCII(utf8.prefix(prefix.byteCount)), prefix.utf8)
      .allSatisfy { $0.asciiLowered == $1 }
  }

  /// False when a letter of ASCII tells that it does not: most texts that differ are told apart without
  /// folding them.
  private func mayBegin(with prefix: Text) -> Bool {
    byteCount >= prefix.byteCount
      && zip(utf8, prefix.utf8).allSatisfy { mine, other in
        mine >= 0x80 ? other >= 0x80 : mine.asciiLowered == other.asciiLowered
      }
  }

  var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// Equal when ASCII letters count as equal in both cases.
  package func equalsIgnoringASCIICase(_ other: Text) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return zip(utf8, other.utf8).allSatisfy { $0.asciiLowered == $1.asciiLowered }
  }

  package func containsIgnoringASCIICase(_ part: Text) -> Bool {
    let text = utf8.span
    let sought = part.utf8.span
    guard text.count >= sought.count else { return false }
    for start in 0...(text.count - sought.count) {
      var length = 0
      while length < sought.count,
        text[start + length].asciiLowered == sought[length].asciiLowered
      { length += 1 }
      if length == sought.count { return true }
    }
    return false
  }

  /// Something before and something after exactly one at sign, without spaces.
  package var looksLikeEmail: Bool {
    let at = UInt8(ascii: "@")
    guard let place = utf8.firstIndex(of: at) else { return false }
    return place > utf8.startIndex && place < utf8.endIndex - 1
      && utf8.lastIndex(of: at) == place && !utf8.contains(0x20)
  }

  /// The same for every text that differs only in the case of ASCII letters.
  package var asciiLowered: [UInt8] { utf8.map(\.asciiLowered) }

  /// The same for every text that differs only in case.
  package var folded: Text {
    Text(validated: CaseFolding.beyondASCII(utf8).map(\.asciiLowered)[...])
  }
}

extension UInt8 {
  package var asciiLowered: UInt8 { self >= 65 && self <= 90 ? self + 32 : self }
}

extension Person {
  /// What it lacks of all by which somebody is reached, as requests name it.
  var unreachable: [String] {
    [
      ("first_name", firstName), ("last_name", lastName), ("phone", phone), ("email", email),
    ].filter(\.1.isBlank).map(\.0)
  }
}

extension Customer {
  /// It has a contact with all by which the vendor reaches somebody (R-103).
  var isReachable: Bool { contacts.contains(where: \.person.unreachable.isEmpty) }
}

extension Violations {
  package mutating func require(
    _ text: Text, _ field: @autoclosure () -> String, _ rule: String, max: Int
  ) {
    if text.isBlank { add(field(), rule, "is required; give a value that is not blank") }
    limit(text, field(), max: max)
  }

  package mutating func limit(_ text: Text, _ field: @autoclosure () -> String, max: Int) {
    if text.byteCount > max {
      add(field(), "G24", "has \(text.byteCount) bytes; at most \(max) are allowed")
    }
  }

  package mutating func limit(count: Int, _ field: @autoclosure () -> String, max: Int) {
    if count > max { add(field(), "G24", "has \(count) entries; at most \(max) are allowed") }
  }

  /// Everything that makes a person reachable (R-106).
  package mutating func requireReachable(
    _ person: Person, _ field: @autoclosure () -> String, _ rule: String
  ) {
    let max = Limits.personFieldBytes
    require(person.firstName, field() + ".first_name", rule, max: max)
    require(person.lastName, field() + ".last_name", rule, max: max)
    require(person.phone, field() + ".phone", rule, max: max)
    requireEmail(person.email, field() + ".email", rule)
    limit(person.title, field() + ".title", max: max)
  }

  package mutating func requireEmail(
    _ email: Text, _ field: @autoclosure () -> String, _ rule: String
  ) {
    guard !email.isBlank else {
      return add(field(), rule, "is required; give an e-mail address")
    }
    checkEmail(email, field(), rule)
  }

  /// An e-mail address, where there is one.
  private mutating func checkEmail(
    _ email: Text, _ field: @autoclosure () -> String, _ rule: String
  ) {
    if !email.isEmpty, !email.looksLikeEmail {
      add(field(), rule, "is not an e-mail address; write it as name@host")
    }
    limit(email, field(), max: Limits.personFieldBytes)
  }

  /// A contact of a customer says something; what is missing is asked for with the vendor's help (R-103).
  mutating func checkContact(_ person: Person, _ field: @autoclosure () -> String) {
    if person.unreachable.count == 4 {
      add(field(), "R-103", "says nothing; give a name, phone or e-mail, or leave the contact out")
    }
    let max = Limits.personFieldBytes
    limit(person.firstName, field() + ".first_name", max: max)
    limit(person.lastName, field() + ".last_name", max: max)
    limit(person.phone, field() + ".phone", max: max)
    checkEmail(person.email, field() + ".email", "R-103")
    limit(person.title, field() + ".title", max: max)
  }

  package mutating func requireCountry(
    _ country: CountryCode?, _ field: @autoclosure () -> String, _ rule: String
  ) {
    guard let country, country.packed != 0 else {
      return add(field(), rule, "is required; give an ISO 3166-1 alpha-2 code such as DE")
    }
    if !Countries.contains(country) {
      add(field(), "COUNTRY_UNKNOWN", "\(country.text) is not an ISO 3166-1 alpha-2 code")
    }
  }
}
