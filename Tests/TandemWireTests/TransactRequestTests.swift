// SPDX-License-Identifier: Apache-2.0
// A transaction on the wire: operations are read like requests of their own, faults are told with their place.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing
import WireSamples

struct TransactRequestTests {
  private func operation(
    _ number: UInt32, createdBy: UInt32? = nil, _ write: (inout ProtoWriter) -> Void
  ) -> [UInt8] {
    var writer = ProtoWriter()
    let start = writer.begin(number)
    write(&writer)
    writer.end(start)
    if let createdBy { writer.unsignedOrZero(15, createdBy) }
    return writer.bytes
  }

  private func decode(_ operations: [[UInt8]]) throws(WireError) -> DecodedRequest {
    var arena = RequestArena()
    var writer = ProtoWriter()
    for operation in operations { writer.element(1, operation[...]) }
    let bytes = writer.bytes
    return try RequestCodec.decode(.transact, bytes.span, arena: &arena)
  }

  private func faults(_ operations: [[UInt8]]) throws -> [String] {
    do throws(WireError) {
      _ = try decode(operations)
    } catch {
      return error.violations.map { "\($0.field) \($0.rule)" }
    }
    throw Unexpected()
  }

  private struct Unexpected: Error {}

  @Test func `as many deals with their people as a transaction may have can be read`() throws {
    var values = RandomValues(seed: 5)
    let operations = (0..<Limits.transactionOperations).map { _ in
      let deal = values.deal()
      return operation(1) { writer in
        writer.text(1, deal.name)
        writer.identifier(2, deal.location)
        writer.message(3, deal.customer)
        writer.message(4, deal.value)
        writer.time(5, deal.closeDate)
        writer.text(8, deal.notes)
        writer.messages(9, deal.team + deal.team)
        writer.messages(10, deal.solutions)
        writer.message(11, deal.consent)
      }
    }
    guard case .tenant(.command(.transact(let transact), _)) = try decode(operations) else {
      throw Unexpected()
    }
    #expect(transact.operations.count == Limits.transactionOperations)
    #expect(try faults(operations + operations.prefix(1)) == ["operations G24"])
  }

  @Test func `faults of operations are told with their places`() throws {
    let deal = DealID(high: 1, low: 2)
    let found = try faults([
      operation(5) { _ in },
      operation(5, createdBy: 0) { $0.identifier(1, deal) },
      operation(5) {
        $0.identifier(1, deal)
        $0.flag(3, true)
        $0.flag(4, true)
      },
      operation(1, createdBy: 0) { $0.text(1, "A") },
      [],
      operation(3) {
        $0.identifier(1, deal)
        $0.unsigned(3, 99 as UInt32)
      },
    ])
    #expect(
      found == [
        "operations[0].deal_id FIELD_REQUIRED",
        "operations[1].deal_id FIELD_CONFLICT",
        "operations[2].return_deal FIELD_NOT_ALLOWED",
        "operations[2].validate_only FIELD_NOT_ALLOWED",
        "operations[3].created_by_operation FIELD_NOT_ALLOWED",
        "operations[4].operation FIELD_REQUIRED",
        "operations[5].organisation_id FIELD_REQUIRED",
        "operations[5].help FIELD_INVALID",
      ])
  }
}
