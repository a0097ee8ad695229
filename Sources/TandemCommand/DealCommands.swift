// SPDX-License-Identifier: Apache-2.0
// `deal …`: reading deals and closing them. Making and changing them is in DealChanges.

import TandemClient

enum DealCommands {
  static let command = Command(
    name: "deal", summary: "create, read, change, invite to, answer and close deals",
    help: """
      tandem deal get DEAL…
      tandem deal get DEAL --at-version 3 | --at 2027-01-31T09:30Z     as it was
      tandem deal history|actions|eligibility|favourite|acknowledge|win DEAL
      tandem deal list [--sort FIELD[,FIELD]] [--descending] [--max 100]     newest first, or by
                       one or two fields (-FIELD: backwards) of
                       updated, created, closeDate, value, name, customerName, status, stage;
                       and what the deals must satisfy:
      \(FilterArguments.help)
      tandem deal find CRM-ID                                              the only deal with it
      tandem deal count [--by status|stage|kind|direction|country|closeMonth|campaign[,…]] [--sum]
                       and the same conditions
      tandem deal create --name N --location LOC --customer N --country DE --value "1000 EUR"
                       --close-date 2027-01-31 --solution SOLUTION [--contact PERSON]
                       [--assessment-location LOC] [--crm-id I] [--campaign-id I] [--notes T]
                       [--visible-to-vendor [--help-code C --notes-to-vendor T]]
                       [--member PERSON]… [--owner MAIL] [--tag T]… [--share-customer]
                       [--share-with-others]
      tandem deal patch DEAL [--name N] [--value V] [--close-date D] [--crm-id I] [--campaign-id I]
                       [--notes T] [--stage 40|proposed] [--add-member PERSON]…
                       [--remove-member LINE]… [--base-version V [--whole-deal]]
                       [--contact PERSON]… (all of the customer's, anew)
                       [--add-solution SOLUTION]… [--remove-solution LINE]…
                       [--visible-to-vendor] [--tag T]…|--no-tags [--owner MAIL|--no-owner]
      tandem deal invite DEAL --organisation ORG --value V|--vendor --help-code C
                       --solution-lines 1,2 [--team-lines 3] [--close-date D] [--notes T]
                       [--share-customer]
      tandem deal extend DEAL --organisation ORG|--vendor --days N|--until 2027-01-31
      tandem deal accept DEAL --name N [--value V] [--close-date D] [--crm-id I] [--notes T]
                       [--member PERSON]…
      tandem deal lose|decline DEAL --reason 1…8 [--notes T]
      tandem deal error DEAL --reason 1…9 [--notes T]     should not be there, such as a duplicate

      --visible-to-vendor lets the vendor read the deal, for ever; --help-code asks it for help.
      An assessment is the only --solution of its deal, made at --assessment-location; it is won after
      --stage secure_customer_loe, collect_data, prepare_report and present_to_customer, one by one.
      tandem deal transact FILE [--validate-only]         all lines of the file or none
      tandem deal export [FILE], tandem deal import FILE  many deals; see deal export --help

      A FILE has one change a line, as it would be typed behind tandem deal, or favourite; @0 stands
      for the deal that the first line creates, @1 for the second's. # begins a comment.
      A PERSON is written as "First Last <mail@host> +49 40 1234, title", or "Last, First <mail@host>"
      when the first name has spaces. A SOLUTION is its id or name, and what else is known of the line:
      "Telemetry hub | quantity 2.5 | price 100.00 EUR". deal create takes the customer's --street,
      --street2, --city, --state, --postal-code, --customer-size, and --customer-identifier for each of
      its numbers ("duns 123456789" or "external NUMBER") besides --country. Instead of these and
      --customer, --customer-id takes one that customer suggest found.
      Changes also take --idempotency-key TEXT (8 to 64 bytes) and --validate-only, which runs every
      rule and changes nothing.

        tandem deal create --name "Yard cameras" --location loc_01j… --customer "Litware Press" \\
          --street "Elbchaussee 7" --street2 "Yard 3" --city Hamburg --country DE \\
          --customer-identifier "duns 123456789" --customer-identifier "external K-4711" \\
          --value "40000 EUR" --close-date 2099-06-30 --solution "Telemetry hub | quantity 2.5" \\
          --member "Carla Conte <carla@contoso.example> +49 30 5550100" --share-with-others
        tandem deal list --status accepted --json
        tandem deal get deal_01j… --at 2026-11-30
        tandem deal list --mine --due-within 3d
        tandem deal list --tag renewal --owner carla@contoso.example
        tandem deal list --status accepted --sort -value,closeDate --max 10
        tandem deal count --by status
        tandem deal eligibility deal_01j…
        tandem deal count --by closeMonth,stage --sum --status accepted
        tandem deal list --country DE,AT --value-from "10000 EUR" --text telemetry
        tandem deal patch deal_01j… --stage 60 --notes "second meeting held"
        tandem deal patch deal_01j… --visible-to-vendor
        tandem deal patch deal_01j… --add-solution "Telemetry hub | quantity 3" --remove-solution 2
        tandem deal patch deal_01j… --stage collect_data
        tandem deal extend deal_01j… --vendor --days 7
        tandem deal decline deal_01j… --reason 2 --notes "no capacity"
        tandem deal transact new-deal.txt --validate-only
        tandem deal error deal_01j… --reason 9 --notes "entered for a test"
      """,
    helpOfWords: ["export": DealExport.help, "import": DealImport.help]
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [
        ("create", DealChanges.create), ("get", get), ("list", list), ("find", find),
        ("count", DealCounting.count),
        ("patch", DealChanges.patch),
        ("invite", DealChanges.invite), ("extend", DealChanges.extend),
        ("transact", Transactions.transact),
        ("export", DealExport.run), ("import", DealImport.run),
        ("accept", DealChanges.accept), ("decline", decline),
        ("win", win), ("lose", lose), ("error", closeAsError), ("acknowledge", acknowledge),
        ("history", history), ("actions", actions),
        ("eligibility", EligibilityCommand.show), ("favourite", favourite),
      ])
  }

  private static func get(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    var more: [ID] = []
    while let word = arguments.maybeNext() { more.append(try Arguments.id(.deal, word)) }
    guard more.isEmpty else { return try await getAll([id] + more, &arguments, output) }
    let version = try arguments.number("at-version", UInt64.self)
    let moment = try arguments.moment("at")
    if version != nil, moment != nil {
      throw UsageError("--at-version and --at both name a past; give one")
    }
    return try await withServer(&arguments) { client in
      let view =
        if let version {
          try await client.getDeal(id, version: version)
        } else if let moment {
          try await client.getDeal(id, at: moment)
        } else {
          try await client.getDeal(id)
        }
      try output.facts(view, facts(view))
    }
  }

  private static func getAll(
    _ ids: [ID], _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    var missing: [ID] = []
    let code = try await withServer(&arguments) { client in
      let views = try await client.getDeals(ids)
      let found = Set(views.compactMap(\.deal.id))
      missing = ids.filter { !found.contains($0) }
      try show(views, output)
    }
    for id in missing { output.console.complain("there is no deal \(id) that you may see") }
    return missing.isEmpty ? code : 1
  }

  private static func facts(_ view: DealView) -> [(String, String)] {
    let deal = view.deal
    var facts: [(String, String)] = [
      ("id", text(deal.id)), ("name", knownName(of: deal)), ("status", deal.status.rawValue),
      ("direction", deal.direction.rawValue), ("version", "\(deal.version)"),
      ("stage", deal.stage > 0 ? "\(deal.stage) %" : ""), ("kind", deal.baseKind.rawValue),
      ("shadow", deal.isShadow ? "you may only read it" : ""),
      ("customer", deal.customer.name), ("value", deal.value?.description ?? ""),
      ("close date", text(deal.closeDate)), ("respond by", text(deal.respondBy)),
      ("reminder", text(deal.remindAt)),
      ("location", text(deal.location)), ("made of", text(deal.lead)), ("CRM id", deal.crmID),
      ("campaign", deal.campaignID),
      ("initiator", deal.initiator.name), ("created", text(deal.createdAt)),
      ("updated", text(deal.updatedAt)), ("closed", text(deal.closedAt)),
      ("favourite", view.isFavourite ? "yes" : ""), ("notes", deal.notes),
      ("tags", deal.tags.joined(separator: ", ")),
      ("owner", deal.owner.map { name($0.person) } ?? ""),
    ]
    for member in deal.team { facts.append(("member \(member.line)", name(member.person))) }
    for contact in deal.customer.contacts {
      facts.append(("contact \(contact.line)", ItemNotation.text(of: contact.person)))
    }
    for line in deal.solutions {
      let sold = ListedSolution(
        name: line.name, quantityMilli: line.quantityMilli, price: line.price)
      facts.append(("solution \(line.line)", ItemNotation.text(of: sold)))
    }
    for line in deal.solutions where line.assessmentLocation != nil {
      facts.append(("assessed at", text(line.assessmentLocation)))
    }
    for done in deal.assessment?.completed ?? [] {
      facts.append(("complete", "\(done.stage) % since \(text(done.at))"))
    }
    for card in deal.cards {
      facts.append(("invited", "\(card.organisation.name): \(standing(of: card))"))
    }
    if let desk = deal.shownTo { facts.append(("shown to", desk.name)) }
    return facts
  }

  /// What became of an invitation; while it is open, until when it may be answered, and in the end what
  /// the partner reported.
  private static func standing(of card: Card) -> String {
    if let report = card.report { return "\(card.status.rawValue), \(words(of: report))" }
    guard [.pending, .received].contains(card.status) else { return card.status.rawValue }
    let prefix = card.status == .pending ? "pending" : "received, to be answered"
    var words = "\(prefix) until \(text(card.respondBy ?? card.content?.respondBy))"
    if let asked = card.askedRespondBy { words += ", asked until \(text(asked))" }
    return words
  }

  private static func words(of report: ClosingReport) -> String {
    let why = report.reason > 0 ? "reason \(report.reason), " : ""
    return why + "\(report.value?.description ?? ""), close date \(text(report.closeDate))"
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var filter = DealFilter()
    filter.allOf = try FilterArguments.read(&arguments)
    // People look for what is new.
    filter.sort = .created
    filter.descending = true
    try readOrder(&arguments, into: &filter)
    if !output.isJSON, output.only == nil { filter.fields = shownFields }
    let maximum = try arguments.number("max", Int.self) ?? 100
    guard maximum > 0 else { throw UsageError("--max: \(maximum) is too few; say 1 or more") }
    let chosen = filter
    return try await withServer(&arguments) { client in
      var rows: [DealView] = []
      for try await row in client.listDeals(chosen) {
        if rows.count >= maximum { break }
        rows.append(row)
      }
      try show(rows, output)
    }
  }

  /// How a list is sorted; what is not said stays as the filter has it.
  private static func readOrder(
    _ arguments: inout Arguments, into filter: inout DealFilter
  ) throws {
    let words = try arguments.list("sort")
    guard words.count <= 2 else { throw UsageError("--sort names at most two fields") }
    let fields: [(sort: DealSort, descending: Bool)] = try words.map {
      (try Arguments.word(String($0.drop { $0 == "-" }), for: "sort"), $0.hasPrefix("-"))
    }
    if let first = fields.first {
      filter.sort = first.sort
      filter.descending = first.descending
    }
    if arguments.flag("descending") { filter.descending = true }
    guard fields.count == 2 else { return }
    filter.thenSort = fields[1].sort
    filter.thenDescending = fields[1].descending
  }

  private static func find(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var filter = DealFilter()
    filter.allOf = [[.text(.crmID, .equal, [try arguments.next("the CRM id")])]]
    let chosen = filter
    return try await withServer(&arguments) { client in
      let view = try await client.findDeal(chosen)
      try output.facts(view, facts(view))
    }
  }

  /// What a table of deals shows: direction, status, name, customer, value, and what the other side
  /// shares.
  private static let shownFields: [UInt32] = [4, 5, 8, 10, 11, 30]

  private static func show(_ rows: [DealView], _ output: Output) throws {
    try output.table(
      rows, ["ID", "STATUS", "DIRECTION", "VALUE", "CUSTOMER", "NAME"],
      rows.map {
        [
          text($0.deal.id), $0.deal.status.rawValue, $0.deal.direction.rawValue,
          $0.deal.value?.description ?? "", $0.deal.customer.name, knownName(of: $0.deal),
        ]
      })
  }

  /// A copy that waits for its answer has no name of its own yet; the vendor reads the initiator's.
  private static func knownName(of deal: Deal) -> String {
    deal.name.isEmpty ? deal.sharedView?.details?.name ?? "" : deal.name
  }

  private static func actions(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.deal)
    return try await withServer(&arguments) { client in
      let found = try await client.describeDealActions(id)
      let rows =
        found.actions.flatMap { lines($0.action.rawValue, $0.isAllowed, $0.obstacles) }
        + found.fields.flatMap { lines($0.path, $0.isEditable, $0.obstacles) }
      try output.table(found, ["ACTION OR FIELD", "ALLOWED", "RULES", "WHY NOT"], rows)
    }
  }

  /// One for each rule that forbids it, so that whoever seeks a name finds all of them.
  private static func lines(
    _ name: String, _ isAllowed: Bool, _ obstacles: [Obstacle]
  ) -> [[String]] {
    guard !obstacles.isEmpty else { return [[name, isAllowed ? "yes" : "no", "", ""]] }
    return obstacles.map { obstacle in
      let rules = obstacle.rules.joined(separator: ", ")
      // Of a field the text says what is wrong with it; its reason is a rule most of the time.
      let subject = obstacle.field.isEmpty || obstacle.field == name ? "" : "\(obstacle.field) "
      let reason = obstacle.rules.contains(obstacle.reason) ? "" : "\(obstacle.reason): "
      return [name, "no", rules, reason + subject + obstacle.text]
    }
  }

  private static func history(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let after = try arguments.number("after", UInt64.self) ?? 0
    return try await withServer(&arguments) { client in
      var entries: [DealHistoryEntry] = []
      for try await entry in client.dealHistory(id, after: after) { entries.append(entry) }
      try output.table(
        entries, ["COMMIT", "AT", "VERSION", "CAUSE", "ACTOR", "FIELDS"],
        entries.map {
          [
            "\($0.commit)", text($0.at), "\($0.version)", $0.cause.rawValue,
            text($0.actor) + ($0.via.map { " via \($0)" } ?? ""),
            $0.fields.map(Deal.fieldName).joined(separator: " "),
          ]
        })
    }
  }

  private static func favourite(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let isFavourite = !arguments.flag("no")
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.setFavourite(id, isFavourite, validatesOnly: isDry)
      try output.done(
        ["favourite": isFavourite], isFavourite ? "marked" : "no longer marked", isDry: isDry)
    }
  }

  private static func acknowledge(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let id = try arguments.next(.deal)
    var options = ChangeOptions()
    options.call = try callOptions(&arguments)
    options.validatesOnly = arguments.flag("validate-only")
    let chosen = options
    return try await withServer(&arguments) { client in
      try show(await client.acknowledgeDeal(id, options: chosen), output)
    }
  }

  private static func win(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let options = try changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      try show(await client.winDeal(id, options: options), output)
    }
  }

  private static func lose(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await end(&arguments, output) { client, id, reason, notes, options in
      try await client.loseDeal(id, reason: reason, notes: notes, options: options)
    }
  }

  private static func closeAsError(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    try await end(&arguments, output) { client, id, reason, notes, options in
      try await client.closeDealAsError(id, reason: reason, notes: notes, options: options)
    }
  }

  private static func decline(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    try await end(&arguments, output) { client, id, reason, notes, options in
      try await client.declineDeal(id, reason: reason, notes: notes, options: options)
    }
  }

  /// The commands that end a deal for a reason.
  private static func end(
    _ arguments: inout Arguments, _ output: Output,
    _ ask: (Client, ID, UInt32, String, ChangeOptions) async throws -> DealChange
  ) async throws -> Int32 {
    let id = try arguments.next(.deal)
    let (reason, notes) = try closure(&arguments)
    let options = try changeOptions(&arguments)
    return try await withServer(&arguments) { client in
      try show(try await ask(client, id, reason, notes, options), output)
    }
  }

  static func closure(
    _ arguments: inout Arguments
  ) throws(UsageError) -> (reason: UInt32, notes: String) {
    guard let reason = try arguments.number("reason", UInt32.self) else {
      throw UsageError("--reason is missing")
    }
    return (reason, try arguments.option("notes") ?? "")
  }

  static func changeOptions(_ arguments: inout Arguments) throws -> ChangeOptions {
    var options = ChangeOptions()
    options.validatesOnly = arguments.flag("validate-only")
    options.baseVersion = try arguments.number("base-version") ?? 0
    options.call = try callOptions(&arguments)
    return options
  }

  static func show(_ change: DealChange, _ output: Output) throws {
    var facts = [("deal", text(change.id)), ("version", "\(change.version)")]
    facts.append(("commit", change.commit > 0 ? "\(change.commit)" : "nothing changed"))
    if change.isReplayed { facts.append(("replayed", "yes")) }
    for warning in change.warnings { facts.append(("warning", "\(warning.code) \(warning.text)")) }
    try output.facts(change, facts)
  }
}

func text(_ id: ID?) -> String { id?.description ?? "" }

func text(_ moment: Moment?) -> String { moment?.description ?? "" }

func name(_ person: Person) -> String {
  let mail = person.email.isEmpty ? "" : "<\(person.email)>"
  return [person.firstName, person.lastName, mail].filter { !$0.isEmpty }.joined(separator: " ")
}

func callOptions(_ arguments: inout Arguments) throws -> CallOptions {
  CallOptions(idempotencyKey: Array((try arguments.option("idempotency-key") ?? "").utf8))
}
