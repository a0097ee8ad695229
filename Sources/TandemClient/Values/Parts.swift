// SPDX-License-Identifier: Apache-2.0
// The small values that deals are made of, money apart.

import TandemWire

/// Somebody's name and how to reach them.
public struct Person: Hashable, Sendable, Encodable {
  /// First name.
  public var firstName: String = ""
  /// Last name.
  public var lastName: String = ""
  /// Address of electronic mail.
  public var email: String = ""
  /// Telephone number.
  public var phone: String = ""
  /// What they are in their company.
  public var title: String = ""

  /// Makes an empty value.
  public init() {}

  /// Makes a person.
  public init(firstName: String, lastName: String, email: String) {
    self.firstName = firstName
    self.lastName = lastName
    self.email = email
  }
}

extension Person: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: firstName = try reader.string()
    case 2: lastName = try reader.string()
    case 3: email = try reader.string()
    case 4: phone = try reader.string()
    case 5: title = try reader.string()
    default: try reader.skip()
    }
  }
}

extension Person: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, firstName)
    writer.string(2, lastName)
    writer.string(3, email)
    writer.string(4, phone)
    writer.string(5, title)
  }
}

/// A person of a team or a contact of a customer.
public struct TeamMember: Hashable, Sendable, Encodable {
  /// Unique within the deal, given by the server; 0 when adding.
  public var line: UInt32 = 0
  /// Who it is.
  public var person: Person = Person()

  /// Makes an empty value.
  public init() {}

  /// Makes a member that is to be added.
  public init(_ person: Person) { self.person = person }
}

extension TeamMember: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: line = try reader.unsigned32()
    case 2: person = try reader.nested()
    default: try reader.skip()
    }
  }
}

extension TeamMember: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, line)
    writer.nested(2, person)
  }
}

/// Where a customer is.
public struct Address: Hashable, Sendable, Encodable {
  /// Street.
  public var line1: String = ""
  /// More of the street.
  public var line2: String = ""
  /// City.
  public var city: String = ""
  /// State or province.
  public var state: String = ""
  /// Postal code.
  public var postalCode: String = ""
  /// Two letters of ISO 3166-1.
  public var country: String = ""

  /// Makes an empty value.
  public init() {}
}

extension Address: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: line1 = try reader.string()
    case 2: line2 = try reader.string()
    case 3: city = try reader.string()
    case 4: state = try reader.string()
    case 5: postalCode = try reader.string()
    case 6: country = try reader.string()
    default: try reader.skip()
    }
  }
}

extension Address: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, line1)
    writer.string(2, line2)
    writer.string(3, city)
    writer.string(4, state)
    writer.string(5, postalCode)
    writer.string(6, country)
  }
}

/// A number of the customer in somebody's books.
public struct CustomerIdentifier: Hashable, Sendable, Encodable {
  /// Whose books.
  public var scheme: CustomerIdentifierScheme = .unspecified
  /// The number.
  public var value: String = ""

  /// Makes an empty value.
  public init() {}
}

extension CustomerIdentifier: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: scheme = try reader.word()
    case 2: value = try reader.string()
    default: try reader.skip()
    }
  }
}

extension CustomerIdentifier: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.word(1, scheme)
    writer.string(2, value)
  }
}

/// Who buys.
public struct Customer: Hashable, Sendable, Encodable {
  /// Name of the company.
  public var name: String = ""
  /// Where it is.
  public var address: Address = Address()
  /// Code of its size.
  public var size: UInt32 = 0
  /// Its numbers.
  public var identifiers: [CustomerIdentifier] = []
  /// Its people.
  public var contacts: [TeamMember] = []
  /// Picked from the realm's catalogue: nothing but contacts is given with it.
  public var catalogueID: ID?
  /// Of a picked customer; said by the server only.
  public var category: MatchCategory = .unspecified

  /// Makes an empty value.
  public init() {}
}

extension Customer: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: address = try reader.nested()
    case 3: size = try reader.unsigned32()
    case 4: try reader.append(to: &identifiers)
    case 5: try reader.append(to: &contacts)
    case 6: catalogueID = try reader.id(.customer)
    case 7: category = try reader.word()
    default: try reader.skip()
    }
  }
}

extension Customer: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, name)
    writer.nested(2, address)
    writer.unsigned(3, size)
    writer.nested(4, all: identifiers)
    writer.nested(5, all: contacts)
    writer.id(6, catalogueID)
    writer.word(7, category)
  }
}

/// Something that is sold.
public struct SolutionLine: Hashable, Sendable, Encodable {
  /// Unique within the deal, given by the server; 0 when adding.
  public var line: UInt32 = 0
  /// Which item of the catalogue.
  public var solution: ID?
  /// Its name.
  public var name: String = ""
  /// Whose it is.
  public var group: SolutionGroup = .unspecified
  /// Thousandths; 0 when not given.
  public var quantityMilli: Int64 = 0
  /// What it costs.
  public var price: Money?
  /// Of an assessment, and only there: which location of the organisation makes it.
  public var assessmentLocation: ID?

  /// Makes an empty value.
  public init() {}
}

extension SolutionLine: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: line = try reader.unsigned32()
    case 2: solution = try reader.id(.solution)
    case 3: name = try reader.string()
    case 4: group = try reader.word()
    case 5: quantityMilli = try reader.signed()
    case 6: price = try reader.nested()
    case 7: assessmentLocation = try reader.id(.location)
    default: try reader.skip()
    }
  }
}

extension SolutionLine: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.unsigned(1, line)
    writer.id(2, solution)
    writer.string(3, name)
    writer.word(4, group)
    writer.signed(5, quantityMilli)
    writer.nested(6, price)
    writer.id(7, assessmentLocation)
  }
}

/// What the customer allowed.
public struct Consent: Hashable, Sendable, Encodable {
  /// The vendor may have and use the customer's contact data.
  public var customerContact: Bool = false
  /// Invited organisations may see the deal.
  public var shareWithOthers: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension Consent: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: customerContact = try reader.flag()
    case 2: shareWithOthers = try reader.flag()
    default: try reader.skip()
    }
  }
}

extension Consent: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.flag(1, customerContact)
    writer.flag(2, shareWithOthers)
  }
}
