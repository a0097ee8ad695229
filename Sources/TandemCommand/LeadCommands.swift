// SPDX-License-Identifier: Apache-2.0
// `lead …`: the vendor sends leads, partners work on them.

import TandemClient

enum LeadCommands {
  static let command = Command(
    name: "lead", summary: "send leads to partners; list, answer and end one's own",
    help: """
      tandem lead send --partner ORG --class direct|marketingQualified|salesQualified
                       --origin profile|offer [--source businessStore|cloudMarketplace|cloudPortal]
                       [--action contactMe|getItNow|freeTrial|testDrive|requestPrivateOffer]
                       --customer N --country DE [--city C] --contact PERSON [--wants-contact]
                       [--quality Q] [--email-validity V] [--phone-validity V]
                       [--solution SOL] [--campaign-id I] [--text T]         for the vendor
      tandem lead list [--tab marketplace|qualified|favourites] [--status S,…] [--action A,…]
                       [--country DE,…] [--customer BEGINNING] [--source S,…] [--class C,…]
                       [--quality Q,…] [--email-validity V,…] [--phone-validity V,…] [--max 100]
      tandem lead show LEAD
      tandem lead accept LEAD --name N --value "1000 EUR" --close-date 2027-01-31 --member PERSON…
                       [--notes T]
      tandem lead decline|lose LEAD --reason 1…8 [--notes T]
      tandem lead win|archive LEAD
      tandem lead convert LEAD --location LOC --street S [--street2 S] [--city C] [--name N] [--value V]
                       [--close-date D] [--notes T] [--crm-id I] [--solution SOLUTION]…
                       [--contact PERSON] [--member PERSON]… [--customer-id CUST]
                       [--share-customer] --share-with-others
      tandem lead favourite LEAD [--no]

      A Q is high, medium, low or unknown; a V valid, invalid, unknown, or spam for e-mail. A PERSON is
      written as "First Last <mail@host> +49 40 1234", a SOLUTION as its id or name, and
      "Telemetry hub | quantity 2.5" if known. Leads of getItNow, freeTrial and testDrive are
      for information: archive them when you have seen them. A deal is made of an accepted or won lead,
      which says what you leave out. Changes also take --validate-only and
      --idempotency-key TEXT (8 to 64 bytes).

        tandem lead list --tab marketplace --status received
        tandem lead list --action contactMe --country DE,AT --json
        tandem lead show lead_01j… --only lead.contact.email
        tandem lead decline lead_01j… --reason 4 --notes "not our trade"
        tandem lead convert lead_01j… --location loc_01j… --street "Weg 1" --share-with-others
        tandem lead archive lead_01j… --validate-only
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [
        ("send", send), ("list", list), ("show", show), ("accept", accept), ("decline", decline),
        ("win", win), ("lose", lose), ("archive", archive), ("convert", convert),
        ("favourite", favourite),
      ])
  }

  private static func send(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var made = NewLead(
      for: try arguments.id(.organisation, option: "partner"),
      try Arguments.word(arguments.required("class"), for: "class"),
      origin: try Arguments.word(arguments.required("origin"), for: "origin"))
    made.source = try arguments.word("source") ?? .unspecified
    made.callToAction = try arguments.word("action") ?? .unspecified
    made.quality = try arguments.word("quality") ?? .unspecified
    made.emailValidity = try arguments.word("email-validity") ?? .unspecified
    made.phoneValidity = try arguments.word("phone-validity") ?? .unspecified
    made.customerName = try arguments.required("customer")
    made.country = try arguments.required("country")
    made.city = try arguments.option("city") ?? ""
    made.contact = try DealChanges.person(arguments.required("contact"), "contact")
    made.wantsContact = arguments.flag("wants-contact")
    made.solution = try arguments.maybeID(.solution, option: "solution")
    made.campaignID = try arguments.option("campaign-id") ?? ""
    made.text = try arguments.option("text") ?? ""
    let isDry = arguments.flag("validate-only")
    let (lead, options) = (made, try callOptions(&arguments))
    return try await withServer(&arguments) { client in
      let id = try await client.sendLead(lead, validatesOnly: isDry, options: options)
      if isDry { return try output.tried("the lead can be sent") }
      try output.line(["lead": id], text(id))
    }
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var filter = LeadFilter()
    filter.tab = try arguments.word("tab") ?? .unspecified
    filter.statuses = try words("status", &arguments)
    filter.callsToAction = try words("action", &arguments)
    filter.countries = arguments.all("country").flatMap {
      $0.split(separator: ",").map(String.init)
    }
    filter.customerNamePrefix = try arguments.option("customer") ?? ""
    filter.sources = try words("source", &arguments)
    filter.classes = try words("class", &arguments)
    filter.qualities = try words("quality", &arguments)
    filter.emailValidities = try words("email-validity", &arguments)
    filter.phoneValidities = try words("phone-validity", &arguments)
    let maximum = try arguments.number("max", Int.self) ?? 100
    let chosen = filter
    return try await withServer(&arguments) { client in
      var rows: [LeadView] = []
      if maximum > 0 {
        for try await row in client.listLeads(chosen) {
          rows.append(row)
          if rows.count == maximum { break }
        }
      }
      try output.table(
        rows, ["ID", "STATUS", "CLASS", "ACTION", "QUALITY", "RECEIVED", "COUNTRY", "CUSTOMER"],
        rows.map { row in
          let lead = row.lead
          return [
            text(lead.id), lead.status.rawValue, lead.leadClass.rawValue,
            word(lead.callToAction), word(lead.quality), text(lead.receivedAt), lead.country,
            lead.customerName + (row.wantsContactNow ? " (waits for a call)" : ""),
          ]
        })
    }
  }

  private static func words<Value: WireWord>(
    _ name: String, _ arguments: inout Arguments
  ) throws -> [Value] {
    var found: [Value] = []
    for text in arguments.all(name) {
      for word in text.split(separator: ",") {
        found.append(try Arguments.word(String(word), for: name))
      }
    }
    return found
  }

  private static func word(_ value: some WireWord) -> String {
    value == .unspecified ? "" : value.rawValue
  }

  private static func show(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.lead)
    return try await withServer(&arguments) { client in
      let view = try await client.getLead(id)
      try output.facts(view, facts(view))
    }
  }

  private static func facts(_ view: LeadView) -> [(String, String)] {
    let lead = view.lead
    var facts: [(String, String)] = [
      ("id", text(lead.id)), ("status", lead.status.rawValue), ("version", "\(lead.version)"),
      ("class", lead.leadClass.rawValue), ("origin", lead.origin.rawValue),
      ("source", word(lead.source)), ("action", word(lead.callToAction)),
      ("quality", word(lead.quality)), ("customer", lead.customerName),
      ("country", lead.country), ("city", lead.city), ("contact", name(lead.contact)),
      ("phone", lead.contact.phone), ("e-mail is", word(lead.emailValidity)),
      ("phone is", word(lead.phoneValidity)),
      ("wants contact", view.wantsContactNow ? "now" : lead.wantsContact ? "yes" : ""),
      ("solution", lead.solutionName), ("campaign", lead.campaignID), ("text", lead.text),
      ("sent by", lead.sender.name), ("sent", text(lead.sentAt)),
      ("received", text(lead.receivedAt)), ("respond by", text(lead.respondBy)),
      ("deleted at", text(lead.deleteAt)), ("outcome", word(lead.outcome)),
      ("deal", text(lead.deal)), ("perhaps the same as", text(lead.possibleDuplicateOf)),
      ("favourite", view.isFavourite ? "yes" : ""),
    ]
    if let taken = lead.acceptance {
      facts += [
        ("name", taken.name), ("value", taken.value?.description ?? ""),
        ("close date", text(taken.closeDate)), ("notes", taken.notes),
      ]
      for member in taken.team { facts.append(("member \(member.line)", name(member.person))) }
    }
    if let closure = lead.closure { facts.append(("reason", "\(closure.reason) \(closure.notes)")) }
    return facts
  }

  private static func accept(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var made = LeadAcceptance()
    let id = try arguments.next(.lead)
    made.name = try arguments.required("name")
    made.value = try arguments.money("value")
    made.closeDate = try arguments.day("close-date")
    made.notes = try arguments.option("notes") ?? ""
    made.team = try arguments.all("member").map {
      TeamMember(try DealChanges.person($0, "member"))
    }
    let acceptance = made
    return try await change(&arguments, output) { client, isDry, options in
      try await client.acceptLead(id, acceptance, validatesOnly: isDry, options: options)
    }
  }

  private static func decline(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.lead)
    let (reason, notes) = try DealCommands.closure(&arguments)
    return try await change(&arguments, output) { client, isDry, options in
      try await client.declineLead(
        id, reason: reason, notes: notes, validatesOnly: isDry, options: options)
    }
  }

  private static func lose(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.lead)
    let (reason, notes) = try DealCommands.closure(&arguments)
    return try await change(&arguments, output) { client, isDry, options in
      try await client.loseLead(
        id, reason: reason, notes: notes, validatesOnly: isDry, options: options)
    }
  }

  private static func win(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.lead)
    return try await change(&arguments, output) { client, isDry, options in
      try await client.winLead(id, validatesOnly: isDry, options: options)
    }
  }

  private static func archive(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.lead)
    return try await change(&arguments, output) { client, isDry, options in
      try await client.archiveLead(id, validatesOnly: isDry, options: options)
    }
  }

  private static func convert(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.lead)
    let new = try deal(&arguments)
    let options = try DealCommands.changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      var made = new.deal
      made.solutions = try await SolutionCommands.lines(new.solutions, client)
      try DealCommands.show(await client.convertLead(id, made, options: options), output)
    }
  }

  /// What is not said the lead says.
  private static func deal(
    _ arguments: inout Arguments
  ) throws -> (deal: NewDeal, solutions: ChosenSolutions) {
    var deal = NewDeal()
    deal.name = try arguments.option("name") ?? ""
    deal.location = try arguments.maybeID(.location, option: "location")
    deal.customer.catalogueID = try arguments.maybeID(.customer, option: "customer-id")
    deal.customer.address = try DealChanges.address(&arguments)
    deal.customer.contacts = try DealChanges.people("contact", &arguments)
    deal.value = try arguments.money("value")
    deal.closeDate = try arguments.day("close-date")
    deal.notes = try arguments.option("notes") ?? ""
    deal.crmID = try arguments.option("crm-id") ?? ""
    deal.team = try DealChanges.people("member", &arguments)
    deal.consent.customerContact = arguments.flag("share-customer")
    deal.consent.shareWithOthers = arguments.flag("share-with-others")
    return (deal, try ChosenSolutions("solution", &arguments))
  }

  private static func favourite(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.lead)
    let isFavourite = !arguments.flag("no")
    return try await change(&arguments, output) { client, isDry, options in
      try await client.setLeadFavourite(id, isFavourite, validatesOnly: isDry, options: options)
    }
  }

  private static func change(
    _ arguments: inout Arguments, _ output: Output,
    _ ask: (Client, Bool, CallOptions) async throws -> LeadChange
  ) async throws -> Int32 {
    let isDry = arguments.flag("validate-only")
    let options = try callOptions(&arguments)
    return try await withServer(&arguments) { client in
      let done = try await ask(client, isDry, options)
      if isDry { return try output.tried("the lead can be changed so") }
      var facts = [("lead", text(done.id)), ("version", "\(done.version)")]
      facts.append(("commit", done.commit > 0 ? "\(done.commit)" : "nothing changed"))
      if done.isReplayed { facts.append(("replayed", "yes")) }
      try output.facts(done, facts)
    }
  }
}
