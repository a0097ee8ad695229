// SPDX-License-Identifier: Apache-2.0
// What a connection may do after its handshake, by value: admission, slots, credit, pings, idling,
// drain. Must not know sockets, buffers or the runtime.

package import TandemPrimitives
package import TandemWire

/// What becomes of a REQUEST whose header was accepted.
package enum Admission: Sendable, Equatable {
  /// It holds a slot from now on.
  case run(deadline: MonotonicInstant)
  /// It is answered at once and holds none.
  case refuse(ErrorStatus)
}

/// What becomes of a CREDIT.
package enum CreditVerdict: Sendable, Equatable {
  case grant
  /// The call is over, or is no stream.
  case ignore
  case overflow
}

/// What the connection has to do after time has passed or a call has ended.
package enum SessionStep: Sendable, Equatable {
  case none
  /// Everything was answered: close without another word.
  case finish
  case goAway(GoAwayReason, String)
}

/// What the socket has to say about its own progress.
package struct TransportStanding: Sendable, Equatable {
  /// Since when a frame has been incomplete.
  package var incompleteSince: MonotonicInstant?
  /// Since when unsent output has not moved.
  package var stalledSince: MonotonicInstant?
  package init(incompleteSince: MonotonicInstant? = nil, stalledSince: MonotonicInstant? = nil) {
    self.incompleteSince = incompleteSince
    self.stalledSince = stalledSince
  }
}

