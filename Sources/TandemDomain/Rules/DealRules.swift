// SPDX-License-Identifier: Apache-2.0
// What the parts of a deal must satisfy wherever they appear: customer, team, contacts, solutions.

import TandemPrimitives

extension Violations {
  /// the customer with its address, so far as it never changes.
  package mutating func checkCustomer(_ customer: Customer) {
    require(customer.name, "customer.name", "R-102", max: Limits.nameBytes)
    check(customer.address, "customer.address", as: "R-102")
    limit(count: customer.identifiers.count, "customer.identifiers", max: Limits.customerIDs)
    for (index, identifier) in customer.identifiers.prefix(Limits.customerIDs).enumerated() {
      require(
        identifier.value, "customer.identifiers[\(index)].value", "R-102",
        max: Limits.externalIDBytes)
      let isTwice = customer.identifiers.prefix(index).contains {
        $0.scheme == identifier.scheme && ($0.scheme == .duns || $0.value == identifier.value)
      }
      if isTwice {
        add(
          "customer.identifiers[\(index)]", "IDENTIFIER_TWICE",
          "comes twice; a customer has one D-U-N-S number, and other numbers once each",
          rules: ["R-102"])
      }
      if identifier.scheme == .duns { checkDuns(identifier.value, index) }
    }
  }

  /// Nine digits; a number written with dashes would be another one for whoever compares.
  private mutating func checkDuns(_ value: Text, _ index: Int) {
    let isNumber = value.utf8.allSatisfy { (48...57).contains($0) }
    guard !value.isBlank, !isNumber || value.byteCount != Limits.dunsDigits else { return }
    add(
      "customer.identifiers[\(index)].value", "R-102",
      "is no D-U-N-S number; write nine digits without dashes, such as 123456789")
  }

  package mutating func check(_ address: Address, _ field: String, as rule: String) {
    let max = Limits.addressLineBytes
    require(address.line1, "\(field).line1", rule, max: max)
    limit(address.line2, "\(field).line2", max: max)
    require(address.city, "\(field).city", rule, max: max)
    limit(address.state, "\(field).state", max: max)
    limit(address.postalCode, "\(field).postal_code", max: max)
    requireCountry(address.country, "\(field).country", rule)
  }

  package mutating func checkContacts(_ contacts: [TeamMember], _ field: String) {
    limit(count: contacts.count, field, max: Limits.customerContacts)
    for (index, contact) in contacts.prefix(Limits.customerContacts).enumerated() {
      checkContact(contact.person, "\(field)[\(index)].person")
    }
  }

  package mutating func checkTeam(_ team: [TeamMember], _ field: String, atLeast least: Int) {
    if team.count < least {
      add(field, "R-106", "needs at least one member with name, phone and e-mail")
    }
    limit(count: team.count, field, max: Limits.teamMembers)
    for (index, member) in team.prefix(Limits.teamMembers).enumerated() {
      requireReachable(member.person, "\(field)[\(index)].person", "R-106")
    }
  }

  package mutating func checkSolutions(_ solutions: [SolutionLine], _ field: String) {
    if solutions.isEmpty { add(field, "R-107", "needs at least one solution") }
    limit(count: solutions.count, field, max: Limits.solutions)
    for (index, solution) in solutions.prefix(Limits.solutions).enumerated() {
      checkSolution(solution, "\(field)[\(index)]")
    }
  }

  package mutating func checkSolution(
    _ solution: SolutionLine, _ field: @autoclosure () -> String
  ) {
    if solution.quantityMilli < 0 {
      add(field() + ".quantity_milli", "QUANTITY_NEGATIVE", "is negative; leave it out")
    }
    if let price = solution.price { check(price, field() + ".price") }
  }

  /// Line numbers belong to the server: a request leaves new ones zero.
  package mutating func requireUnnumbered(_ lines: some Sequence<UInt32>, _ field: String) {
    for (index, line) in lines.enumerated() where line != 0 {
      add("\(field)[\(index)].line", "LINE_GIVEN", "is \(line); the server numbers new lines")
    }
  }
}

extension Deal {
  /// Numbers the members that have none; a number is used once in the life of a deal.
  package mutating func numberTeam() {
    var next = nextLine
    team.number(from: &next)
    nextLine = next
  }

  package mutating func numberContacts() {
    var next = nextLine
    customer.contacts.number(from: &next)
    nextLine = next
  }

  package mutating func numberSolutions() {
    var next = nextLine
    solutions.number(from: &next)
    nextLine = next
  }
}

extension [TeamMember] {
  /// Gives every unnumbered member the next number.
  package mutating func number(from next: inout UInt32) {
    for index in indices where self[index].line == 0 {
      self[index].line = next
      next += 1
    }
  }
}

extension [SolutionLine] {
  package mutating func number(from next: inout UInt32) {
    for index in indices where self[index].line == 0 {
      self[index].line = next
      next += 1
    }
  }
}
