// SPDX-License-Identifier: Apache-2.0
// Methods that change deals, and what they are told.

import TandemWire

/// A deal to be created.
public struct NewDeal: Hashable, Sendable {
  /// Its name.
  public var name = ""
  /// The place it belongs to.
  public var location: ID?
  /// Who buys.
  public var customer = Customer()
  /// What it is worth.
  public var value: Money?
  /// When it is expected to close.
  public var closeDate: Moment?
  /// Its number in the organisation's own books.
  public var crmID = ""
  /// The campaign it came from.
  public var campaignID = ""
  /// In words.
  public var notes = ""
  /// Who works on it.
  public var team: [TeamMember] = []
  /// What is sold.
  public var solutions: [SolutionLine] = []
  /// What the customer allowed.
  public var consent = Consent()
  /// Whether the vendor may see it.
  public var isVisibleToVendor = false
  /// The help asked from the vendor; `unspecified` asks for none.
  public var help = HelpCode.unspecified
  /// With help: what is wanted from the vendor, in words.
  public var notesToVendor = ""
  /// The organisation's own words for it; no counterpart is told.
  public var tags: [String] = []
  /// Address of the team member who is responsible; empty for nobody.
  public var ownerEmail = ""

  /// Makes a deal without anything.
  public init() {}
}

/// Changes of a deal; what is nil or empty stays as it is.
public struct DealPatch: Hashable, Sendable {
  /// The new name.
  public var name: String?
  /// The new people of the customer.
  public var customerContacts: [TeamMember]?
  /// The new worth.
  public var value: Money?
  /// The new day of closing.
  public var closeDate: Moment?
  /// The new number in the organisation's own books.
  public var crmID: String?
  /// The new campaign.
  public var campaignID: String?
  /// The new notes.
  public var notes: String?
  /// The new team as a whole.
  public var team: [TeamMember]?
  /// The new solutions as a whole.
  public var solutions: [SolutionLine]?
  /// The new percentage of the sales stage; the stage at or below it is taken.
  public var stage: UInt32?
  /// The new sales stage by its name, in place of its percentage.
  public var stageName: String?
  /// The new tags as a whole.
  public var tags: [String]?
  /// Address of the team member who is responsible from now on; empty for nobody.
  public var ownerEmail: String?
  /// Lets the vendor read the deal; one way.
  public var isVisibleToVendor: Bool?
  /// Members to add to the team.
  public var addedTeam: [TeamMember] = []
  /// Lines to remove from the team.
  public var removedTeamLines: [UInt32] = []
  /// Lines to add to the solutions.
  public var addedSolutions: [SolutionLine] = []
  /// Lines to remove from the solutions.
  public var removedSolutionLines: [UInt32] = []
  /// Any change since the base version is a conflict, not only of the fields patched.
  public var guardsWholeDeal = false

  /// Makes a patch that changes nothing.
  public init() {}

  private enum Action: UInt32 { case set = 1, add = 2, remove = 3 }

  func write(to writer: inout ProtoWriter) {
    writer.nested(3, DealValues(patch: self))
    if name != nil { edit(&writer, [8]) }
    if customerContacts != nil { edit(&writer, [10, 5]) }
    if value != nil { edit(&writer, [11]) }
    if closeDate != nil { edit(&writer, [12]) }
    if crmID != nil { edit(&writer, [13]) }
    if campaignID != nil { edit(&writer, [14]) }
    if notes != nil { edit(&writer, [15]) }
    if team != nil { edit(&writer, [16]) }
    if solutions != nil { edit(&writer, [17]) }
    if stage != nil || stageName != nil { edit(&writer, [19]) }
    if isVisibleToVendor != nil { edit(&writer, [34]) }
    if tags != nil { edit(&writer, [35]) }
    if ownerEmail != nil { edit(&writer, [36]) }
    if !addedTeam.isEmpty { edit(&writer, [16], .add) }
    for line in removedTeamLines { edit(&writer, [16], .remove, line: line) }
    if !addedSolutions.isEmpty { edit(&writer, [17], .add) }
    for line in removedSolutionLines { edit(&writer, [17], .remove, line: line) }
    writer.string(7, stageName ?? "")
    writer.flag(8, guardsWholeDeal)
    writer.flag(9, isVisibleToVendor ?? false)
    writer.string(10, ownerEmail ?? "")
  }

