// SPDX-License-Identifier: Apache-2.0
// Answers and items on their way out: header and body go straight into the output buffer. A call is
// answered once; what the shard says afterwards, or after the end, is dropped.

import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// What few calls need: kept beside the table of calls, so that most calls cost nothing.
struct CallRemarks {
  private var names: [UInt32: String] = [:]
  private var secrets: [UInt32: [UInt8]] = [:]
  private var replacements: [UInt32: ErrorStatus] = [:]
  private var deactivated: [UInt32: UserID] = [:]

  struct Remark {
    var name: String?
    var secret: [UInt8]?
    /// Says better than CANCELLED why a stream has ended.
    var replacement: ErrorStatus?
  }

  /// The client's own name for a call.
  mutating func name(_ call: UInt32, _ name: String) { names[call] = name }
  mutating func keep(secret: [UInt8], for call: UInt32) { secrets[call] = secret }
  mutating func replace(_ call: UInt32, _ status: ErrorStatus) { replacements[call] = status }

  /// Whom a call shuts out once it has succeeded; asked for by itself, as few methods can.
  mutating func keep(deactivated user: UserID, for call: UInt32) { deactivated[call] = user }
  mutating func takeDeactivated(_ call: UInt32) -> UserID? {
    deactivated.removeValue(forKey: call)
  }

  var isEmpty: Bool {
    names.isEmpty && secrets.isEmpty && replacements.isEmpty && deactivated.isEmpty
  }

  mutating func take(_ call: UInt32) -> Remark? {
    if names.isEmpty && secrets.isEmpty && replacements.isEmpty { return nil }
    return Remark(
      name: names.removeValue(forKey: call), secret: secrets.removeValue(forKey: call),
      replacement: replacements.removeValue(forKey: call))
  }
}

extension Connection: AnswerSink {
  func answer(_ ticket: Ticket, _ answer: AnswerHead, body: Span<UInt8>) {
    let told = core.answerPlainly(ticket, answer, body)
    if case .unusual = told { return answerWithCare(ticket, answer, body) }
    lane.metrics.add(.answersOK)
    switch told {
    case .told, .unusual: break
    case .toldFirst: lane.markDirty(self)
    case .moreToDo:
      sent()
      finishIfDone()
    }
  }

