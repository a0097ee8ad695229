// SPDX-License-Identifier: Apache-2.0
// Messages of the values that deals are made of.

package import TandemDomain
internal import TandemPrimitives

extension Money: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.signed(1, units)
    writer.signed(2, Int64(nanos))
    writer.currency(3, currency)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      switch reader.field {
      case 1: units = try reader.signed()
      case 2: nanos = Int32(truncatingIfNeeded: try reader.signed())
      case 3: currency = try reader.currency()
      default: try reader.skip()
      }
    }
  }
}

extension TeamMember: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, line)
    writer.message(2, person)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(line: 0, person: .erased)
    while try reader.next() {
      switch reader.field {
      case 1: line = try reader.unsigned32()
      case 2: person = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension Address: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, line1)
    writer.text(2, line2)
    writer.text(3, city)
    writer.text(4, state)
    writer.text(5, postalCode)
    writer.country(6, country)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
      country: CountryCode(packed: 0))
    while try reader.next() {
      switch reader.field {
      case 1: line1 = try reader.text()
      case 2: line2 = try reader.text()
      case 3: city = try reader.text()
      case 4: state = try reader.text()
      case 5: postalCode = try reader.text()
      case 6: country = try reader.country()
      default: try reader.skip()
      }
    }
  }
}

extension CustomerIdentifier: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.enumeration(1, scheme)
    writer.text(2, value)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(scheme: .external, value: .empty)
    while try reader.next() {
      switch reader.field {
      case 1: scheme = try reader.enumeration()
      case 2: value = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

extension Customer: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, name)
    writer.message(2, address)
    writer.unsigned(3, size)
    writer.messages(4, identifiers)
    writer.messages(5, contacts)
    writer.identifier(6, catalogueID)
    if let category { writer.enumeration(7, category) }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.text()
      case 2: address = try reader.value()
      case 3: size = try reader.unsigned32()
      case 4: identifiers.append(try reader.value())
      case 5: contacts.append(try reader.value())
      case 6: catalogueID = try reader.identifier()
      case 7: category = try reader.enumeration()
      default: try reader.skip()
      }
    }
  }
}

extension SolutionLine: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, line)
    writer.identifier(2, solution)
    writer.text(3, name)
    if let group { writer.enumeration(4, group) }
    writer.signed(5, quantityMilli)
    writer.maybe(6, price)
    writer.identifier(7, assessmentLocation)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      line: 0, solution: .zero, name: .empty, group: .ownCompany, quantityMilli: 0, price: nil)
    while try reader.next() {
      switch reader.field {
      case 1: line = try reader.unsigned32()
      case 2: solution = try reader.identifier()
      case 3: name = try reader.text()
      case 4: group = try reader.enumeration()
      case 5: quantityMilli = try reader.signed()
      case 6: price = try reader.value()
      case 7: assessmentLocation = try reader.identifier()
      default: try reader.skip()
      }
    }
  }
}

extension Consent: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.flag(1, customerContact)
    writer.flag(2, shareWithOthers)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      switch reader.field {
      case 1: customerContact = try reader.flag()
      case 2: shareWithOthers = try reader.flag()
      default: try reader.skip()
      }
    }
  }
}

extension Closure: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, UInt32(reason.value))
    writer.text(2, notes)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(reason: ReasonCode(0), notes: .empty)
    while try reader.next() {
      switch reader.field {
      case 1: reason = try reader.reason()
      case 2: notes = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

// What a message reads as when all its fields are left out.

extension Money {
  static let blank = Money(units: 0, nanos: 0, currency: CurrencyCode(packed: 0))
}

extension Consent {
  static let blank = Consent(customerContact: false, shareWithOthers: false)
}

extension OrganisationReference {
  static let blank = OrganisationReference(id: .zero, name: .empty)
}

extension Customer {
  static let blank = Customer(
    name: .empty,
    address: Address(
      line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
      country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: [])
}

extension ProtoWriter {
  /// Two letters; the empty code is left out.
  mutating func country(_ field: UInt32, _ value: CountryCode) {
    guard value.packed != 0 else { return }
    tag(field, 2)
    bytes.append(2)
    bytes.append(UInt8(value.packed >> 8))
    bytes.append(UInt8(value.packed & 0xFF))
  }

  /// Three letters; the empty code is left out.
  mutating func currency(_ field: UInt32, _ value: CurrencyCode) {
    guard value.packed != 0 else { return }
    tag(field, 2)
    bytes.append(3)
    for shift: UInt32 in [16, 8, 0] {
      bytes.append(UInt8(truncatingIfNeeded: value.packed >> shift))
    }
  }
}

extension ProtoReader {
  mutating func country() throws(WireError) -> CountryCode {
    let letters = try slice()
    if letters.isEmpty { return CountryCode(packed: 0) }
    guard let code = CountryCode(letters) else {
      throw WireError(.badValue, field: "country", "a country is two upper-case letters")
    }
    return code
  }

  mutating func currency() throws(WireError) -> CurrencyCode {
    let letters = try slice()
    if letters.isEmpty { return CurrencyCode(packed: 0) }
    guard let code = CurrencyCode(letters) else {
      throw WireError(.badValue, field: "currency", "a currency is three upper-case letters")
    }
    return code
  }

  mutating func reason() throws(WireError) -> ReasonCode {
    let raw = try unsigned()
    guard raw <= 255 else {
      throw WireError(.badValue, field: "reason", "reason \(raw) is not known")
    }
    return ReasonCode(UInt8(raw))
  }
}
