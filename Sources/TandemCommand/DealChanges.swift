// SPDX-License-Identifier: Apache-2.0
// `deal create|patch|invite|extend|accept`: the commands that are told the content of a deal.

import TandemClient

enum DealChanges {
  static func create(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let (new, options) = (try deal(&arguments), try DealCommands.changeOptions(&arguments))
    return try await withServer(&arguments) { client in
      var made = new.deal
      made.solutions = try await SolutionCommands.lines(new.solutions, client)
      try DealCommands.show(await client.createDeal(made, options: options), output)
    }
  }

  static func deal(
    _ arguments: inout Arguments
  ) throws -> (deal: NewDeal, solutions: ChosenSolutions) {
    var deal = NewDeal()
    deal.name = try arguments.required("name")
    deal.location = try arguments.id(.location, option: "location")
    deal.customer = try customer(&arguments)
    deal.value = try arguments.money("value")
    deal.closeDate = try arguments.day("close-date")
    deal.crmID = try arguments.option("crm-id") ?? ""
    deal.campaignID = try arguments.option("campaign-id") ?? ""
    deal.notes = try arguments.option("notes") ?? ""
    deal.team = try people("member", &arguments)
    let place = try arguments.maybeID(.location, option: "assessment-location")
    let solutions = try ChosenSolutions("solution", &arguments, assessmentLocation: place)
    deal.consent.customerContact = arguments.flag("share-customer")
    deal.consent.shareWithOthers = arguments.flag("share-with-others")
    deal.isVisibleToVendor = arguments.flag("visible-to-vendor")
    deal.help = try arguments.word("help-code") ?? .unspecified
    deal.notesToVendor = try arguments.option("notes-to-vendor") ?? ""
    deal.tags = arguments.all("tag")
    deal.ownerEmail = try arguments.option("owner") ?? ""
    return (deal, solutions)
  }

  /// Picked from the catalogue, or entered; what is given with both the server refuses.
  private static func customer(_ arguments: inout Arguments) throws -> Customer {
    var customer = Customer()
    customer.catalogueID = try arguments.option("customer-id").map { text throws(UsageError) in
      try Arguments.id(.customer, text)
    }
    customer.name =
      try customer.catalogueID == nil
      ? arguments.required("customer") : arguments.option("customer") ?? ""
    customer.address = try address(&arguments)
    customer.size = try arguments.number("customer-size") ?? 0
    customer.identifiers = try arguments.all("customer-identifier").map { word throws(UsageError) in
      do throws(Unreadable) { return try ItemNotation.identifier(word) } catch {
        throw UsageError("--customer-identifier: \(error.text)")
      }
    }
    customer.contacts = try people("contact", &arguments)
    return customer
  }

  static func address(_ arguments: inout Arguments) throws -> Address {
    var address = Address()
    address.line1 = try arguments.option("street") ?? ""
    address.line2 = try arguments.option("street2") ?? ""
    address.city = try arguments.option("city") ?? ""
    address.state = try arguments.option("state") ?? ""
    address.postalCode = try arguments.option("postal-code") ?? ""
    address.country = try arguments.option("country") ?? ""
    return address
  }

  static func patch(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let (asked, options) = (try patch(&arguments), try DealCommands.changeOptions(&arguments))
    return try await withServer(&arguments) { client in
      let made = try await asked.patch(client)
      try DealCommands.show(await client.patchDeal(id, made, options: options), output)
    }
  }

  static func patch(_ arguments: inout Arguments) throws -> AskedPatch {
    var patch = DealPatch()
    patch.name = try arguments.option("name")
    patch.value = try arguments.money("value")
    patch.closeDate = try arguments.day("close-date")
    patch.crmID = try arguments.option("crm-id")
    patch.campaignID = try arguments.option("campaign-id")
    patch.notes = try arguments.option("notes")
    if let stage = try arguments.option("stage") {
      patch.stage = UInt32(stage)
      if patch.stage == nil { patch.stageName = stage }
    }
    if arguments.flag("visible-to-vendor") { patch.isVisibleToVendor = true }
    try readOwn(&arguments, into: &patch)
    patch.addedTeam = try people("add-member", &arguments)
    patch.removedTeamLines = try arguments.numbers("remove-member")
    let contacts = try people("contact", &arguments)
    if !contacts.isEmpty { patch.customerContacts = contacts }
    patch.removedSolutionLines = try arguments.numbers("remove-solution")
    let added = try ChosenSolutions("add-solution", &arguments)
    guard patch != DealPatch() || !added.listed.isEmpty else {
      throw UsageError("nothing is to be changed")
    }
    patch.guardsWholeDeal = arguments.flag("whole-deal")
    return AskedPatch(told: patch, addedSolutions: added)
  }