/// One connection between WELCOME and its end: open → draining → closing.
///
/// Cannot be copied: the decoder looks at it for every frame.
package struct SessionStateMachine: ~Copyable, Sendable, FrameContext {
  package enum Phase: Sendable, Equatable {
    case open
    /// New calls are refused; closed when all are answered or time is up.
    case draining(until: MonotonicInstant)
    case closing
  }

  private(set) package var phase = Phase.open
  private var calls: InFlightTable
  private var pings: PingPolicy
  private let limits: SessionLimits
  private var inFlightMax: Int
  private var isPeerLeaving = false
  /// A stream may have used up its loan; cleared by who looks.
  private var isLoanWanted = false
  /// When the last call began or ended.
  private var lastCall: MonotonicInstant

  package init(limits: SessionLimits, now: MonotonicInstant) {
    self.limits = limits
    inFlightMax = Int(limits.inFlightMax)
    calls = InFlightTable(countMax: Int(limits.inFlightMax))
    pings = PingPolicy(
      answeredPerSecond: limits.pingsAnswered, enduredPerSecond: limits.pingsEndured)
    lastCall = now
  }

  package var isIntroduced: Bool { true }
  package func isInFlight(_ call: UInt32) -> Bool { calls.holds(call) }
  var isClosing: Bool { if case .closing = phase { true } else { false } }
  package var inFlight: Int { calls.count }
  package var openStreams: Int { calls.streams }

  /// Before WELCOME a client may count on this many calls only.
  package mutating func narrow(toCalls count: Int) { inFlightMax = min(inFlightMax, count) }

  package mutating func widen() { inFlightMax = Int(limits.inFlightMax) }

  // MARK: Calls

  /// Gives a call its slot, or says why it gets none.
  package mutating func admit(
    _ header: FrameHeader, _ method: Method?, credit: Int64, at now: MonotonicInstant
  ) -> Admission {
    lastCall = now
    if phase != .open { return .refuse(SessionRefusals.draining) }
    guard let method else { return .refuse(.unknownMethod(header.method)) }
    if header.flags & FrameFlags.barrier.rawValue != 0 {
      return .refuse(SessionRefusals.reserved("BARRIER"))
    }
    if calls.count >= inFlightMax {
      return .refuse(SessionRefusals.tooMany("calls", UInt64(inFlightMax)))
    }
    if calls.bytes + UInt64(header.length) > limits.inFlightBytesMax {
      return .refuse(SessionRefusals.tooMany("bytes of calls", limits.inFlightBytesMax))
    }
    if method.isServerStream, calls.streams >= Int(limits.streamsMax) {
      return .refuse(SessionRefusals.tooMany("streams", UInt64(limits.streamsMax)))
    }
    var entry = InFlightCall(
      call: header.call, method: header.method, isStream: method.isServerStream,
      requestBytes: header.length)
    entry.wantsMeta = header.hasMeta
    entry.credit = credit
    if method.isServerStream { entry.lent = min(credit, share) }
    let deadline = deadline(of: header.argument, isStream: method.isServerStream, now)
    if method.isServerStream, let deadline { entry.expiresAt = deadline }
    calls.insert(entry)
    return .run(deadline: deadline ?? MonotonicInstant(nanoseconds: .max))
  }

  /// The same for a call that is no stream and that nothing speaks against; gives its deadline.
  ///
  /// Nil, without any change, for all else: `admit` and the decoder find the words.
  mutating func admitPlainly(
    _ header: FrameHeader, at now: MonotonicInstant
  ) -> MonotonicInstant? {
    guard case .open = phase, header.flags & FrameFlags.barrier.rawValue == 0,
      calls.count < inFlightMax,
      calls.bytes + UInt64(header.length) <= limits.inFlightBytesMax,
      let deadline = deadline(of: header.argument, isStream: false, now),
      calls.insert(
        header.call, method: header.method, requestBytes: header.length,
        wantsMeta: header.hasMeta)
    else { return nil }
    lastCall = now
    return deadline
  }

  /// Frees the slot of a call; whether it wants Meta, or nil when `answered` would say nil.
  ///
  /// Who calls it tells the time once a turn, with `touch`.
  mutating func answeredPlainly(_ call: UInt32) -> Bool? {
    if case .closing = phase { return nil }
    return calls.end(call)
  }

  mutating func touch(at now: MonotonicInstant) { lastCall = now }

  /// Relative and clamped; nil: never, which only streams may have.
  private func deadline(
    of argument: UInt32, isStream: Bool, _ now: MonotonicInstant
  ) -> MonotonicInstant? {
    switch argument {
    case 0 where isStream, UInt32.max where isStream: return nil
    case 0: return now.advanced(byMilliseconds: UInt64(limits.defaultTimeoutMilliseconds))
    default:
      let span = min(argument, limits.timeoutMillisecondsMax)
      return now.advanced(byMilliseconds: UInt64(span))
    }
  }

  /// Frees the slot of a call; nil when it has none, or when nothing is answered any more.
  package mutating func answered(_ call: UInt32, at now: MonotonicInstant) -> InFlightCall? {
    if case .closing = phase { return nil }
    lastCall = now
    return calls.remove(call)
  }

  /// A stream's own call, nil for anything else.
  package func stream(_ call: UInt32) -> InFlightCall? {
    guard let entry = calls.find(call), entry.isStream else { return nil }
    return entry
  }

  package mutating func credit(_ call: UInt32, _ bytes: UInt32) -> CreditVerdict {
    guard let entry = stream(call) else { return .ignore }
    let total = entry.credit + Int64(bytes)
    guard total <= Limits.streamCreditCeiling else { return .overflow }
    calls.update(call) { $0.credit = total }
    isLoanWanted = true
    return .grant
  }

  /// Sets the first credit of a stream whose Meta named one.
  package mutating func setCredit(_ call: UInt32, _ bytes: Int64) {
    let lent = min(bytes, share)
    calls.update(call) {
      $0.credit = bytes
      $0.lent = lent
    }
  }

  /// What the streams of a connection have on their way, about, so that no answer waits behind
  /// more (wire.md 2.10).
  private static let quantumBytes: Int64 = 64 * 1_024
  /// Lending costs a turn: many small loans would cost more than they spare.
  private static let shareBytesMin: Int64 = 4 * 1_024

  /// One stream's part of the quantum.
  private var share: Int64 {
    max(Self.quantumBytes / Int64(max(calls.streams, 1)), Self.shareBytesMin)
  }

  var hasBorrowers: Bool { isLoanWanted }

  /// Streams to ask `lend` for, when what was lent before is sent; none most of the time.
  package mutating func takeBorrowers() -> [InFlightCall] {
    guard isLoanWanted else { return [] }
    isLoanWanted = false
    return allStreams
  }

  /// How many bytes more a stream may send now: 0 while it has some left, or has no credit.
  package mutating func lend(_ call: UInt32) -> Int64 {
    guard let entry = stream(call), entry.lent <= 0, entry.credit > 0 else { return 0 }
    let lent = min(entry.credit, share)
    calls.update(call) { $0.lent = lent }
    return lent - entry.lent
  }

  /// An ITEM costs its header too; the balance may fall below zero by one item.
  package mutating func sentItem(_ call: UInt32, payloadBytes: Int) {
    let cost = Int64(FrameHeader.byteCount + payloadBytes)
    var isUsedUp = false
    calls.update(call) {
      $0.credit -= cost
      $0.lent -= cost
      isUsedUp = $0.lent <= 0
    }
    if isUsedUp { isLoanWanted = true }
  }

  /// Streams whose time is over; each is told once.
  package mutating func takeExpiredStreams(at now: MonotonicInstant) -> [InFlightCall] {
    guard calls.streams > 0 else { return [] }
    let expired = calls.all.filter { entry in entry.expiresAt.map { $0 <= now } ?? false }
    for entry in expired { calls.update(entry.call) { $0.expiresAt = nil } }
    return expired
  }

  package var allStreams: [InFlightCall] { calls.all.filter(\.isStream) }

  // MARK: The connection itself

  package mutating func ping(at now: MonotonicInstant) -> PingPolicy.Verdict {
    pings.ping(at: now)
  }

  /// The client opens no more calls and waits for its answers.
  package mutating func peerLeaves() { isPeerLeaving = true }

  /// False when the connection drains or closes already.
  package mutating func drain(until: MonotonicInstant) -> Bool {
    guard phase == .open else { return false }
    phase = .draining(until: until)
    return true
  }

  package mutating func close() { phase = .closing }

  /// True when nothing is left to answer and nothing more will come.
  package var isFinished: Bool {
    guard calls.count == 0 else { return false }
    switch phase {
    case .open: return isPeerLeaving
    case .draining: return true
    case .closing: return false
    }
  }

  /// What the passing of time asks for.
  package func tick(at now: MonotonicInstant, _ transport: TransportStanding) -> SessionStep {
    switch phase {
    case .closing: return .none
    case .draining(let until) where now >= until: return .finish
    case .draining, .open: break
    }
    // Output that waits has its own bound, below.
    if isFinished, transport.stalledSince == nil { return .finish }
    if Self.isOver(transport.stalledSince, limits.stallTimeoutMilliseconds, now) {
      return .goAway(
        .slowConsumer, "no answer was taken for \(limits.stallTimeoutMilliseconds) ms")
    }
    if Self.isOver(transport.incompleteSince, limits.frameTimeoutMilliseconds, now) {
      return .goAway(
        .idle, "a frame was not complete within \(limits.frameTimeoutMilliseconds) ms")
    }
    if calls.count == 0, Self.isOver(lastCall, limits.idleTimeoutMilliseconds, now) {
      return .goAway(.idle, "no call for \(limits.idleTimeoutMilliseconds) ms")
    }
    return .none
  }

  private static func isOver(
    _ since: MonotonicInstant?, _ milliseconds: UInt32, _ now: MonotonicInstant
  ) -> Bool {
    guard let since else { return false }
    return since.advanced(byMilliseconds: UInt64(milliseconds)) <= now
  }
}
