// SPDX-License-Identifier: Apache-2.0
// Reference data says what the schema says: names, numbers, and what an empty body lacks.

import CProtobufC
import CTandemWire
import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct ReferenceWordTests {
  private static var enumerations: [(list: String, descriptor: ProtobufCEnumDescriptor)] {
    [
      ("deal_statuses", tandem__v1__deal_status__descriptor),
      ("directions", tandem__v1__direction__descriptor),
      ("deal_kinds", tandem__v1__base_kind__descriptor),
      ("help_codes", tandem__v1__help_code__descriptor),
      ("duplicate_policies", tandem__v1__duplicate_policy__descriptor),
      ("match_categories", tandem__v1__match_category__descriptor),
      ("customer_identifier_schemes", tandem__v1__customer_identifier_scheme__descriptor),
      ("solution_groups", tandem__v1__solution_group__descriptor),
      ("solution_types", tandem__v1__solution_type__descriptor),
      ("incentives", tandem__v1__incentive__descriptor),
      ("organisation_kinds", tandem__v1__organisation_kind__descriptor),
      ("roles", tandem__v1__role__descriptor),
      ("notification_topics", tandem__v1__notification_topic__descriptor),
      ("lead_classes", tandem__v1__lead_class__descriptor),
      ("lead_origins", tandem__v1__lead_origin__descriptor),
      ("lead_sources", tandem__v1__lead_source__descriptor),
      ("calls_to_action", tandem__v1__call_to_action__descriptor),
      ("lead_qualities", tandem__v1__lead_quality__descriptor),
      ("contact_validities", tandem__v1__contact_validity__descriptor),
      ("lead_statuses", tandem__v1__lead_status__descriptor),
    ]
  }

  @Test func `ruling 9 lists have the names and numbers of the schema`() throws {
    for (name, descriptor) in Self.enumerations {
      let list = try #require(ReferenceList.all.first { $0.name == name })
      var values: [UInt32: String] = [:]
      for index in 0..<Int(descriptor.n_values) {
        let value = descriptor.values[index]
        values[UInt32(value.value)] = String(cString: value.name)
      }
      let unspecified = values.removeValue(forKey: 0)
      let prefix = try #require(unspecified).dropLast("UNSPECIFIED".count)
      #expect(list.entries.count == values.count, "\(name)")
      for entry in list.entries {
        #expect(values[entry.code] == prefix + entry.word.uppercased(), "\(name) \(entry.code)")
      }
    }
  }

  @Test func `what an empty body lacks is told for every method that takes none`() throws {
    let told = RequestCodec.requirements
    for (request, field) in [
      ("GetDeal", "deal_id"), ("PatchDeal", "deal_id"), ("GetDeals", "deal_ids"),
      ("RegisterOrganisation", "kind"), ("Watch", "start"), ("GetLead", "lead_id"),
      ("IssueKey", "user_id"),
    ] {
      #expect(
        told.contains { $0.request == request && $0.problem.field == field }, "\(request) \(field)")
    }
    let names = Set(Method.allCases.map { $0.name.split(separator: "/").last.map(String.init) })
    #expect(told.allSatisfy { names.contains($0.request) && $0.problem.rule == "FIELD_REQUIRED" })
    #expect(!told.contains { $0.request == "ListDeals" || $0.request == "DescribeRules" })
  }

  /// A client that takes the smallest frames gets all of it, with the most and longest own stages.
  @Test func `the whole rule book fits into the smallest frame that clients take`() throws {
    var state = TenantState()
    state.organisation = Organisation(
      id: TenantID(high: 1, low: 1), realm: RealmID(high: 1, low: 2), kind: .partner,
      name: "Contoso", country: CountryCode(packed: 0x4445), inEcosystem: true, transacts: true,
      createdAt: .zero)
    state.organisation?.stageNames = (0..<Limits.stageNames).map { _ in
      StageName(name: Text(String(repeating: "x", count: Limits.nameBytes)), stage: .proposed)
    }
    var bytes: [UInt8] = []
    ReplyCodec.encode(RuleBook(state, besides: RequestCodec.requirements), into: &bytes)
    #expect(bytes.count < Limits.beforeWelcomeFrameBytes, "\(bytes.count) bytes")
  }
}