  private func answerWithCare(_ ticket: Ticket, _ answer: AnswerHead, _ body: Span<UInt8>) {
    switch ticket.method {
    case Method.revokeKey.rawValue, Method.setUserGrants.rawValue:
      endAccess(ticket, answer, body)
    default: break
    }
    guard socket != nil, let entry = core.intake.session.answered(ticket.call, at: lane.now) else {
      return
    }
    let remark = core.remarks.take(ticket.call)
    let isOK = if case .ok = answer.status { true } else { false }
    lane.metrics.add(isOK ? .answersOK : .answersError)
    if let replacement = remark?.replacement, answer.status == .cancelled {
      respond(
        ticket, entry,
        AnswerHead(
          status: replacement.status, isReplay: false, commitSeq: answer.commitSeq),
        replacement, remark)
    } else if body.count > Int(core.clientBytesMax) - Limits.metaBytes {
      let status = SessionRefusals.answerTooLarge(body.count, limit: core.clientBytesMax)
      respond(
        ticket, entry,
        AnswerHead(
          status: status.status, isReplay: false, commitSeq: answer.commitSeq), status, remark)
    } else {
      respond(
        ticket, entry, answer, body: body,
        tail: isOK && remark == nil ? [] : tail(ticket, answer, body, remark))
    }
    finishIfDone()
  }

  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) {
    guard isOpen, core.intake.session.stream(ticket.call) != nil else { return }
    guard body.count <= Int(core.clientBytesMax) else {
      core.remarks.replace(
        ticket.call,
        SessionRefusals.answerTooLarge(body.count, limit: core.clientBytesMax))
      return lane.port.cancel(ticket, of: self, in: tenant)
    }
    core.intake.session.sentItem(ticket.call, payloadBytes: body.count)
    lane.metrics.add(.items)
    appendHeader(
      FrameHeader(
        .item, length: body.count, method: ticket.method, call: ticket.call, argument: number))
    core.output.append(body)
    sent()
  }

  /// Answers a REQUEST that never got a slot.
  func refuse(_ header: FrameHeader, _ status: ErrorStatus) {
    lane.metrics.add(.callsRefused)
    var status = status
    status.requestID = requestID(header.call)
    var reply: [UInt8] = []
    status.encode(into: &reply)
    appendHeader(
      FrameHeader(
        .response, length: reply.count, method: header.method, call: header.call,
        argument: UInt32(status.status.rawValue)))
    core.output.append(reply)
    sent()
  }

  /// A frame of the connection itself.
  func append(_ type: FrameType, argument: UInt32 = 0, payload: [UInt8]) {
    appendHeader(FrameHeader(type, length: payload.count, argument: argument))
    core.output.append(payload)
    sent()
  }

  // MARK: Parts of a RESPONSE

  private func respond(
    _ ticket: Ticket, _ entry: InFlightCall, _ answer: AnswerHead, _ status: ErrorStatus,
    _ remark: CallRemarks.Remark?
  ) {
    var status = status
    status.requestID = remark?.name ?? requestID(ticket.call)
    var reply: [UInt8] = []
    status.encode(into: &reply)
    respond(ticket, entry, answer, body: reply.span, tail: [])
  }

  private func respond(
    _ ticket: Ticket, _ entry: InFlightCall, _ answer: AnswerHead, body: Span<UInt8>, tail: [UInt8]
  ) {
    core.appendResponse(
      ticket, answer, wantsMeta: entry.wantsMeta, body, tailBytes: tail.count)
    if !tail.isEmpty { core.output.append(tail) }
    sent()
  }

  /// What is added to a body: protobuf joins what is written back to back.
  private func tail(
    _ ticket: Ticket, _ answer: AnswerHead, _ body: Span<UInt8>, _ remark: CallRemarks.Remark?
  ) -> [UInt8] {
    var tail: [UInt8] = []
    if answer.status != .ok {
      var named = ProtoWriter()
      named.string(17, remark?.name ?? requestID(ticket.call))
      named.giveBack(to: &tail)
    } else if !answer.isReplay, let secret = remark?.secret,
      let text = keyText(ticket, body, secret), let method = Method(rawValue: ticket.method)
    {
      ReplyCodec.appendKeyText(text, of: method, into: &tail)
    }
    return tail
  }

  /// The text of the key that an answer speaks of.
  private func keyText(_ ticket: Ticket, _ body: Span<UInt8>, _ secret: [UInt8]) -> String? {
    let reply = ReplyFields.copy(body)
    if ticket.method == Method.registerOrganisation.rawValue {
      guard let owner: TenantID = ReplyFields.identifier(1, in: reply),
        let key: KeyID = ReplyFields.identifier(3, in: reply)
      else { return nil }
      return KeyText(tenant: owner, key: key, secret: secret).text
    }
    guard let key: KeyID = ReplyFields.identifier(1, in: reply) else { return nil }
    return KeyText(tenant: tenant, key: key, secret: secret).text
  }

  /// Ends the connections of whom a call has shut out, also when its own is gone by now.
  private func endAccess(_ ticket: Ticket, _ answer: AnswerHead, _ body: Span<UInt8>) {
    var user = core.remarks.takeDeactivated(ticket.call)
    guard answer.status == .ok else { return }
    // Since a call that is repeated the user may have been let in again; a key never is.
    if answer.isReplay { user = nil }
    let key: KeyID? =
      ticket.method == Method.revokeKey.rawValue
      ? ReplyFields.identifier(1, in: ReplyFields.copy(body)) : nil
    guard user != nil || key != nil else { return }
    // After this turn, so that a connection which ends its own access reads the answer.
    let lane = LoopConfined(lane, on: lane.loop)
    let tenant = tenant
    self.lane.loop.post { [user] in
      if let key { lane.value.revoke(key, of: tenant) }
      if let user { lane.value.deactivate(user, of: tenant) }
    }
  }

  private func requestID(_ call: UInt32) -> String {
    var text = ""
    for byte in connectionID {
      text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return "\(text)-\(call)"
  }

  private func appendHeader(_ header: FrameHeader) {
    let (first, second) = header.words
    core.output.append(littleEndian: first, second)
  }

  private func sent() {
    markDirty()
    pauseReadingIfFull()
  }
}

/// Identifiers in replies that this server has encoded itself.
enum ReplyFields {
  static func copy(_ body: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    for index in body.indices { bytes.append(body[index]) }
    return bytes
  }

  static func identifier<Kind: IdentifierKind>(
    _ field: UInt32, in reply: [UInt8]
  ) -> Identifier<Kind>? {
    do throws(WireError) {
      var reader = ProtoReader(reply[...])
      while try reader.next() {
        if reader.field == field { return try reader.maybeIdentifier() }
        try reader.skip()
      }
      return nil
    } catch {
      return nil
    }
  }

  /// The id of the first element of a list: field 1 of field 1.
  static func first<Kind: IdentifierKind>(of reply: [UInt8]) -> Identifier<Kind>? {
    do throws(WireError) {
      var reader = ProtoReader(reply[...])
      while try reader.next() {
        if reader.field == 1 { return identifier(1, in: Array(try reader.slice())) }
        try reader.skip()
      }
      return nil
    } catch {
      return nil
    }
  }
}
