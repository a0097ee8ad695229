// SPDX-License-Identifier: Apache-2.0
// Samples of requests about what a realm's directory holds.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Requests {
  static func directory(_ values: inout RandomValues) -> [RequestSample] {
    let customers = values.catalogueCustomers()
    let routing = values.routing()
    return [
      sample(
        .suggestCustomers,
        .query(
          .suggestCustomers(
            SuggestCustomers(
              country: CountryCode(packed: 0x4445), city: "Bonn", namePrefix: "Ad", max: 7)))
      ) { writer in
        writer.text(1, "DE")
        writer.text(2, "Bonn")
        writer.text(3, "Ad")
        writer.unsigned(4, 7 as UInt32)
      },
      sample(
        .importCustomers,
        .command(
          .importCustomers(ImportCustomers(customers: customers, validateOnly: true)),
          returnDeal: false)
      ) { writer in
        writer.messages(1, customers)
        writer.flag(2, true)
      },
      sample(.listRoutingRules, .query(.listRoutingRules)) { _ in },
      sample(
        .setRoutingRules,
        .command(
          .setRoutingRules(
            SetRoutingRules(
              rules: routing.rules, defaultLocation: routing.defaultLocation ?? .zero,
              validateOnly: true)),
          returnDeal: false)
      ) { writer in
        routing.write(to: &writer)
        writer.flag(3, true)
      },
    ]
  }
}
