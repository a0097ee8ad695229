// SPDX-License-Identifier: Apache-2.0
// Reference data and rules over the wire: what is told is what is taken (ruling 9).

import TandemClient
import TandemWire
import Testing

struct ReferenceScenarios {
  @Test func `ruling 9 what may be chosen is told with its version and date`() async throws {
    try await Ecosystem.run { world in
      let rules = try await world.contoso.client.describeRules()
      #expect(rules.version > 0 && rules.effective != nil)
      let lists = Dictionary(uniqueKeysWithValues: rules.lists.map { ($0.name, $0.choices) })
      #expect(lists["reasons_declined_or_lost"]?.map(\.code) == Array(1...8))
      #expect(lists["reasons_error"]?.map(\.code) == Array(1...9))
      for (percent, stage) in [(20, "qualified"), (40, "developed"), (60, "proposed")] {
        let names = lists["sales_stages"]?.filter { $0.code == UInt32(percent) }.map(\.word) ?? []
        #expect(names == [stage])
      }
      for list in rules.lists where list.name != "own_stages" {
        #expect(list.version > 0 && list.effective != nil && !list.choices.isEmpty, "\(list.name)")
      }
      #expect(lists["countries"]?.first { $0.word == "DE" }?.text == "Germany")
      #expect(lists["currencies"]?.first { $0.word == "JPY" }?.decimals == 0)
      #expect(lists["incentives"]?.map(\.code) == [1, 2, 3])
      #expect(lists["own_stages"]?.isEmpty == true)
      let policy = Dictionary(uniqueKeysWithValues: rules.policy.map { ($0.name, $0.value) })
      #expect(policy["answer_window"] == Int64(14 * 86_400_000))
      #expect(policy["counterparts_max"] == Int64(20))
    }
  }

  @Test func `ruling 9 one list is told by its name, with the organisation's own words`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      try await client.setStageNames([StageName("Quote", stage: 60)])
      let rules = try await client.describeRules(lists: ["own_stages", "roles"])
      #expect(rules.lists.map(\.name) == ["own_stages", "roles"])
      #expect(rules.lists.first?.choices.map(\.word) == ["Quote"])
      #expect(rules.lists.first?.version == 0 && rules.lists.first?.effective == nil)
      #expect(rules.requirements.isEmpty && rules.limits.isEmpty && rules.version > 0)
      let refusal = try await refused { try await client.describeRules(lists: ["rolls"]) }
      #expect(refusal.violations.map(\.field) == ["lists[0]"])
      #expect(refusal.violations.map(\.reason) == ["LIST_UNKNOWN"])
    }
  }

  @Test func `ruling 9 a currency is taken exactly between its dates`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let now = try #require(try await client.getRealm().now)
      let rules = try await client.describeRules(lists: ["currencies"])
      let dated = rules.lists.flatMap(\.choices).filter { $0.from != nil || $0.until != nil }
      #expect(!dated.isEmpty)
      for currency in dated {
        var deal = NewDeal.complete(for: world.contoso)
        deal.value = Money("10 \(currency.word)")
        let isMoney =
          currency.from.map { $0 <= now } ?? true && currency.until.map { now < $0 } ?? true
        if isMoney {
          _ = try await client.createDeal(deal)
        } else {
          let offered = deal
          let refusal = try await refused { try await client.createDeal(offered) }
          #expect(refusal.violations.map(\.field) == ["value.currency"], "\(currency.word)")
        }
      }
    }
  }

  @Test func `ruling 9, ruling 7 a request that says nothing lacks what the rules tell`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let rules = try await client.describeRules()
      for method in [
        Method.createDeal, .getDeal, .getDeals, .publishSolution, .addUser, .addLocation, .transact,
        .suggestCustomers, .winDeal, .setUserGrants,
      ] {
        let name = String(method.name.drop { $0 != "/" }.dropFirst())
        let told = rules.requirements.filter { $0.request == name && $0.condition.isEmpty }
        #expect(!told.isEmpty, "\(name)")
        let refusal = try await refused {
          try await client.raw(method: method.rawValue, body: [])
        }
        #expect(refusal.violations.map(\.field) == told.map(\.field), "\(name)")
      }
    }
  }

  /// A list, the request that carries its codes, and where.
  private struct Carried {
    let list: String
    let method: Method
    let number: UInt32
    let field: String
  }

  private static let carried = [
    Carried(list: "solution_types", method: .publishSolution, number: 3, field: "type"),
    Carried(list: "incentives", method: .publishSolution, number: 5, field: "incentives[0]"),
    Carried(list: "lead_classes", method: .sendLead, number: 2, field: "lead_class"),
    Carried(list: "lead_origins", method: .sendLead, number: 3, field: "origin"),
    Carried(list: "lead_sources", method: .sendLead, number: 4, field: "source"),
    Carried(list: "calls_to_action", method: .sendLead, number: 5, field: "call_to_action"),
    Carried(list: "lead_qualities", method: .sendLead, number: 6, field: "quality"),
    Carried(list: "contact_validities", method: .sendLead, number: 7, field: "email_validity"),
  ]

  @Test func `ruling 9, R-907, section 4.3 exactly the listed codes are known`() async throws {
    try await Ecosystem.run { world in
      let client = world.vendor.client
      for carried in Self.carried {
        let rules = try await client.describeRules(lists: [carried.list])
        let codes = try #require(rules.lists.first).choices.map(\.code)
        let next = try #require(codes.max()) + 1
        for code in codes + [next] {
          var writer = ProtoWriter()
          writer.unsigned(carried.number, code)
          let body = writer.bytes
          let refusal = try await refused {
            try await client.raw(method: carried.method.rawValue, body: body)
          }
          let isUnknown = refusal.violations.contains {
            $0.field == carried.field && $0.description.contains("is not known")
          }
          #expect(isUnknown == (code == next), "\(carried.list) \(code)")
        }
      }
    }
  }
}
