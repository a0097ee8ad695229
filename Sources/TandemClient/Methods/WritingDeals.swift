// SPDX-License-Identifier: Apache-2.0
// What requests that change deals say: the same in a call of their own and in a transaction.

import TandemWire

extension NewDeal {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, name)
    writer.id(2, location)
    writer.nested(3, customer)
    writer.nested(4, value)
    writer.moment(5, closeDate)
    writer.string(6, crmID)
    writer.string(7, campaignID)
    writer.string(8, notes)
    writer.nested(9, all: team)
    writer.nested(10, all: solutions)
    writer.nested(11, consent)
    writer.flag(12, isVisibleToVendor)
    writer.word(13, help)
    writer.string(16, notesToVendor)
    for tag in tags { writer.element(17, ArraySlice(tag.utf8)) }
    writer.string(18, ownerEmail)
  }
}

extension NewInvitation {
  func write(to writer: inout ProtoWriter) {
    writer.id(2, organisation)
    writer.word(3, help)
    writer.nested(4, value)
    writer.moment(5, closeDate)
    writer.string(6, notes)
    writer.packed(7, teamLines)
    writer.packed(8, solutionLines)
    writer.flag(11, organisation == nil)
    writer.flag(12, customerConsent)
  }
}

extension InvitationEnd {
  func write(of organisation: ID?, to writer: inout ProtoWriter) {
    writer.id(2, organisation)
    writer.flag(3, organisation == nil)
    switch self {
    case .at(let moment): writer.moment(4, moment)
    case .daysLater(let days): writer.unsigned(5, days)
    }
  }
}

extension Acceptance {
  func write(to writer: inout ProtoWriter) {
    writer.string(2, name)
    writer.nested(3, value)
    writer.moment(4, closeDate)
    writer.string(5, notes)
    writer.string(6, crmID)
    writer.string(7, campaignID)
    writer.nested(8, all: team)
  }
}
