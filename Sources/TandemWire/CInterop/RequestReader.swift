// SPDX-License-Identifier: Apache-2.0
// Turns C values into domain values and collects everything that is wrong with them.

internal import CProtobufC
internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

/// Names an element of a list in a refusal; text only when there is one.
struct ListPlace: CustomStringConvertible {
  let list: String
  let index: Int
  var description: String { "\(list)[\(index)]" }
}

/// Reads one unpacked request.
///
/// Texts of a large request share one copy of the arena, made when the first is read. A small one has
/// few: each is copied alone, so that none keeps more alive than itself.
@unsafe
struct RequestReader {
  private static let smallBytes = 4 * 1_024

  private let arena: UnsafeRawBufferPointer
  private var copy: [UInt8] = []
  private(set) var violations: [Violation] = []
  /// Where the fields stand that are read now, in a request of several.
  private var place = ""
  /// The deal that is meant is said beside the request that is read now.
  var isDealNamedElsewhere = false

  init(_ arena: UnsafeRawBufferPointer) { unsafe self.arena = arena }

  mutating func wrong(_ field: String, _ rule: String, _ text: String) {
    unsafe violations.append(Violation(place + field, rule, text))
  }

  mutating func wrong(_ violation: Violation) {
    var placed = violation
    placed.field = unsafe place + violation.field
    unsafe violations.append(placed)
  }

  mutating func wrong(_ problems: Violations) { unsafe violations += problems.found }

  /// From here on fields are named behind this.
  mutating func begin(_ place: String) { unsafe self.place = place }

  /// The deal that a request is about.
  mutating func deal(_ data: ProtobufCBinaryData) -> DealID {
    guard unsafe isDealNamedElsewhere else { return unsafe required(data, "deal_id") }
    if unsafe data.len != 0 {
      unsafe wrong("deal_id", "FIELD_CONFLICT", "comes with created_by_operation; give one of them")
    }
    return .zero
  }

  /// False when a list is longer than it may be, which is then said as the rules say it.
  mutating func isWithin(_ max: Int, count: Int, _ field: String) -> Bool {
    var found = Violations()
    found.limit(count: count, field, max: max)
    for found in found.found { unsafe wrong(found.field, found.rule, found.text) }
    return found.isEmpty
  }

  /// Throws when anything was wrong.
  func check() throws(WireError) {
    guard let first = unsafe violations.first else { return }
    var error = WireError(.badValue, field: first.field, "\(first.field): \(first.text)")
    error.violations = unsafe violations
    throw error
  }

  // MARK: Scalars

  /// The guard has checked UTF-8 and the absence of NUL, so the C string is the whole text.
  mutating func text(_ string: UnsafeMutablePointer<CChar>?) -> Text {
    guard let string = unsafe string, unsafe string.pointee != 0,
      let base = unsafe arena.baseAddress
    else { return .empty }
    let offset = unsafe UnsafeRawPointer(string) - base
    // A default value is a constant outside the arena, and empty.
    guard unsafe offset >= 0 && offset < arena.count else { return .empty }
    if unsafe arena.count <= Self.smallBytes {
      let bytes = unsafe UnsafeRawBufferPointer(start: string, count: tandem_text_length(string))
      return unsafe Text(validated: [UInt8](bytes)[...])
    }
    if unsafe copy.isEmpty { unsafe copy = [UInt8](arena) }
    let end = unsafe copy[offset...].firstIndex(of: 0) ?? copy.endIndex
    return unsafe Text(validated: copy[offset..<end])
  }

