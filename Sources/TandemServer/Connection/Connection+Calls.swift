// SPDX-License-Identifier: Apache-2.0
// From a REQUEST to a call at the port. Everything that is wrong with it is answered here.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

extension Connection {
  func request(_ header: FrameHeader) {
    lane.metrics.add(.requests)
    let method = Method(rawValue: header.method)
    let admission = session.admit(header, method, credit: streamWindow, at: lane.now)
    guard case .run(let deadline) = admission, let method else {
      if case .refuse(let status) = admission { refuse(header, status) }
      return
    }
    var payload = body[...]
    var meta: Meta?
    if header.hasMeta {
      do throws(WireError) {
        let parts = try Meta.split(payload)
        meta = parts.meta
        payload = parts.body
      } catch {
        return goAway(.protocolError, "Meta of call \(header.call): \(error.text)")
      }
    }
    do throws(ErrorStatus) {
      try start(header, method, meta, payload, deadline)
    } catch {
      lane.metrics.add(.callsRefused)
      answer(header, error)
    }
  }

  private func start(
    _ header: FrameHeader, _ method: Method, _ meta: Meta?, _ payload: ArraySlice<UInt8>,
    _ deadline: MonotonicInstant
  ) throws(ErrorStatus) {
    if let meta { try check(meta, header) }
    var key: RequestKey?
    if let meta, !meta.idempotencyKey.isEmpty, method.kind != .noSideEffects {
      key = IdempotencyHash.key(
        meta.idempotencyKey, principal: principal, method: method, body: payload,
        scope: &lane.hashScope)
    }
    let request: DecodedRequest
    do throws(WireError) {
      request = try RequestCodec.decode(method, payload, arena: &lane.arena)
    } catch {
      throw ErrorStatus(error)
    }
    let work: TenantRequest
    switch request {
    case .describe(let withDescriptors): return describe(header, withDescriptors)
    case .health: return tellHealth(header)
    case .query(let query): work = .query(query)
    case .command(let command, let returnDeal):
      work = .command(noted(command, header.call), returnDeal: returnDeal)
    case .watch(let watch):
      work = .watch(watch, credit: session.stream(header.call)?.lent ?? 0)
    }
    lane.port.submit(
      Call(
        sink: self, ticket: Ticket(call: header.call, method: header.method), request: work,
        principal: principal, key: key, deadline: deadline, minSeq: meta?.minSequence ?? 0),
      to: tenant)
  }

  private func check(_ meta: Meta, _ header: FrameHeader) throws(ErrorStatus) {
    if !meta.requestID.isEmpty { remarks.name(header.call, meta.requestID) }
    if !meta.tenant.isEmpty, meta.tenant != tenant.description {
      throw SessionRefusals.foreignTenant
    }
    if meta.priority != 0 { throw SessionRefusals.reserved("Meta.priority") }
    let length = meta.idempotencyKey.count
    guard length == 0 || Limits.idempotencyKeyBytes.contains(length) else {
      throw SessionRefusals.keyLength(length)
    }
    if meta.initialCredit > 0 {
      session.setCredit(header.call, min(Int64(meta.initialCredit), Limits.streamCreditCeiling))
    }
  }

  /// Keeps what the answer will need: a new key's secret, of which the core only ever sees the
  /// hash, and whom the command shuts out.
  private func noted(_ command: Command, _ call: UInt32) -> Command {
    switch command {
    case .issueKey(var issue):
      issue.secretHash = newSecret(for: call)
      return .issueKey(issue)
    case .registerOrganisation(var register):
      register.keySecretHash = newSecret(for: call)
      return .registerOrganisation(register)
    case .setUserGrants(let grants):
      if !grants.isActive { remarks.keep(deactivated: grants.user, for: call) }
      return command
    case .createDeal, .patchDeal, .winDeal, .loseDeal, .setFavourite, .inviteToDeal,
      .acknowledgeDeal, .acceptDeal, .declineDeal, .addUser, .addLocation,
      .revokeKey, .markNotificationsRead, .createRealm, .advanceClock, .fireDeadlines,
      .receiveMessage, .markOutbox, .establish:
      return command
    }
  }

  private func newSecret(for call: UInt32) -> [UInt8] {
    let secret = lane.settings.entropy.bytes(32)
    remarks.keep(secret: secret, for: call)
    return SHA256.digest(of: secret[...]).bytes
  }

  // MARK: Answered here

  private func describe(_ header: FrameHeader, _ withDescriptors: Bool) {
    var reply: [UInt8] = []
    SystemCodec.encodeDescription(
      server: "tandemd/\(productVersion)", withDescriptors: withDescriptors, into: &reply)
    answer(header, ok: reply)
  }

  private func tellHealth(_ header: FrameHeader) {
    let health: SystemCodec.Health =
      switch lane.settings.health.state {
      case .starting: .starting
      case .serving: .serving
      case .draining: .draining
      }
    var reply: [UInt8] = []
    SystemCodec.encodeHealth(health, into: &reply)
    answer(header, ok: reply)
  }

  private func answer(_ header: FrameHeader, ok reply: [UInt8]) {
    answer(
      Ticket(call: header.call, method: header.method),
      AnswerHead(status: .ok, isReplay: false, commitSeq: 0), body: reply.span)
  }

  /// Answers a call that has a slot.
  private func answer(_ header: FrameHeader, _ status: ErrorStatus) {
    var reply: [UInt8] = []
    status.encode(into: &reply)
    answer(
      Ticket(call: header.call, method: header.method),
      AnswerHead(status: status.status, isReplay: false, commitSeq: 0), body: reply.span)
  }
}

/// How a repeated request is recognised without storing what it was.
enum IdempotencyHash {
  static func key(
    _ key: ArraySlice<UInt8>, principal: Principal, method: Method, body: ArraySlice<UInt8>,
    scope: inout [UInt8]
  ) -> RequestKey {
    // One buffer for all parts, which the caller keeps.
    scope.removeAll(keepingCapacity: true)
    append(principal, to: &scope)
    scope.appendLittleEndian(method.rawValue)
    scope.append(contentsOf: key)
    let scopeDigest = SHA256.digest(of: scope[...])
    let bodyDigest = SHA256.digest(of: body)
    return RequestKey(
      scopeHigh: scopeDigest.word0, scopeLow: scopeDigest.word1, digestHigh: bodyDigest.word0,
      digestLow: bodyDigest.word1, madeAt: time(of: key))
  }

  private static func append(_ principal: Principal, to scope: inout [UInt8]) {
    switch principal {
    case .user(let user, let via, _):
      scope.append(1)
      scope.append(identifier: user)
      if let via { scope.append(identifier: via) }
    case .systemOperator: scope.append(2)
    case .system: scope.append(3)
    }
  }

  /// The moment inside a UUIDv7, nil for any other key.
  static func time(of key: ArraySlice<UInt8>) -> Timestamp? {
    let start = key.startIndex
    guard key.count == 16, key[start + 6] >> 4 == 7, key[start + 8] >> 6 == 2 else { return nil }
    return Timestamp(milliseconds: key.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) })
  }
}