  /// Tags as a whole and who is responsible, or neither any more.
  private static func readOwn(
    _ arguments: inout Arguments, into patch: inout DealPatch
  ) throws(UsageError) {
    let tags = arguments.all("tag")
    let owner = try arguments.option("owner")
    if !tags.isEmpty { patch.tags = tags }
    if arguments.flag("no-tags") {
      guard tags.isEmpty else { throw UsageError("--no-tags contradicts --tag") }
      patch.tags = []
    }
    patch.ownerEmail = owner
    if arguments.flag("no-owner") {
      guard owner == nil else { throw UsageError("--no-owner contradicts --owner") }
      patch.ownerEmail = ""
    }
  }

  /// Nobody in particular: the vendor.
  static func invitee(_ arguments: inout Arguments) throws -> ID? {
    let isVendor = arguments.flag("vendor")
    let organisation = try arguments.option("organisation")
    guard isVendor != (organisation != nil) else {
      throw UsageError("give --organisation ORG or --vendor, one of them")
    }
    return try organisation.map { text throws in try Arguments.id(.organisation, text) }
  }

  static func invite(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let made = try invitation(&arguments)
    let options = try DealCommands.changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      try DealCommands.show(await client.inviteToDeal(id, made, options: options), output)
    }
  }

  static func invitation(_ arguments: inout Arguments) throws -> NewInvitation {
    var invitation = NewInvitation(
      try invitee(&arguments),
      help: try Arguments.word(arguments.required("help-code"), for: "help-code"),
      solutionLines: try arguments.numbers("solution-lines"))
    invitation.value = try arguments.money("value")
    invitation.closeDate = try arguments.day("close-date")
    invitation.notes = try arguments.option("notes") ?? ""
    invitation.customerConsent = arguments.flag("share-customer")
    invitation.teamLines = try arguments.numbers("team-lines")
    return invitation
  }

  static func extend(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let organisation = try invitee(&arguments)
    let end = try end(&arguments)
    let options = try DealCommands.changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      let done = try await client.extendInvitation(
        id, of: organisation, until: end, options: options)
      try DealCommands.show(done, output)
    }
  }

  static func accept(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let made = try acceptance(&arguments)
    let options = try DealCommands.changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      try DealCommands.show(await client.acceptDeal(id, made, options: options), output)
    }
  }

  static func end(_ arguments: inout Arguments) throws -> InvitationEnd {
    switch (try arguments.day("until"), try arguments.number("days", UInt32.self)) {
    case (let day?, nil): return .at(day)
    case (nil, let days?): return .daysLater(days)
    case (nil, nil), (_?, _?): throw UsageError("give --until DATE or --days N, one of them")
    }
  }

  static func acceptance(_ arguments: inout Arguments) throws -> Acceptance {
    var acceptance = Acceptance(name: try arguments.required("name"))
    acceptance.value = try arguments.money("value")
    acceptance.closeDate = try arguments.day("close-date")
    acceptance.notes = try arguments.option("notes") ?? ""
    acceptance.crmID = try arguments.option("crm-id") ?? ""
    acceptance.campaignID = try arguments.option("campaign-id") ?? ""
    acceptance.team = try people("member", &arguments)
    return acceptance
  }

  static func people(
    _ option: String, _ arguments: inout Arguments
  ) throws -> [TeamMember] {
    try arguments.all(option).map { TeamMember(try person($0, option)) }
  }

  /// Reads `First Last <mail@host> +49 40 1234, title`; what is missing the server asks for.
  static func person(_ text: String, _ option: String) throws(UsageError) -> Person {
    do throws(Unreadable) { return try ItemNotation.person(text) } catch {
      throw UsageError("--\(option): \(error.text)")
    }
  }
}

/// A patch as it was typed: solutions may be named, which a server has to look up.
struct AskedPatch {
  fileprivate let told: DealPatch
  fileprivate let addedSolutions: ChosenSolutions

  func patch(_ client: Client) async throws -> DealPatch {
    var patch = told
    patch.addedSolutions = try await SolutionCommands.lines(addedSolutions, client)
    return patch
  }
}
