// SPDX-License-Identifier: Apache-2.0
// One commit and one state with their bytes in hexadecimal, schema version 1.

import TandemDomain
import TandemPrimitives

enum GoldenRecords {
  static let ada = Person(
    firstName: "Ada", lastName: "Lovelace", email: "ada@contoso.example", phone: "+41 44 000",
    title: "Engineer")
  static let grace = Person(
    firstName: "Grace", lastName: "Hopper", email: "grace@fabrikam.example", phone: .empty,
    title: .empty)
  static let tenant = TenantID(high: 0x0190_0000_0000_7001, low: 0x8000_0000_0000_0001)
  static let user = UserID(high: 0x0190_0000_0000_7002, low: 0x8000_0000_0000_0002)
  static let deal = DealID(high: 0x0190_0000_0000_7003, low: 0x8000_0000_0000_0003)
  static let engagement = EngagementID(high: 0x0190_0000_0000_7004, low: 0x8000_0000_0000_0004)
  static let at = Timestamp(milliseconds: 1_750_000_000_000)

  static let ledger = LedgerEntry(
    key: RequestKey(scopeHigh: 1, scopeLow: 2, digestHigh: 3, digestLow: 4, madeAt: at),
    answer: [8, 1])
  static let answered = OutboxEntry(
    receiver: tenant, sequence: 812,
    message: .invitationAnswered(
      InvitationAnswered(
        engagement: engagement, outcome: .accepted, at: at, closure: nil,
        team: [TeamMember(line: 3, person: grace)])))

  static let commit = Commit(
    sequence: 41, at: at, actor: user, via: nil,
    events: [
      .dealChanged(
        DealChanged(
          deal: deal, version: 7, at: at, cause: .accepted,
          changes: [
            FieldChange(before: .status(.received), after: .status(.accepted)),
            FieldChange(
              before: .team([TeamMember(line: 1, person: ada)]),
              after: .team([
                TeamMember(line: 1, person: ada), TeamMember(line: 3, person: grace),
              ])),
            FieldChange(before: .acceptedAt(nil), after: .acceptedAt(at)),
          ],
          nextLine: 4)),
      .messageSent(answered),
    ],
    ledger: ledger)

  static let state: TenantState = {
    var state = TenantState()
    state.organisation = Organisation(
      id: tenant, realm: RealmID(high: 1, low: 2), kind: .partner, name: "Contoso",
      country: CountryCode(packed: 0x4348), inEcosystem: true, transacts: false, createdAt: at)
    state.realm = Realm(
      id: RealmID(high: 1, low: 2), name: "main", isSandbox: false,
      clockOffset: Timestamp.Span(milliseconds: 0), policy: .standard, createdAt: at)
    state.users[user] = User(
      id: user, isService: false, person: ada,
      grants: [RoleGrant(role: .referralsAdmin, locations: [])], mayActAsUser: false,
      isActive: true)
    state.favourites[user] = [deal]
    state.outbox[tenant] = OutboxQueue(lastSequence: 812, entries: [answered])
    state.inboxMarks[tenant] = 5
    state.ledger = RequestLedger(
      restoring: [RequestLedger.Slot(entry: ledger, at: at)], horizon: .zero)
    state.answerTimes.accepted = 1
    state.answerTimes.answeredMilliseconds = 1_000
    state.commitSequence = 41
    state.lastTime = at
    return state
  }()

  static let body = """
    0a10019000000000700280000000000000021a528a014f0a1001900000000070038000000000000003100718\
    80b883a1f73220082a03051016320b28028201060801120278013a1c28038201060801120278028201060803\
    12027803b00180b883a1f73240041a3f82023c0a100190000000007001800000000000000110ac061a251223\
    0a100190000000007004800000000000000410031880b883a1f7322a06080312027804222f09010000000000\
    00001102000000000000001903000000000000002104000000000000002880b883a1f732320208012801
    """

  static let personal = """
    000102030405060708090a0b0c0d0e0f0a3a0a0341646112084c6f76656c6163651a1361646140636f6e746f\
    736f2e6578616d706c65220a2b3431203434203030302a08456e67696e6565720a3a0a0341646112084c6f76\
    656c6163651a1361646140636f6e746f736f2e6578616d706c65220a2b3431203434203030302a08456e6769\
    6e6565720a270a0547726163651206486f707065721a1667726163654066616272696b616d2e6578616d706c\
    650a270a0547726163651206486f707065721a1667726163654066616272696b616d2e6578616d706c65
    """

  static let snapshot = """
    0a3c0a100190000000007001800000000000000112100000000000000001000000000000000218012207436f\
    6e746f736f2a02434830014080b883a1f732122e0a100000000000000001000000000000000212046d61696e\
    2a0d088090e4c0041080a8cc7b18143080b883a1f7321a540a10019000000000700280000000000000021a3a\
    0a0341646112084c6f76656c6163651a1361646140636f6e746f736f2e6578616d706c65220a2b3431203434\
    203030302a08456e67696e65657222020802300132240a100190000000007002800000000000000212100190\
    000000007003800000000000000342780a100190000000007001800000000000000110ac061a610a10019000\
    0000007001800000000000000110ac061a4a12480a100190000000007004800000000000000410031880b883\
    a1f7322a2b080312270a0547726163651206486f707065721a1667726163654066616272696b616d2e657861\
    6d706c654a140a1001900000000070018000000000000001100552380a2f0901000000000000001102000000\
    000000001903000000000000002104000000000000002880b883a1f732320208011080b883a1f73262050801\
    20e8077829800180b883a1f732880101
    """
}
