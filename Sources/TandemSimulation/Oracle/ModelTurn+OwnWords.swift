// SPDX-License-Identifier: Apache-2.0
// What an organisation says of a deal for itself, in the model: tags, and who of the team is responsible.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  /// At most twenty, of 64 characters, none blank and none twice.
  mutating func checkTags(_ tags: [Text]) {
    complain("G24", if: tags.count > 20)
    for tag in tags.prefix(20) {
      complain("TAG_BLANK", if: tag.string.allSatisfy { $0 == " " })
      complain("G24", if: tag.string.unicodeScalars.count > 64)
    }
    complain("TAG_TWICE", if: Set(tags.prefix(20)).count < tags.prefix(20).count)
  }

  /// The line of whom an address names; nobody's is empty.
  mutating func responsible(_ email: Text, _ team: [TeamMember]) -> UInt32 {
    guard !email.isEmpty else { return 0 }
    let found = line(of: email, team)
    complain("OWNER_NOT_ON_TEAM", if: found == nil)
    return found ?? 0
  }

  /// Who is responsible stays so while they are on the team, and does not leave it unnoticed.
  mutating func settleOwner(_ asked: PatchDeal, _ before: ModelDeal, _ after: inout ModelDeal) {
    var named: Text?
    for edit in asked.edits { if case .owner(let email) = edit { named = email } }
    if let named {
      after.owner = responsible(named, after.team)
    } else if let owner = before.team.first(where: { $0.line == before.owner }) {
      let stays = after.team.contains {
        $0.line == owner.line
          && $0.person.email.string.lowercased() == owner.person.email.string.lowercased()
      }
      guard !stays else { return }
      let found = line(of: owner.person.email, after.team)
      complain("OWNER_LEAVES", if: found == nil)
      after.owner = found ?? 0
    }
  }

  private func line(of email: Text, _ team: [TeamMember]) -> UInt32? {
    team.first { $0.person.email.string.lowercased() == email.string.lowercased() }?.line
  }
}
