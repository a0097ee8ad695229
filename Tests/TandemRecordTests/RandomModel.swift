// SPDX-License-Identifier: Apache-2.0
// Reproducible domain values for record tests. Every person has texts that occur nowhere else, so
// that finding one outside the personal section proves a leak.

import TandemDomain
import TandemPrimitives

struct RandomModel {
  private var random: SeededRandom
  private(set) var persons: [Person] = []

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func number(_ range: ClosedRange<UInt64>) -> UInt64 {
    UInt64.random(in: range, using: &random)
  }

  mutating func flag() -> Bool { number(0...1) == 1 }

  mutating func any<Value>(_ values: [Value]) -> Value {
    values[Int(number(0...UInt64(values.count - 1)))]
  }

  mutating func any<Value: CaseIterable>(_: Value.Type = Value.self) -> Value {
    any(Array(Value.allCases))
  }

  mutating func list<Value>(_ max: UInt64 = 2, _ make: (inout Self) -> Value) -> [Value] {
    (0..<number(0...max)).map { _ in make(&self) }
  }

  mutating func id<Kind>() -> Identifier<Kind> {
    Identifier(high: number(1...UInt64.max), low: number(0...UInt64.max))
  }

  mutating func text() -> Text {
    switch number(0...9) {
    case 0: .empty
    case 1: "Zürich · 東京 🏔"
    case 2: Text(String(repeating: "long ", count: Int(number(20...60))))
    default: Text("text \(number(0...UInt64.max))")
    }
  }

  mutating func time() -> Timestamp {
    Timestamp(milliseconds: Int64(number(1...4_000_000_000_000)))
  }

  mutating func maybeTime() -> Timestamp? { flag() ? time() : nil }

  mutating func span() -> Timestamp.Span {
    Timestamp.Span(milliseconds: Int64(number(0...4_000_000_000)) - 2_000_000_000)
  }

  mutating func person() -> Person {
    let mark = String(number(1 << 60...UInt64.max), radix: 36)
    let made = Person(
      firstName: Text("Given" + mark), lastName: Text("Family" + mark),
      email: Text(mark + "@people.example"), phone: Text("+41-" + mark), title: Text("Dr." + mark))
    persons.append(made)
    return made
  }

  mutating func member() -> TeamMember {
    TeamMember(line: UInt32(number(0...300)), person: person())
  }

  mutating func country() -> CountryCode {
    CountryCode(any(["CH", "DE", "JP", "US"]).utf8) ?? CountryCode(packed: 0)
  }

  mutating func money() -> Money {
    let isNegative = flag()
    let units = Int64(number(0...UInt64(Int64.max)))
    let nanos = Int32(number(0...999_999_999))
    return Money(
      units: isNegative ? -units : units, nanos: isNegative ? -nanos : nanos,
      currency: CurrencyCode(any(["CHF", "EUR", "USD"]).utf8) ?? CurrencyCode(packed: 0))
  }

  mutating func reference() -> OrganisationReference {
    OrganisationReference(id: id(), name: text())
  }

  mutating func address() -> Address {
    Address(
      line1: text(), line2: text(), city: text(), state: text(), postalCode: text(),
      country: country())
  }

  mutating func customer() -> Customer {
    Customer(
      name: text(),
      address: address(),
      size: UInt32(number(0...UInt64(UInt32.max))),
      identifiers: list { CustomerIdentifier(scheme: $0.any(), value: $0.text()) },
      contacts: list { $0.member() })
  }

  mutating func solution() -> SolutionLine {
    var line = SolutionLine(
      line: UInt32(number(0...300)), solution: id(), name: text(), group: any(),
      quantityMilli: Int64(number(0...1_000_000)), price: flag() ? money() : nil)
    if flag() { line.assessmentLocation = id() }
    return line
  }

  mutating func closure() -> Closure {
    Closure(reason: ReasonCode(UInt8(number(0...255))), notes: text())
  }

  mutating func maybeClosure() -> Closure? { flag() ? closure() : nil }

  mutating func consent() -> Consent { Consent(customerContact: flag(), shareWithOthers: flag()) }

  mutating func content() -> InvitationContent {
    InvitationContent(
      closeDate: time(), value: money(), notes: text(), help: any(),
      team: list { $0.member() },
      solutions: list(1) { $0.solution() }, sentAt: time(), respondBy: time())
  }