  private func edit(
    _ writer: inout ProtoWriter, _ path: [UInt32], _ action: Action = .set, line: UInt32 = 0
  ) {
    let start = writer.begin(4)
    writer.packed(1, path)
    writer.unsigned(2, line)
    writer.unsigned(3, action.rawValue)
    writer.end(start)
  }
}

/// The part of a deal that holds a patch's new values.
private struct DealValues: WrittenMessage {
  let patch: DealPatch

  func write(to writer: inout ProtoWriter) {
    writer.string(8, patch.name ?? "")
    if let contacts = patch.customerContacts {
      var customer = Customer()
      customer.contacts = contacts
      writer.nested(10, customer)
    }
    writer.nested(11, patch.value)
    writer.moment(12, patch.closeDate)
    writer.string(13, patch.crmID ?? "")
    writer.string(14, patch.campaignID ?? "")
    writer.string(15, patch.notes ?? "")
    writer.nested(16, all: (patch.team ?? []) + patch.addedTeam)
    writer.nested(17, all: (patch.solutions ?? []) + patch.addedSolutions)
    writer.unsigned(19, patch.stage ?? 0)
    for tag in patch.tags ?? [] { writer.element(35, ArraySlice(tag.utf8)) }
  }
}

/// An invitation to be sent.
public struct NewInvitation: Hashable, Sendable {
  /// Who is invited; nil: the vendor's desk for the customer's country.
  public var organisation: ID?
  /// The help asked for.
  public var help: HelpCode
  /// What the partner's share is worth; the vendor helps with the whole deal: nil, as the deal.
  public var value: Money?
  /// When it is expected to close; nil: as the deal.
  public var closeDate: Moment?
  /// In words.
  public var notes = ""
  /// The lines of the team to share; none means all.
  public var teamLines: [UInt32] = []
  /// The lines of the solutions to share; at least one.
  public var solutionLines: [UInt32] = []
  /// The customer agreed meanwhile that the vendor has its contact data.
  public var customerConsent = false

  /// Makes an invitation; without an organisation it is for the vendor.
  ///
  /// A partner is told the value of its share.
  public init(
    _ organisation: ID? = nil, help: HelpCode, value: Money? = nil, solutionLines: [UInt32]
  ) {
    self.organisation = organisation
    self.help = help
    self.value = value
    self.solutionLines = solutionLines
  }
}

/// Until when an invitee may answer.
public enum InvitationEnd: Hashable, Sendable {
  /// A moment later than before.
  case at(Moment)
  /// So many days later than before.
  case daysLater(UInt32)
}

/// What an invitee makes of an invitation.
public struct Acceptance: Hashable, Sendable {
  /// The name in the invitee's own books.
  public var name = ""
  /// What it is worth; nil: as invited.
  public var value: Money?
  /// When it is expected to close; nil: as invited.
  public var closeDate: Moment?
  /// In words.
  public var notes = ""
  /// Its number in the invitee's own books.
  public var crmID = ""
  /// The campaign it came from.
  public var campaignID = ""
  /// Who works on it.
  public var team: [TeamMember] = []

  /// Makes an acceptance under a name.
  public init(name: String) { self.name = name }
}

/// What methods that change a deal may be told besides.
public struct ChangeOptions: Sendable {
  /// Answer with the deal as it is after the change.
  public var returnsDeal = false
  /// Run every rule and change nothing.
  public var validatesOnly = false
  /// The version that the change was made for; 0 checks no conflict.
  public var baseVersion: UInt64 = 0
  /// Deadline and key.
  public var call = CallOptions()

  /// Makes the usual options.
  public init() {}
}

