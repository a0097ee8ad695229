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

struct ConnectionCore: ~Copyable {
  var output: OutputBuffer
  var decoder: FrameDecoder
  var session: SessionStateMachine
  /// Rare things that belong to calls in flight.
  var remarks = CallRemarks()
  var principal = Principal.system
  var requestHash = IdempotencyHash(.system)
  var isReadingPaused = false
  /// The lane knows that there is output to be sent in this turn.
  var isDirty = false
  var stalledSince: MonotonicInstant?
  /// Largest payload that the client takes.
  let clientBytesMax: UInt32
  private let outputPauseBytes: Int

  init(limits: SessionLimits, clientBytesMax: UInt32, pool: BufferPool, now: MonotonicInstant) {
    output = OutputBuffer(pool: pool)
    decoder = FrameDecoder(
      role: .server,
      frameBytesMax: min(Limits.beforeWelcomeFrameBytes, Int(limits.frameBytesMax)))
    session = SessionStateMachine(limits: limits, now: now)
    session.narrow(toCalls: Limits.beforeWelcomeCalls)
    self.clientBytesMax = clientBytesMax
    outputPauseBytes = limits.outputPauseBytes
  }

  var isOpen: Bool { !session.isClosing }
  var isReading: Bool { !isReadingPaused && !session.isClosing }
  var isFull: Bool { output.count > outputPauseBytes }

  mutating func nextFrame(_ unread: borrowing RawSpan) -> FrameVerdict {
    decoder.next(unread, context: session)
  }
}

// MARK: Requests

/// Requests at the front of what was read.
struct RequestsFound {
  var count = 0
  var byteCount = 0
  var isOfUser = false
}

extension ConnectionCore {
  /// Takes requests as long as nothing about them is unusual: method, Meta, the room for one more.
  ///
  /// The first that is not so is left, untouched and with nothing done for it, to who can say what is
  /// wrong with it or do what it needs besides.
  mutating func readRequests(
    _ unread: borrowing RawSpan, limit: Int, for sink: Connection, at now: MonotonicInstant,
    _ desk: inout RequestDesk
  ) -> RequestsFound {
    var found = RequestsFound()
    if case .user = principal { found.isOfUser = true }
    while found.count < limit,
      let header = decoder.wholeRequest(unread, at: found.byteCount),
      let method = Method(rawValue: header.method), method.needsOnlyItsTenant,
      let meta = PlainMeta(
        of: header, in: unread, at: found.byteCount + FrameHeader.byteCount),
      meta.key.isEmpty || Limits.idempotencyKeyBytes.contains(meta.key.count),
      let deadline = session.admitPlainly(header, at: now)
    {
      let end = found.byteCount + FrameHeader.byteCount + Int(header.length)
      found.byteCount = end
      found.count += 1
      let body = unread.extracting(meta.bodyStart..<end)
      var key: RequestKey?
      if !meta.key.isEmpty, method.changesSomething {
        key = requestHash.key(unread.extracting(meta.key), method: method, body: body)
      }
      let ticket = Ticket(call: header.call, method: header.method)
      do throws(WireError) {
        let request = try Self.request(method, body, &desk.arena)
        desk.calls.add(
          Call(
            sink: sink, ticket: ticket, request: request, principal: principal, key: key,
            deadline: deadline, minSeq: meta.minSequence))
      } catch {
        desk.fault = (ticket, error)
        return found
      }
    }
    return found
  }

  private static func request(
    _ method: Method, _ body: borrowing RawSpan, _ arena: inout RequestArena
  ) throws(WireError) -> TenantRequest {
    let request = try RequestCodec.decode(method, body, arena: &arena)
    switch consume request {
    case .query(let query): return .query(query)
    case .command(let command, let returnDeal): return .command(command, returnDeal: returnDeal)
    case .watch, .describe, .health: fatalError("\(method) needs more than its tenant")
    }
  }
}

extension Method {
  /// Its request goes to the tenant as it is: nothing is answered, made or kept here, and there is one
  /// answer.
  var needsOnlyItsTenant: Bool {
    switch self {
    case .createDeal, .getDeal, .patchDeal, .listDeals, .setFavourite, .winDeal, .loseDeal,
      .inviteToDeal, .acknowledgeDeal, .acceptDeal, .declineDeal, .dealHistory,
      .listNotifications, .markNotificationsRead, .listOrganisations, .getOrganisation, .addUser,
      .listUsers, .addLocation, .listLocations, .listKeys, .revokeKey, .createRealm, .listRealms,
      .getRealm, .advanceClock:
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
      let wantsMeta = session.answeredPlainly(ticket.call)
    else { return .unusual }
    // Raw flags: another module's set is a generic call at run time.
    var flags: UInt8 = answer.isReplay ? 0x08 : 0
    var meta: UInt128 = 0
    var metaCount = 0
    if wantsMeta {
      flags |= 0x01
      let said = AnswerMeta(commitSequence: answer.commitSeq)
      (meta, metaCount) = (said.bytes, said.count)
    }
    let header = FrameHeader(
      length: UInt32(metaCount + body.count), type: FrameType.response.rawValue, flags: flags,
      method: ticket.method, call: ticket.call, argument: 0)
    let (first, second) = header.words
    output.append(littleEndian: first, second, meta, count: metaCount, body)
    return isDirty && !isFull && !session.isFinished ? .told : .moreToDo
  }

  /// What a flush did; all is well when nothing else has to be seen to.
  mutating func flush(
    to socket: StreamSocket
  ) -> (outcome: FlushOutcome, sent: Int, isAll: Bool) {
    isDirty = false
    let before = output.count
    let outcome = output.flush(to: socket)
    var isAll = false
    if case .empty = outcome {
      isAll =
        stalledSince == nil && !isReadingPaused && !session.isFinished && !session.hasBorrowers
    }
    return (outcome, before - output.count, isAll)
  }
}
