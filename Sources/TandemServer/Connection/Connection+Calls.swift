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
    let admission = core.intake.session.admit(header, method, credit: streamWindow, at: lane.now)
    guard case .run(let deadline) = admission, let method else {
      if case .refuse(let status) = admission { refuse(header, status) }
      return
    }
    let payload = body
    let meta: RequestMeta
    do throws(WireError) {
      meta =
        header.hasMeta
        ? try RequestMeta(splitting: payload) : RequestMeta(bodyOnly: payload)
    } catch {
      return goAway(.protocolError, "Meta of call \(header.call): \(error.text)")
    }
    do throws(ErrorStatus) {
      try start(header, method, meta, payload, deadline)
    } catch {
      lane.metrics.add(.callsRefused)
      answer(Ticket(call: header.call, method: header.method), error)
    }
  }

  private func start(
    _ header: FrameHeader, _ method: Method, _ meta: RequestMeta, _ payload: [UInt8],
    _ deadline: MonotonicInstant
  ) throws(ErrorStatus) {
    try check(meta, payload, header)
    let caller = try caller(meta, payload)
    let bytes = payload.span
    let content = bytes.extracting(meta.body)
    var key: RequestKey?
    if !meta.idempotencyKey.isEmpty, method.kind != .noSideEffects {
      let hash = caller == principal ? core.intake.requestHash : IdempotencyHash(caller)
      key = hash.key(
        bytes.extracting(meta.idempotencyKey), method: method, body: content)
    }
    var work: TenantRequest
    do throws(WireError) {
      switch try RequestCodec.decode(method, content, arena: &lane.desk.arena) {
      case .describe(let withDescriptors): return describe(header, withDescriptors)
      case .health: return tellHealth(header)
      case .tenant(let request): work = request
      }
    } catch {
      guard let tried = RequestCodec.rehearsal(of: method, content, error, &lane.desk.arena) else {
        throw ErrorStatus(error)
      }
      (work, key) = (tried, nil)
    }
    switch work {
    case .query: break
    case .command(let command, let returnDeal):
      work = .command(noted(command, header.call), returnDeal: returnDeal)
    case .watch(let watch, _):
      work = .watch(watch, credit: core.intake.session.stream(header.call)?.lent ?? 0)
    }
    lane.port.submit(
      Call(
        sink: self, ticket: Ticket(call: header.call, method: header.method), request: work,
        principal: caller, key: key, deadline: deadline, minSeq: meta.minSequence),
      to: tenant)
  }

  /// The connection's user, or the one in whose name it calls; whether it may is for the tenant.
  private func caller(
    _ meta: RequestMeta, _ payload: [UInt8]
  ) throws(ErrorStatus) -> Principal {
    guard !meta.actAsUser.isEmpty else { return principal }
    guard case .user(let own, _, let readOnly) = principal else {
      throw SessionRefusals.nobodyToActFor
    }
    guard let named = UserID(bytes: payload[meta.actAsUser]) else {
      throw SessionRefusals.userIDLength(meta.actAsUser.count)
    }
    return named == own ? principal : .user(named, via: own, readOnly: readOnly)
  }

  private func check(
    _ meta: RequestMeta, _ payload: [UInt8], _ header: FrameHeader
  ) throws(ErrorStatus) {
    if !meta.requestID.isEmpty {
      core.remarks.name(header.call, String(decoding: payload[meta.requestID], as: UTF8.self))
    }
    if !meta.tenant.isEmpty,
      String(decoding: payload[meta.tenant], as: UTF8.self) != tenant.description
    {
      throw SessionRefusals.foreignTenant
    }
    if meta.priority != 0 { throw SessionRefusals.reserved("Meta.priority") }
    let length = meta.idempotencyKey.count
    guard length == 0 || Limits.idempotencyKeyBytes.contains(length) else {
      throw SessionRefusals.keyLength(length)
    }
    if meta.initialCredit > 0 {
      core.intake.session.setCredit(
        header.call, min(Int64(meta.initialCredit), Limits.streamCreditCeiling))
    }
  }

  /// Keeps what the answer will need: a new key's secret, of which the core only ever sees the
  /// hash, and whom the command shuts out.
  private func noted(_ command: consuming Command, _ call: UInt32) -> Command {
    switch command {
    case .issueKey(var issue):
      issue.secretHash = newSecret(for: call)
      return .issueKey(issue)
    case .registerOrganisation(var register):
      register.keySecretHash = newSecret(for: call)
      return .registerOrganisation(register)
    case .setUserGrants(let grants):
      if !grants.isActive { core.remarks.keep(deactivated: grants.user, for: call) }
      return command
    case .rehearse(let tried, let wrong): return .rehearse(withoutSecret(tried), wrong: wrong)
    case .createDeal, .patchDeal, .winDeal, .loseDeal, .closeDealAsError, .setFavourite,
      .inviteToDeal, .extendInvitation, .transact,
      .acknowledgeDeal, .acceptDeal, .declineDeal, .addUser, .addLocation,
      .revokeKey, .setStageNames, .updateOrganisation, .updateRealm, .setRoutingRules,
      .markNotificationsRead,
      .muteTopics,
      .setNotificationSettings, .createRealm,
      .importCustomers,
      .publishSolution,
      .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead, .convertLead,
      .setLeadFavourite,
      .advanceClock,
      .fireDeadlines,
      .receiveMessage, .markOutbox, .establish:
      return command
    }
  }

  /// Rules want a hash; what is only tried gets that of nothing.
  private func withoutSecret(_ command: Command) -> Command {
    let none = SHA256.digest(of: []).bytes
    if case .issueKey(var issue) = command {
      issue.secretHash = none
      return .issueKey(issue)
    }
    if case .registerOrganisation(var register) = command {
      register.keySecretHash = none
      return .registerOrganisation(register)
    }
    return command
  }

  private func newSecret(for call: UInt32) -> [UInt8] {
    let secret = lane.settings.entropy.bytes(32)
    core.remarks.keep(secret: secret, for: call)
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
  func answer(_ ticket: Ticket, _ status: ErrorStatus) {
    var reply: [UInt8] = []
    status.encode(into: &reply)
    answer(
      ticket, AnswerHead(status: status.status, isReplay: false, commitSeq: 0), body: reply.span)
  }
}