extension Client {
  /// Creates an outbound deal.
  public func createDeal(
    _ deal: NewDeal, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.createDeal, options) { writer in
      deal.write(to: &writer)
      writer.flag(14, options.returnsDeal)
      writer.flag(15, options.validatesOnly)
    }
  }

  /// Changes fields of a deal.
  public func patchDeal(
    _ id: ID, _ patch: DealPatch, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.patchDeal, options) { writer in
      writer.id(1, id)
      writer.unsigned(2, options.baseVersion)
      patch.write(to: &writer)
      writer.flag(5, options.returnsDeal)
      writer.flag(6, options.validatesOnly)
    }
  }

  /// Closes an active deal as won.
  public func winDeal(
    _ id: ID, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.winDeal, options) { writer in
      writer.id(1, id)
      writer.unsigned(2, options.baseVersion)
      writer.flag(3, options.returnsDeal)
      writer.flag(4, options.validatesOnly)
    }
  }

  /// Closes an active deal as lost, for a reason of 1 to 8.
  public func loseDeal(
    _ id: ID, reason: UInt32, notes: String = "", options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await close(.loseDeal, id, reason, notes, options)
  }

  /// Closes an active deal that should not be there, for a reason of 1 to 9; 6 and 9 need notes.
  public func closeDealAsError(
    _ id: ID, reason: UInt32, notes: String = "", options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await close(.closeDealAsError, id, reason, notes, options)
  }

  private func close(
    _ method: Method, _ id: ID, _ reason: UInt32, _ notes: String, _ options: ChangeOptions
  ) async throws(TandemError) -> DealChange {
    try await change(method, options) { writer in
      writer.id(1, id)
      writer.unsigned(2, options.baseVersion)
      writer.unsigned(3, reason)
      writer.string(4, notes)
      writer.flag(5, options.returnsDeal)
      writer.flag(6, options.validatesOnly)
    }
  }

  /// Invites an organisation to an outbound deal.
  public func inviteToDeal(
    _ id: ID, _ invitation: NewInvitation, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.inviteToDeal, options) { writer in
      writer.id(1, id)
      invitation.write(to: &writer)
      writer.flag(9, options.returnsDeal)
      writer.flag(10, options.validatesOnly)
    }
  }

  /// Gives an invitee more time; nil stands for the vendor's desk.
  ///
  /// Its card tells what became of it.
  public func extendInvitation(
    _ id: ID, of organisation: ID?, until end: InvitationEnd,
    options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.extendInvitation, options) { writer in
      writer.id(1, id)
      end.write(of: organisation, to: &writer)
      writer.flag(6, options.returnsDeal)
      writer.flag(7, options.validatesOnly)
    }
  }

  /// Confirms that a new inbound deal was received.
  public func acknowledgeDeal(
    _ id: ID, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.acknowledgeDeal, options) { writer in
      writer.id(1, id)
      writer.flag(2, options.returnsDeal)
      writer.flag(3, options.validatesOnly)
    }
  }

  /// Accepts a new inbound deal.
  public func acceptDeal(
    _ id: ID, _ acceptance: Acceptance, options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.acceptDeal, options) { writer in
      writer.id(1, id)
      acceptance.write(to: &writer)
      writer.flag(9, options.returnsDeal)
      writer.flag(10, options.validatesOnly)
    }
  }

  /// Declines a new inbound deal, for a reason of 1 to 8.
  public func declineDeal(
    _ id: ID, reason: UInt32, notes: String = "", options: ChangeOptions = ChangeOptions()
  ) async throws(TandemError) -> DealChange {
    try await change(.declineDeal, options) { writer in
      writer.id(1, id)
      writer.unsigned(2, reason)
      writer.string(3, notes)
      writer.flag(4, options.returnsDeal)
      writer.flag(5, options.validatesOnly)
    }
  }

  /// Marks a deal for the caller alone.
  public func setFavourite(
    _ id: ID, _ isFavourite: Bool, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setFavourite, options) { writer in
      writer.id(1, id)
      writer.flag(2, isFavourite)
      writer.flag(3, validatesOnly)
    }
  }

  /// Carries out all operations of a transaction, in one commit, or none.
  public func transact(
    _ transaction: Transaction, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> TransactionDone {
    var (done, isReplayed): (TransactionDone, Bool) =
      try await callNotingReplay(.transact, options) { writer in
        for operation in transaction.operations { writer.element(1, operation[...]) }
        writer.flag(2, validatesOnly)
      }
    done.isReplayed = isReplayed
    return done
  }

  private func change(
    _ method: Method, _ options: ChangeOptions, _ write: (inout ProtoWriter) -> Void
  ) async throws(TandemError) -> DealChange {
    var (change, isReplayed): (DealChange, Bool) =
      try await callNotingReplay(method, options.call, write)
    change.isReplayed = isReplayed
    return change
  }
}
