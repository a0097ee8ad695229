// SPDX-License-Identifier: Apache-2.0
// `customer …`: the realm's catalogue of customers.

import TandemClient

enum CustomerCommands {
  static let command = Command(
    name: "customer", summary: "find the customer of a deal; load the realm's customers",
    help: """
      tandem customer suggest NAME --country DE [--city C] [--max 10]
      tandem customer import FILE [--validate-only] [--progress]

      Suggests customers whose name begins with NAME, whatever case and accents; deal create
      --customer-id takes their ID. Importing is for the operator of a realm. FILE, or - for the standard
      input, has one JSON object to a line: account, name, line1, city, country and category (managed,
      unmanaged or other), and where known line2, state, postalCode, size, duns and mainAccount (of an
      account that is linked to another). A customer with an account that is listed is listed anew, so
      an import that was interrupted is simply begun again.

        tandem customer suggest cont --country DE --city Berlin
        tandem customer import customers.jsonl --progress
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("suggest", suggest), ("import", load)])
  }

  private static func suggest(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let prefix = try arguments.next("the beginning of a name")
    let country = try arguments.required("country")
    let city = try arguments.option("city") ?? ""
    let maximum = try arguments.number("max", UInt32.self) ?? 0
    return try await withServer(&arguments) { client in
      let found = try await client.suggestCustomers(
        prefix, country: country, city: city, maximum: maximum)
      try output.table(
        found, ["ID", "D-U-N-S", "CATEGORY", "LINKED", "CITY", "NAME"],
        found.rows.map { row in
          [
            text(row.id), row.duns, row.category.rawValue, "\(row.linkedAccounts)",
            row.address.city, row.name,
          ]
        })
    }
  }

  /// As many as one call takes.
  private static let batch = 250

  private static func load(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var file = try CustomerFile(arguments.next("the FILE (- for the standard input)"))
    let validateOnly = arguments.flag("validate-only")
    let tellsProgress = arguments.flag("progress")
    return try await withServer(&arguments) { client in
      var total = CustomerImport()
      var isMore = true
      while isMore {
        let first = file.lineNumber + 1
        var customers: [CatalogueCustomer] = []
        while customers.count < batch, let customer = try file.next() { customers.append(customer) }
        isMore = customers.count == batch
        guard !customers.isEmpty else { break }
        do {
          total.add(try await send(customers[...], validateOnly: validateOnly, by: client))
        } catch {
          output.console.complain("tandem customer: lines \(first) to \(file.lineNumber):")
          throw error
        }
        if tellsProgress, isMore { try output.line(total, total.told) }
      }
      try output.line(total, total.told)
    }
  }

  /// In halves when together they are more than the server stores at once.
  private static func send(
    _ customers: ArraySlice<CatalogueCustomer>, validateOnly: Bool, by client: Client
  ) async throws(TandemError) -> CustomerImport {
    do {
      return try await client.importCustomers(Array(customers), validatesOnly: validateOnly)
    } catch {
      guard error.reason == "COMMIT_TOO_LARGE", customers.count > 1 else { throw error }
    }
    let half = customers.startIndex + customers.count / 2
    var total = try await send(customers[..<half], validateOnly: validateOnly, by: client)
    total.add(try await send(customers[half...], validateOnly: validateOnly, by: client))
    return total
  }
}

extension CustomerImport {
  fileprivate mutating func add(_ other: CustomerImport) {
    commit = max(commit, other.commit)
    added += other.added
    changed += other.changed
    unchanged += other.unchanged
  }

  fileprivate var told: String { "\(added) added, \(changed) changed, \(unchanged) as they were" }
}
