// SPDX-License-Identifier: Apache-2.0
// Who of a deal's team is responsible for it, and the organisation's own words for it. Both stay at home:
// no counterpart is told.

package import TandemPrimitives

enum OwningDeals {
  /// Who is responsible after a patch: who is asked for, else who was, as long as they are on the team.
  static func settle(
    _ asked: Text?, _ before: Deal, _ after: inout Deal, _ edited: inout EditedFields,
    _ violations: inout Violations
  ) {
    if let asked {
      after.owner = violations.requireOwner(asked, in: after.team).map { after.team[$0].line } ?? 0
    } else if before.owner != 0, !after.team.contains(where: { $0.isOwner(of: before) }) {
      guard let place = after.team.place(of: before.ownerEmail) else {
        return violations.add(
          "team", "OWNER_LEAVES",
          "who is responsible for the deal would leave its team; name another owner_email in the same "
            + "request, or an empty one for nobody")
      }
      after.owner = after.team[place].line
    }
    if asked != nil || after.owner != before.owner {
      edited.set(.owner, from: .owner(before.owner), to: .owner(after.owner))
    }
  }
}

extension Deal {
  /// Empty when nobody is responsible.
  package var ownerEmail: Text {
    guard owner != 0 else { return .empty }
    return team.first { $0.line == owner }?.person.email ?? .empty
  }
}

extension Deal {
  /// Somebody of the team is responsible, or nobody.
  mutating func own(by email: Text) {
    owner = email.isEmpty ? 0 : team.place(of: email).map { team[$0].line } ?? 0
  }
}

extension TeamMember {
  /// The same line and the same address.
  fileprivate func isOwner(of deal: Deal) -> Bool {
    line == deal.owner && person.email.equalsIgnoringASCIICase(deal.ownerEmail)
  }
}

extension [TeamMember] {
  /// The first who has an address, in any case of its letters.
  fileprivate func place(of email: Text) -> Int? {
    firstIndex { $0.person.email.equalsIgnoringASCIICase(email) }
  }
}

extension Violations {
  /// Where on a team the owner stands; nil for nobody, and for somebody else.
  mutating func requireOwner(_ email: Text, in team: [TeamMember]) -> Int? {
    guard !email.isEmpty else { return nil }
    if let place = team.place(of: email) { return place }
    add(
      "owner_email", "OWNER_NOT_ON_TEAM",
      "is the address of nobody on the deal's team; add them to it, in the same request if you like"
    )
    return nil
  }

  /// Few, short, and none twice.
  mutating func checkTags(_ tags: [Text], _ field: String) {
    limit(count: tags.count, field, max: Limits.tags)
    for (index, tag) in tags.prefix(Limits.tags).enumerated() {
      if tag.isBlank {
        add("\(field)[\(index)]", "TAG_BLANK", "says nothing; leave it out")
      } else if tag.characterCount > Limits.tagCharacters {
        add(
          "\(field)[\(index)]", "G24",
          "has \(tag.characterCount) characters, at most \(Limits.tagCharacters) may be")
      }
      if tags.prefix(index).contains(tag) {
        add("\(field)[\(index)]", "TAG_TWICE", "\"\(tag)\" comes twice")
      }
    }
  }
}

extension Text {
  /// Characters of Unicode: a byte that goes on with one is none of its own.
  fileprivate var characterCount: Int { utf8.count { $0 & 0xC0 != 0x80 } }
}
