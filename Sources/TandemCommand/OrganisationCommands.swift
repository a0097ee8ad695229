// SPDX-License-Identifier: Apache-2.0
// `org` and `location`: organisations and their places.

import TandemClient

enum OrganisationCommands {
  static let command = Command(
    name: "org", summary: "register, update, list and show organisations",
    help: """
      tandem org get
      tandem org list [--prefix NAME] [--max 50]
      tandem org register --kind partner|vendor --name N --country DE
                       --administrator PERSON [--not-transacting]
                       [--outside-ecosystem] [--assessment-vetted] [--covers DE,AT]
                       [--idempotency-key TEXT]
      tandem org update ORGANISATION [--in-ecosystem yes|no] [--transacts yes|no]
                       [--vetted yes|no]
      A search finds who may be invited and has a word that begins with NAME, whatever case and accents;
      who answers invitations quickly comes first.
      Registering is for the operator of a realm. The administrator's key is told once. A desk of the
      vendor covers the countries of its customers; one without any is the default desk. A partner that
      is vetted for them may create assessments. Updating changes what is named, for what is asked from
      then on: a partner that left the ecosystem is neither found nor invited, and others are not
      offered what it sells; deals and open invitations stay as they are. With --validate-only every
      rule is run and nothing is registered or changed.

        tandem org list --prefix Nor
        tandem org list --prefix "energie s"
        tandem org register --kind partner --name Nordwind --country DE \\
          --administrator "Ada Berg <ada@nordwind.example>"
        tandem org update org_01j… --in-ecosystem no
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [("get", get), ("list", list), ("register", register), ("update", update)])
  }

  private static func get(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let found = try await client.getOrganisation()
      try output.facts(
        found,
        [
          ("id", text(found.id)), ("name", found.name), ("kind", found.kind.rawValue),
          ("country", found.country), ("realm", text(found.realm)),
          ("in ecosystem", found.inEcosystem ? "yes" : "no"),
          ("transacts", found.transacts ? "yes" : "no"),
          ("assessments", found.isAssessmentVetted ? "vetted" : ""),
          ("created", text(found.createdAt)),
        ])
    }
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let prefix = try arguments.option("prefix") ?? ""
    let maximum = try arguments.number("max", UInt32.self) ?? 0
    return try await withServer(&arguments) { client in
      let all = try await client.listOrganisations(namePrefix: prefix, maximum: maximum)
      try output.table(
        all, ["ID", "KIND", "COUNTRY", "ANSWERS", "NAME"],
        all.map { found in
          [
            text(found.id), found.kind.rawValue, found.country,
            found.responsiveness == .unspecified ? "" : found.responsiveness.rawValue, found.name,
          ]
        })
    }
  }

  /// Every part counts: an empty one may be a variable that is not set.
  private static func countries(_ arguments: inout Arguments) throws(UsageError) -> [String] {
    guard let text = try arguments.option("covers") else { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !parts.contains("") else {
      throw UsageError("--covers: \"\(text)\" is no list of countries such as DE,AT")
    }
    return parts
  }

  private static func register(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    var made = NewOrganisation(
      try Arguments.word(arguments.required("kind"), for: "kind"),
      name: try arguments.required("name"), country: try arguments.required("country"),
      administrator: try DealChanges.person(
        arguments.required("administrator"), "administrator"))
    made.transacts = !arguments.flag("not-transacting")
    made.inEcosystem = !arguments.flag("outside-ecosystem")
    made.isAssessmentVetted = arguments.flag("assessment-vetted")
    made.covers = try countries(&arguments)
    let (organisation, options) = (made, try callOptions(&arguments))
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let done = try await client.registerOrganisation(
        organisation, validatesOnly: isDry, options: options)
      if isDry { return try output.tried("the organisation could be registered") }
      try output.facts(
        done,
        [
          ("organisation", text(done.organisation)), ("administrator", text(done.administrator)),
          ("global location", text(done.globalLocation)), ("key id", text(done.keyID)),
          ("key", done.key.isEmpty ? "was told before" : done.key),
        ])
    }
  }

  private static func update(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.organisation)
    var change = OrganisationChange()
    change.inEcosystem = try arguments.choice("in-ecosystem")
    change.transacts = try arguments.choice("transacts")
    change.isAssessmentVetted = try arguments.choice("vetted")
    let (said, isDry) = (change, arguments.flag("validate-only"))
    guard said != OrganisationChange() else {
      throw UsageError("say --in-ecosystem, --transacts or --vetted, with yes or no")
    }
    return try await withServer(&arguments) { client in
      try await client.updateOrganisation(id, said, validatesOnly: isDry)
      try output.done(["id": id], "\(id) changed", isDry: isDry)
    }
  }
}

enum LocationCommands {
  static let command = Command(
    name: "location", summary: "add and list locations",
    help: """
      tandem location list
      tandem location add --name N --country DE [--partner-id P]
                          [--street S [--street2 S] --city C [--state S] [--postal-code P]]
                          [--validate-only] [--idempotency-key TEXT]

      --partner-id is the location's number in the vendor's partner programme.

        tandem location add --name Hamburg --country DE
        tandem location add --name Lyon --country FR --partner-id 4711 --street "Quai 1" --city Lyon
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list), ("add", add)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let all = try await client.listLocations()
      try output.table(
        all, ["ID", "COUNTRY", "GLOBAL", "PARTNER ID", "NAME"],
        all.map {
          [text($0.id), $0.country, $0.isGlobal ? "yes" : "no", $0.partnerID, $0.name]
        })
    }
  }

  /// Nil when nothing of it is said beside the country.
  private static func address(_ arguments: inout Arguments) throws -> Address? {
    let address = try DealChanges.address(&arguments)
    var nowhere = Address()
    nowhere.country = address.country
    return address == nowhere ? nil : address
  }

  private static func add(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let name = try arguments.required("name")
    let country = try arguments.required("country")
    let partnerID = try arguments.option("partner-id") ?? ""
    let address = try address(&arguments)
    let options = try callOptions(&arguments)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      if isDry {
        try await client.checkLocation(
          name: name, country: country, partnerID: partnerID, address: address, options: options)
        return try output.tried("the location could be added")
      }
      let id = try await client.addLocation(
        name: name, country: country, partnerID: partnerID, address: address, options: options)
      try output.line(["id": id], "\(id)")
    }
  }
}
