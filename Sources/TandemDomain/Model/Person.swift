// SPDX-License-Identifier: Apache-2.0
// People as deals hold them. Everything here is personal data: records keep it in their personal section.

package import TandemPrimitives

/// Somebody's name and how to reach them.
package struct Person: Hashable, Sendable {
  package var firstName: Text
  package var lastName: Text
  package var email: Text
  package var phone: Text
  package var title: Text

  package init(firstName: Text, lastName: Text, email: Text, phone: Text, title: Text) {
    self.firstName = firstName
    self.lastName = lastName
    self.email = email
    self.phone = phone
    self.title = title
  }

  package static let erased = Person(
    firstName: .empty, lastName: .empty, email: .empty, phone: .empty, title: .empty)
}

/// A person on a deal's team or a contact of its customer; the line number is unique within the deal.
package struct TeamMember: Hashable, Sendable {
  package var line: UInt32
  package var person: Person

  package init(line: UInt32, person: Person) {
    self.line = line
    self.person = person
  }
}
