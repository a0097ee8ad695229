// SPDX-License-Identifier: Apache-2.0
// What every request and every answer of a connection touches, as one value, so that one look at the
// connection serves all of it. Must not call out: that is for the connection.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// What the connections of a lane share while they read.
struct RequestDesk: ~Copyable {
  /// Where request bodies are unpacked.
  var arena = RequestArena()
  var calls = CallBatch()
  /// A call whose body cannot be read, the last of its burst.
  fileprivate var fault: (ticket: Ticket, error: WireError)?

  mutating func takeFault() -> (ticket: Ticket, error: WireError)? { fault.take() }
}

/// What judges a frame, and what is the same for all requests of a connection.
struct Intake: ~Copyable {
  var decoder: FrameDecoder
  var session: SessionStateMachine
  var principal = Principal.system
  var requestHash = IdempotencyHash(.system)

  init(limits: SessionLimits, now: MonotonicInstant) {
    decoder = FrameDecoder(
      role: .server,
      frameBytesMax: min(Limits.beforeWelcomeFrameBytes, Int(limits.frameBytesMax)))
    session = SessionStateMachine(limits: limits, now: now)
    session.narrow(toCalls: Limits.beforeWelcomeCalls)
  }

  mutating func nextFrame(_ unread: borrowing RawSpan) -> FrameVerdict {
    decoder.next(unread, context: session)
  }
}

struct ConnectionCore: ~Copyable {
  var input: InputBuffer
  var output: OutputBuffer
  var intake: Intake
  /// Rare things that belong to calls in flight.
  var remarks = CallRemarks()
  var isReadingPaused = false
  /// The lane knows that there is output to be sent in this turn.
  var isDirty = false
  /// A call was answered since the last flush, which is in the same turn.
  private var hasAnswered = false
  /// The last read found several requests, so the next may find several segments.
  private var comesInBursts = false
  /// Bytes of the input that the kernel holds as well, until what this turn sends has acknowledged
  /// them; see `StreamSocket.peek`.
  private var seenBytes = 0
  var incompleteSince: MonotonicInstant?
  var stalledSince: MonotonicInstant?
  /// Largest payload that the client takes.
  let clientBytesMax: UInt32
  private let outputPauseBytes: Int

  init(limits: SessionLimits, clientBytesMax: UInt32, pool: BufferPool, now: MonotonicInstant) {
    input = InputBuffer(pool: pool)
    output = OutputBuffer(pool: pool)
    intake = Intake(limits: limits, now: now)
    self.clientBytesMax = clientBytesMax
    outputPauseBytes = limits.outputPauseBytes
  }

  var isOpen: Bool { !intake.session.isClosing }
  var isReading: Bool { !isReadingPaused && !intake.session.isClosing }
  var isFull: Bool { output.count > outputPauseBytes }
  var owesDiscard: Bool { seenBytes > 0 }

  mutating func nextFrame() -> FrameVerdict {
    input.withUnread { intake.nextFrame($0) }
  }
}

// MARK: Requests

/// Requests that were taken from the front of what was read.
struct RequestsFound {
  var count = 0
  fileprivate var byteCount = 0
  var isOfUser = false
  /// The body of the last cannot be read; the desk says why.
  var hasFault = false
  /// Nothing is left in the buffer.
  var isAll = false
}

/// Who reads, when, and how much.
struct Reading {
  let sink: Connection
  let now: MonotonicInstant
  let limit: Int
}

extension ConnectionCore {
  /// Lets the kernel forget what was only looked at; false when it does not know of it.
  mutating func discardSeen(in socket: StreamSocket) -> Bool {
    guard owesDiscard else { return true }
    defer { seenBytes = 0 }
    return socket.discard(seenBytes)
  }

  /// Reads once from the socket, and takes requests from what has come.
  ///
  /// A read that left room has emptied the socket.
  mutating func receive(
    from socket: StreamSocket, _ reading: Reading, _ desk: inout RequestDesk
  ) -> (outcome: ReadOutcome, isEmptied: Bool, found: RequestsFound) {
    let outcome = comesInBursts ? input.peek(at: socket) : input.fill(from: socket)
    guard case .bytes(let count) = outcome else { return (outcome, false, RequestsFound()) }
    if comesInBursts { seenBytes = count }
    let isEmptied = !input.isFull
    let found = takeRequests(reading, &desk)
    comesInBursts = found.count > 1
    return (outcome, isEmptied, found)
  }

  /// Takes requests as long as nothing about them is unusual: method, Meta, the room for one more.
  ///
  /// The first that is not so is left, untouched and with nothing done for it, to who can say what is
  /// wrong with it or do what it needs besides.
  mutating func takeRequests(_ reading: Reading, _ desk: inout RequestDesk) -> RequestsFound {
    var found = RequestsFound()
    if case .user = intake.principal { found.isOfUser = true }
    input.withUnread { unread in
      while found.count < reading.limit, intake.take(unread, reading, &found, &desk) {}
    }
    if found.count > 0 { input.consume(found.byteCount) }
    found.isAll = input.count == 0
    if found.count > 0 || found.isAll { incompleteSince = nil }
    return found
  }
}

