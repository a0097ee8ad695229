// SPDX-License-Identifier: Apache-2.0
// One wish of a client, from its first sending to its last answer; it is sent again until it is told.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

final class Operation {
  /// One answer, whatever it says.
  struct Told {
    let status: StatusCode
    let commitSeq: UInt64
    let isReplay: Bool
    let body: [UInt8]
    let deals: [Deal]

    /// The machine word of a refusal.
    var reason: String { (try? ErrorStatus(decoding: body[...]))?.reason ?? "" }
  }

  let number: UInt64
  let label: String
  let tenant: TenantID
  let principal: Principal
  let request: TenantRequest
  /// Set for commands; the same in every sending.
  let key: RequestKey?
  /// An OK answer means that something was journaled.
  let alwaysChanges: Bool
  /// The unique name of the deal that it creates.
  let name: Text?
  var minSeq: UInt64 = 0
  var isDone = false
  var sendings = 0
  /// Virtual time from which it may be sent (again).
  var readyAt: UInt64 = 0
  /// OK answers with the commit that they saw.
  var told: [(commitSeq: UInt64, isReplay: Bool, body: [UInt8])] = []
  /// All answers, as the oracle judges them.
  var answers: [Told] = []

  init(
    number: UInt64, label: String, tenant: TenantID, principal: Principal,
    request: TenantRequest, wall: Timestamp, alwaysChanges: Bool, name: Text? = nil
  ) {
    self.number = number
    self.label = label
    self.tenant = tenant
    self.principal = principal
    self.request = request
    self.alwaysChanges = alwaysChanges
    self.name = name
    if case .command = request {
      key = RequestKey(
        scopeHigh: number &* 0x9E37_79B9_7F4A_7C15, scopeLow: number,
        digestHigh: number, digestLow: ~number, madeAt: wall)
    } else {
      key = nil
    }
  }
}

/// One answer, with its question.
struct Heard {
  let operation: Operation
  let client: SimulatedClient
  let head: AnswerHead
  let body: [UInt8]
  /// Deals that stand in the body of a Get or List.
  let deals: [Deal]
  /// Their bytes.
  let dealBytes: [ArraySlice<UInt8>]
}
