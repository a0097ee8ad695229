// SPDX-License-Identifier: Apache-2.0
// Samples of transactions, deadlines and notification preferences.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Requests {
  static func transactions(_ values: inout RandomValues) -> [RequestSample] {
    let deal: DealID = values.id()
    let win = WinDeal(deal: deal, baseVersion: 3, validateOnly: false)
    let lose = EndDeal(
      deal: .zero, baseVersion: 0, reason: ReasonCode(2), notes: "no", validateOnly: false)
    let transact = Transact(
      operations: [
        .init(.winDeal(win)), .init(.loseDeal(lose), createdBy: 0),
        .init(.setFavourite(SetFavourite(deal: .zero, isFavourite: true)), createdBy: 7),
      ], validateOnly: true)
    return [
      sample(.transact, .command(.transact(transact), returnDeal: false)) { writer in
        let first = (writer.begin(1), writer.begin(5))
        writer.identifier(1, deal)
        writer.unsigned(2, 3 as UInt64)
        writer.end(first.1)
        writer.end(first.0)
        let second = (writer.begin(1), writer.begin(6))
        writer.unsigned(3, 2 as UInt32)
        writer.text(4, "no")
        writer.end(second.1)
        writer.unsignedOrZero(15, 0)
        writer.end(second.0)
        let third = (writer.begin(1), writer.begin(11))
        writer.flag(2, true)
        writer.end(third.1)
        writer.unsignedOrZero(15, 7)
        writer.end(third.0)
        writer.flag(2, true)
      }
    ]
  }

  static func preferences() -> [RequestSample] {
    let mute = MuteTopics(topics: [.answerDueSoon, .dealReceived], validateOnly: true)
    let settings = SetNotificationSettings(
      settings: NotificationSettings(tellsInvitationSent: true), validateOnly: true)
    return [
      sample(.getNotificationPreferences, .query(.getNotificationPreferences)) { _ in },
      sample(.setNotificationPreferences, .command(.muteTopics(mute), returnDeal: false)) {
        writer in
        writer.packed(1, [6, 1])
        writer.flag(2, true)
      },
      sample(
        .setNotificationSettings, .command(.setNotificationSettings(settings), returnDeal: false)
      ) { writer in
        writer.flag(1, true)
        writer.flag(2, true)
      },
    ]
  }

  static func extensions(_ values: inout RandomValues) -> [RequestSample] {
    let deal: DealID = values.id()
    let organisation: TenantID = values.id()
    let end = values.time()
    let until = ExtendInvitation(
      deal: deal, invitee: .organisation(organisation), end: .at(end), validateOnly: true)
    let later = ExtendInvitation(
      deal: deal, invitee: .vendorDesk, end: .daysLater(7), validateOnly: false)
    return [
      sample(.extendInvitation, .command(.extendInvitation(until), returnDeal: false)) { writer in
        writer.identifier(1, deal)
        writer.identifier(2, organisation)
        writer.time(4, end)
        writer.flag(7, true)
      },
      sample(.extendInvitation, .command(.extendInvitation(later), returnDeal: true)) { writer in
        writer.identifier(1, deal)
        writer.flag(3, true)
        writer.unsigned(5, 7 as UInt32)
        writer.flag(6, true)
      },
    ]
  }
}