  func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
  }

  mutating func identifier<Kind>(
    _ data: ProtobufCBinaryData, _ field: @autoclosure () -> String
  ) -> Identifier<Kind> {
    if unsafe data.len == 0 { return .zero }
    guard unsafe data.len == 16, let bytes = unsafe UnsafeRawPointer(data.data) else {
      unsafe wrong(field(), "FIELD_INVALID", "an id has 16 bytes, not \(data.len)")
      return .zero
    }
    return unsafe Identifier(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  mutating func required<Kind>(
    _ data: ProtobufCBinaryData, _ field: @autoclosure () -> String
  ) -> Identifier<Kind> {
    if unsafe data.len == 0 { unsafe wrong(field(), "FIELD_REQUIRED", "\(field()) is missing") }
    return unsafe identifier(data, field())
  }

  mutating func identifiers<Kind>(
    _ count: Int, _ items: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: String
  ) -> [Identifier<Kind>] {
    guard let items = unsafe items else { return [] }
    var list: [Identifier<Kind>] = []
    for index in 0..<count { unsafe list.append(required(items[index], "\(field)[\(index)]")) }
    return list
  }

  /// A member of an enumeration; nil for unspecified.
  mutating func choice<Value: RawRepresentable<UInt8>>(
    _ raw: UInt32, _ field: @autoclosure () -> String, _: Value.Type = Value.self
  ) -> Value? {
    if raw == 0 { return nil }
    if let small = UInt8(exactly: raw), let value = Value(rawValue: small) { return value }
    unsafe wrong(field(), "FIELD_INVALID", "value \(raw) is not known")
    return nil
  }

  mutating func reason(_ raw: UInt32) -> ReasonCode? {
    if raw == 0 { return nil }
    if let small = UInt8(exactly: raw) { return ReasonCode(small) }
    unsafe wrong("reason", "FIELD_INVALID", "reason \(raw) is not known")
    return nil
  }

  func time(_ milliseconds: Int64) -> Timestamp? {
    milliseconds == 0 ? nil : Timestamp(milliseconds: milliseconds)
  }

  func numbers(_ count: Int, _ items: UnsafeMutablePointer<UInt32>?) -> [UInt32] {
    unsafe [UInt32](UnsafeBufferPointer(start: items, count: items == nil ? 0 : count))
  }

  mutating func country(_ string: UnsafeMutablePointer<CChar>?, _ field: String) -> CountryCode? {
    let letters = unsafe text(string)
    if letters.isEmpty { return nil }
    if let code = CountryCode(letters.utf8) { return code }
    unsafe wrong(field, "FIELD_INVALID", "a country is two upper-case letters, not '\(letters)'")
    return nil
  }

  mutating func pageSize(
    _ wanted: UInt32, _ standard: UInt32, _ field: String = "page_size",
    atMost limit: Int = Limits.pageRows
  ) -> UInt32 {
    if wanted > UInt32(limit) {
      unsafe wrong(field, "FIELD_TOO_LARGE", "\(wanted) rows; the limit is \(limit)")
    }
    return wanted == 0 ? standard : wanted
  }

  // MARK: Values

  mutating func list<Item, Value>(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Item>?>?, _ path: String,
    _ read: (inout RequestReader, Item, ListPlace) -> Value
  ) -> [Value] {
    guard let items = unsafe items else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      guard let item = unsafe items[index] else { continue }
      unsafe values.append(read(&self, item.pointee, ListPlace(list: path, index: index)))
    }
    return values
  }

  mutating func money(
    _ message: UnsafeMutablePointer<Tandem__V1__Money>?, _ path: @autoclosure () -> String
  ) -> Money? {
    guard let message = unsafe message?.pointee else { return nil }
    let letters = unsafe text(message.currency)
    let currency = letters.isEmpty ? CurrencyCode(packed: 0) : CurrencyCode(letters.utf8)
    if currency == nil {
      unsafe wrong(
        "\(path()).currency", "FIELD_INVALID",
        "a currency is three upper-case letters, not '\(letters)'")
    }
    return unsafe Money(
      units: message.units, nanos: message.nanos,
      currency: currency ?? CurrencyCode(packed: 0))
  }

  mutating func person(_ message: UnsafeMutablePointer<Tandem__V1__Person>?) -> Person {
    guard let message = unsafe message?.pointee else { return .erased }
    return unsafe Person(
      firstName: text(message.first_name), lastName: text(message.last_name),
      email: text(message.email), phone: text(message.phone), title: text(message.title))
  }

  mutating func team(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Tandem__V1__TeamMember>?>?,
    _ path: String
  ) -> [TeamMember] {
    unsafe list(count, items, path) { reader, item, _ in
      unsafe TeamMember(line: item.line, person: reader.person(item.person))
    }
  }

  mutating func solutions(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Tandem__V1__SolutionLine>?>?,
    _ path: String
  ) -> [SolutionLine] {
    unsafe list(count, items, path) { reader, item, at in
      let group = unsafe reader.choice(item.group.rawValue, "\(at).group", SolutionGroup.self)
      var line = unsafe SolutionLine(
        line: item.line, solution: reader.identifier(item.solution_id, "\(at).solution_id"),
        name: reader.text(item.name), group: group,
        quantityMilli: item.quantity_milli, price: reader.money(item.price, "\(at).price"))
      line.assessmentLocation = unsafe reader.identifier(
        item.assessment_location_id, "\(at).assessment_location_id")
      return line
    }
  }

  /// Nil when there are too many.
  mutating func tags(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ path: String
  ) -> [Text]? {
    guard unsafe isWithin(Limits.tags, count: count, path) else { return nil }
    var tags: [Text] = []
    for index in 0..<count { unsafe tags.append(text(items?[index])) }
    return tags
  }

  mutating func customer(_ message: UnsafeMutablePointer<Tandem__V1__Customer>?) -> Customer {
    guard let message = unsafe message?.pointee else { return .blank }
    var customer = Customer.blank
    unsafe customer.name = text(message.name)
    unsafe customer.size = message.size
    unsafe customer.address = address(message.address, "customer.address")
    unsafe customer.identifiers = list(
      message.n_identifiers, message.identifiers, "customer.identifiers"
    ) { reader, item, at in
      let scheme = unsafe reader.choice(
        item.scheme.rawValue, "\(at).scheme", CustomerIdentifier.Scheme.self)
      if scheme == nil {
        unsafe reader.wrong("\(at).scheme", "FIELD_REQUIRED", "scheme is missing")
      }
      return unsafe CustomerIdentifier(scheme: scheme ?? .external, value: reader.text(item.value))
    }
    unsafe customer.contacts = team(message.n_contacts, message.contacts, "customer.contacts")
    unsafe customer.catalogueID = identifier(message.catalogue_id, "customer.catalogue_id")
    unsafe customer.category = choice(message.category.rawValue, "customer.category")
    return customer
  }

  mutating func address(
    _ message: UnsafeMutablePointer<Tandem__V1__Address>?, _ path: @autoclosure () -> String
  ) -> Address {
    guard let address = unsafe message?.pointee else { return Customer.blank.address }
    return unsafe Address(
      line1: text(address.line1), line2: text(address.line2), city: text(address.city),
      state: text(address.state), postalCode: text(address.postal_code),
      country: country(address.country, path() + ".country") ?? CountryCode(packed: 0))
  }

  mutating func grants(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Tandem__V1__RoleGrant>?>?
  ) -> [RoleGrant] {
    unsafe list(count, items, "grants") { reader, item, at in
      let role = unsafe reader.choice(item.role.rawValue, "\(at).role", Role.self)
      if role == nil { unsafe reader.wrong("\(at).role", "FIELD_REQUIRED", "role is missing") }
      return unsafe RoleGrant(
        role: role ?? .viewer,
        locations: reader.identifiers(
          item.n_location_ids, item.location_ids, "\(at).location_ids"))
    }
  }
}