  mutating func card() -> Card {
    var card = Card(
      organisation: reference(), organisationKind: any(), status: any(), content: content(),
      respondedAt: maybeTime(), closure: maybeClosure(), team: list { $0.member() })
    card.extendedTo = maybeTime()
    card.askedRespondBy = maybeTime()
    card.extensions = UInt8(truncatingIfNeeded: random.next() % 11)
    card.report = flag() ? closingReport() : nil
    return card
  }

  mutating func closingReport() -> ClosingReport {
    ClosingReport(
      value: money(), closeDate: time(), closedAt: time(),
      reason: flag() ? ReasonCode(UInt8(number(1...255))) : nil)
  }

  mutating func sharedView() -> SharedView {
    var view = SharedView(
      team: list { $0.member() }, customerContacts: list { $0.member() },
      participants: list { $0.reference() }, initiatorStatus: any(), notes: text(),
      details: flag() ? details() : nil)
    view.baseKind = flag() ? any() : nil
    view.partnerToPartner = flag()
    return view
  }

  mutating func details() -> DealDetails {
    DealDetails(
      name: text(), value: money(), closeDate: time(), stage: any(),
      solutions: list { $0.solution() })
  }

  mutating func deal() -> Deal {
    var deal = Deal(
      id: id(), engagement: id(), version: number(1...1 << 40), direction: any(), status: any(),
      baseKind: any(), partnerToPartner: flag(), name: text(), location: id(),
      customer: Lazily(customer()), value: Lazily(money()), closeDate: time(), crmID: text(),
      campaignID: text(),
      notes: text(), team: Lazily(list { $0.member() }), solutions: Lazily(list { $0.solution() }),
      consent: Lazily(consent()), stage: any(), createdAt: time(), updatedAt: time(),
      acceptedAt: maybeTime(), acknowledgedAt: maybeTime(), closedAt: maybeTime(),
      respondBy: maybeTime(), closure: Rare(maybeClosure()), initiator: Lazily(reference()),
      invitation: Rare(flag() ? content() : nil), cards: Lazily(list(1) { $0.card() }),
      sharedView: Rare(flag() ? sharedView() : nil), createdBy: id(),
      nextLine: UInt32(number(1...500)),
      fieldVersions: Lazily(list { FieldVersion(field: $0.any(), version: $0.number(1...99)) }))
    deal.shownTo = flag() ? reference() : nil
    deal.remindAt = maybeTime()
    if flag() { deal.lead = id() }
    deal.assessment = maybeAssessment()
    deal.tags = list { $0.text() }
    deal.owner = UInt32(number(0...300))
    return deal
  }

  /// A value for a field that can change.
  mutating func fieldValue(_ field: DealField) -> FieldValue {
    switch field {
    case .status, .location: .status(any())
    case .baseKind: .baseKind(any())
    case .partnerToPartner: .partnerToPartner(flag())
    case .name: .name(text())
    case .customer: .customer(customer())
    case .value: .value(money())
    case .closeDate: .closeDate(time())
    case .crmID: .crmID(text())
    case .campaignID: .campaignID(text())
    case .notes: .notes(text())
    case .team: .team(list { $0.member() })
    case .solutions: .solutions(list { $0.solution() })
    case .consent: .consent(consent())
    case .stage: .stage(any())
    case .acceptedAt: .acceptedAt(maybeTime())
    case .acknowledgedAt: .acknowledgedAt(maybeTime())
    case .closedAt: .closedAt(maybeTime())
    case .respondBy: .respondBy(maybeTime())
    case .remindAt: .remindAt(maybeTime())
    case .closure: .closure(maybeClosure())
    case .invitation: .invitation(flag() ? content() : nil)
    case .cards: .cards(list(1) { $0.card() })
    case .sharedView: .sharedView(flag() ? sharedView() : nil)
    case .shownTo: .shownTo(flag() ? reference() : nil)
    case .assessment: .assessment(maybeAssessment())
    case .tags: .tags(list { $0.text() })
    case .owner: .owner(UInt32(number(0...300)))
    }
  }

  mutating func maybeAssessment() -> Assessment? {
    guard flag() else { return nil }
    return Assessment(completed: list { CompletedStage(stage: $0.any(), at: $0.time()) })
  }

  mutating func dealChanged(_ fields: [DealField]) -> DealChanged {
    let changes = fields.filter { $0 != .location }.map { field in
      FieldChange(before: fieldValue(field), after: fieldValue(field))
    }
    return DealChanged(
      deal: id(), version: number(2...1 << 50), at: time(), cause: any(), changes: changes,
      nextLine: UInt32(number(1...500)))
  }
}