extension Intake {
  /// Takes one request; false when there is none to go on with.
  fileprivate mutating func take(
    _ unread: borrowing RawSpan, _ reading: Reading, _ found: inout RequestsFound,
    _ desk: inout RequestDesk
  ) -> Bool {
    let start = found.byteCount + FrameHeader.byteCount
    guard let header = decoder.wholeRequest(unread, at: found.byteCount),
      let method = Method(rawValue: header.method), method.needsOnlyItsTenant,
      let meta = PlainMeta(of: header, in: unread, at: start),
      meta.key.isEmpty || Limits.idempotencyKeyBytes.contains(meta.key.count),
      let deadline = session.admitPlainly(header, at: reading.now)
    else { return false }
    found.byteCount = start + Int(header.length)
    found.count += 1
    let body = unread.extracting(meta.bodyStart..<found.byteCount)
    var key: RequestKey?
    if !meta.key.isEmpty, method.changesSomething {
      key = requestHash.key(unread.extracting(meta.key), method: method, body: body)
    }
    let ticket = Ticket(call: header.call, method: header.method)
    do throws(WireError) {
      desk.calls.add(
        Call(
          sink: reading.sink, ticket: ticket,
          request: try RequestCodec.decodeForTenant(method, body, arena: &desk.arena),
          principal: principal, key: key, deadline: deadline, minSeq: meta.minSequence))
      return true
    } catch {
      if let tried = RequestCodec.rehearsal(of: method, body, error, &desk.arena) {
        desk.calls.add(
          Call(
            sink: reading.sink, ticket: ticket, request: tried, principal: principal, key: nil,
            deadline: deadline, minSeq: meta.minSequence))
        return true
      }
      desk.fault = (ticket, error)
      found.hasFault = true
      return false
    }
  }
}

extension Method {
  /// Its request goes to the tenant as it is: nothing is answered, made or kept here, and there is one
  /// answer.
  var needsOnlyItsTenant: Bool {
    switch self {
    case .createDeal, .getDeal, .getDeals, .patchDeal, .listDeals, .aggregateDeals, .setFavourite,
      .winDeal,
      .loseDeal,
      .closeDealAsError, .inviteToDeal, .extendInvitation, .transact, .acknowledgeDeal, .acceptDeal,
      .declineDeal, .dealHistory,
      .describeDealActions, .describeEligibility, .describeRules,
      .listNotifications, .markNotificationsRead, .getNotificationPreferences,
      .setNotificationPreferences, .setNotificationSettings, .listOrganisations, .getOrganisation,
      .addUser,
      .listUsers, .addLocation, .listLocations, .listKeys, .revokeKey, .setStageNames,
      .updateOrganisation, .updateRealm,
      .listRecentContacts, .setRoutingRules, .listRoutingRules, .importCustomers, .suggestCustomers,
      .createRealm, .listRealms,
      .getRealm, .advanceClock, .publishSolution, .listSolutions,
      .sendLead, .getLead, .listLeads, .acceptLead, .declineLead, .winLead, .loseLead,
      .archiveLead, .convertLead,
      .setLeadFavourite:
      true
    case .describe, .health, .watch, .registerOrganisation, .setUserGrants, .issueKey: false
    }
  }

  var changesSomething: Bool { if case .noSideEffects = kind { false } else { true } }
}

// MARK: Answers

/// What became of an answer.
enum Told {
  /// It is in the output, and the turn's flush will send it.
  case told
  /// The same, once the lane knows of it.
  case toldFirst
  /// It is in the output; whether that is to be sent, is too much or was the last is not yet seen to.
  case moreToDo
  /// Nothing was done.
  case unusual
}

extension ConnectionCore {
  /// Answers a call as most are answered: well, with what the tenant said and no more.
  mutating func answerPlainly(
    _ ticket: Ticket, _ answer: AnswerHead, _ body: Span<UInt8>
  ) -> Told {
    guard case .ok = answer.status, remarks.isEmpty,
      ticket.method != Method.revokeKey.rawValue, ticket.method != Method.setUserGrants.rawValue,
      body.count <= Int(clientBytesMax) - Limits.metaBytes,
      let wantsMeta = intake.session.answeredPlainly(ticket.call)
    else { return .unusual }
    appendResponse(ticket, answer, wantsMeta: wantsMeta, body, tailBytes: 0)
    hasAnswered = true
    if isFull || intake.session.isFinished { return .moreToDo }
    if isDirty { return .told }
    isDirty = true
    return .toldFirst
  }

  /// Writes a RESPONSE but for its last bytes, which the caller adds.
  @inline(__always)
  mutating func appendResponse(
    _ ticket: Ticket, _ answer: AnswerHead, wantsMeta: Bool, _ body: Span<UInt8>, tailBytes: Int
  ) {
    // Raw flags: another module's set is a generic call at run time.
    var flags = answer.isReplay ? FrameFlags.replayed.rawValue : 0
    var meta: UInt128 = 0
    var metaCount = 0
    if wantsMeta {
      flags |= FrameFlags.meta.rawValue
      let said = AnswerMeta(commitSequence: answer.commitSeq)
      (meta, metaCount) = (said.bytes, said.count)
    }
    let header = FrameHeader(
      length: UInt32(metaCount + body.count + tailBytes), type: FrameType.response.rawValue,
      flags: flags, method: ticket.method, call: ticket.call,
      argument: UInt32(answer.status.rawValue))
    let (first, second) = header.words
    output.append(littleEndian: first, second, meta, count: metaCount, body)
  }

  /// An answer counts as a sign of life, also before it is sent.
  mutating func noteAnswers(at now: MonotonicInstant) {
    guard hasAnswered else { return }
    hasAnswered = false
    intake.session.touch(at: now)
  }

  /// What a flush did; all is well when nothing else has to be seen to.
  mutating func flush(
    to socket: StreamSocket, at now: MonotonicInstant
  ) -> (outcome: FlushOutcome, sent: Int, isAll: Bool) {
    isDirty = false
    noteAnswers(at: now)
    let before = output.count
    let outcome = output.flush(to: socket)
    var isAll = false
    if case .empty = outcome {
      isAll =
        stalledSince == nil && !isReadingPaused && !intake.session.isFinished
        && !intake.session.hasBorrowers
    }
    return (outcome, before - output.count, isAll)
  }
}
