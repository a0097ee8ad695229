// SPDX-License-Identifier: Apache-2.0
// One client on the loop of its organisation, from WELCOME to the end. Frames in, calls to the
// port, answers out. Never changes threads; must not know what a deal is.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

final class Connection: ReadinessHandler {
  let number: UInt64
  let lane: Lane
  let tenant: TenantID
  private let credential: Authenticator.Credential
  let hello: Hello
  let connectionID: [UInt8]

  /// Nil before WELCOME is sent and after the end.
  var socket: StreamSocket?
  private var registration: Registration?
  private var interest: ReadinessInterest = .readable
  var core: ConnectionCore

  /// Reused for every frame that is not read where it lies.
  var body: [UInt8] = []

  private var isPreambleSent = false
  /// The client has shut its sending side; what it asked before is still answered.
  private(set) var isInputOver = false
  /// What is read came with HELLO, from a client that could not know the limits in force.
  private(set) var isBehindHello = true
  var isContinuing = false

  init(number: UInt64, _ arrival: Arrival, on lane: Lane) {
    self.number = number
    self.lane = lane
    tenant = arrival.target.tenant
    credential = arrival.target.credential
    hello = arrival.hello
    socket = arrival.socket
    connectionID = lane.settings.entropy.bytes(8)
    core = ConnectionCore(
      limits: lane.settings.limits, clientBytesMax: Self.clientBytesMax(arrival.hello),
      pool: lane.pool, now: lane.now)
    core.input.append(arrival.rest)
  }

  var isOpen: Bool { core.isOpen }
  var principal: Principal { core.intake.principal }

  /// Largest payload that the client takes.
  private static func clientBytesMax(_ hello: Hello) -> UInt32 {
    let announced = hello.frameBytesMax == 0 ? 4 * 1024 * 1024 : hello.frameBytesMax
    return min(announced, UInt32(Limits.frameBytesCeiling))
  }

  var streamWindow: Int64 {
    let window =
      hello.streamWindow == 0
      ? lane.settings.limits.streamWindowBytes : hello.streamWindow
    return min(Int64(window), Limits.streamCreditCeiling)
  }

  func uses(_ key: KeyID, of tenant: TenantID) -> Bool {
    guard self.tenant == tenant, case .key(let own, _) = credential else { return false }
    return own == key
  }

  func isOf(_ user: UserID, of tenant: TenantID) -> Bool {
    guard self.tenant == tenant, case .user(let own, _, _) = principal else { return false }
    return own == user
  }

  // MARK: The beginning

  func authenticate() {
    switch credential {
    case .operatorKey: welcome(.systemOperator, name: "operator")
    case .key(let key, let secretHash):
      lane.port.authenticate(tenant, key: key, secretHash: secretHash) { [self] result in
        switch result {
        case .accepted(let user, let readOnly, _):
          welcome(.user(user, via: nil, readOnly: readOnly), name: user.description)
        case .refused:
          lane.metrics.add(.handshakesFailed)
          goAway(.authFailed, Authenticator.refusal)
        case .busy:
          lane.metrics.add(.handshakesFailed)
          goAway(.calm, "many connections of this organisation are being checked; come again")
        case .unavailable:
          lane.metrics.add(.handshakesFailed)
          goAway(.internal, "this organisation cannot be served now; come again")
        }
      }
    }
  }

  private func welcome(_ principal: Principal, name: String) {
    guard let socket else { return }
    core.intake.principal = principal
    core.intake.requestHash = IdempotencyHash(principal)
    guard !lane.isDraining else { return goAway(.draining, "the server is stopping") }
    guard core.clientBytesMax >= UInt32(Limits.beforeWelcomeFrameBytes) else {
      return goAway(
        .protocolError,
        "Hello.max_frame is \(hello.frameBytesMax); it must be at least "
          + "\(Limits.beforeWelcomeFrameBytes), or 0 for the default")
    }
    sendPreambleOnce()
    append(.welcome, payload: WelcomeText.bytes(of: self, principal: name))
    do {
      registration = try lane.loop.register(socket.descriptor, self, interest: .readable)
    } catch {
      return abandon()
    }
    markDirty()
    readFrames()
  }

  /// The limits of WELCOME hold for all that is read from now on.
  func widenLimits() {
    isBehindHello = false
    core.intake.decoder.frameBytesMax = Int(lane.settings.limits.frameBytesMax)
    core.intake.session.widen()
  }

  /// Whatever is said first, the preamble comes before it.
  private func sendPreambleOnce() {
    guard !isPreambleSent else { return }
    isPreambleSent = true
    core.output.append(Preamble.bytes)
  }

  // MARK: Readiness

  func ready(_ events: ReadinessEvents) {
    guard let socket else { return }
    if events.contains(.failed) { return abandon() }
    if events.contains(.writable) { flush() }
    if isInputOver {
      // Now the other direction is gone too.
      if events.contains(.hungUp) { abandon() }
      return
    }
    // Reading pauses only while output waits, so a peer that is gone shows when that is sent.
    if core.isReadingPaused { return }
    if events.contains(.readable) || events.contains(.hungUp) { receive(socket) }
  }

  /// Says what the loop shall tell; a failure ends the connection.
  func updateInterest() {
    guard let registration else { return }
    let reads = !core.isReadingPaused && !isInputOver
    var wanted = ReadinessInterest(
      rawValue: reads ? ReadinessInterest.readable.rawValue : 0)
    if core.stalledSince != nil { wanted.insert(.writable) }
    guard wanted != interest else { return }
    do {
      try lane.loop.update(registration, interest: wanted)
      interest = wanted
    } catch {
      abandon()
    }
  }

  // MARK: Sending

  /// Sends at the end of this turn, together with what else comes.
  func markDirty() {
    guard !core.isDirty else { return }
    core.isDirty = true
    lane.markDirty(self)
  }

  func flush() {
    guard let socket else { return core.isDirty = false }
    let result = core.flush(to: socket, at: lane.now)
    lane.metrics.add(.bytesWritten, result.sent)
    guard core.discardSeen(in: socket) else { return abandon() }
    if result.isAll { return }
    switch result.outcome {
    case .failed: return abandon()
    case .empty:
      core.stalledSince = nil
      if core.intake.session.isFinished { return leave() }
      lendCredit()
    case .blocked:
      if core.stalledSince == nil || result.sent > 0 { core.stalledSince = lane.now }
    }
    if core.isReadingPaused, core.output.count < lane.settings.limits.outputResumeBytes {
      core.isReadingPaused = false
      updateInterest()
      return readFrames()
    }
    updateInterest()
  }

  /// All is sent, so streams may go on with what they have not been lent of their credit.
  func lendCredit() {
    for entry in core.intake.session.takeBorrowers() {
      let bytes = core.intake.session.lend(entry.call)
      guard bytes > 0 else { continue }
      lane.port.grant(
        bytes, to: Ticket(call: entry.call, method: entry.method), of: self, in: tenant)
    }
  }

  func pauseReadingIfFull() {
    guard !core.isReadingPaused, core.output.count > lane.settings.limits.outputPauseBytes else {
      return
    }
    core.isReadingPaused = true
    core.incompleteSince = nil
    lane.metrics.add(.readingPaused)
    updateInterest()
  }

  // MARK: Time

  func tick() {
    core.noteAnswers(at: lane.now)
    for entry in core.intake.session.takeExpiredStreams(at: lane.now) {
      core.remarks.replace(entry.call, SessionRefusals.deadline)
      lane.port.cancel(Ticket(call: entry.call, method: entry.method), of: self, in: tenant)
    }
    let standing = TransportStanding(
      incompleteSince: core.incompleteSince, stalledSince: core.stalledSince)
    perform(core.intake.session.tick(at: lane.now, standing))
  }

  func perform(_ step: SessionStep) {
    switch step {
    case .none: break
    case .finish: leave()
    case .goAway(let reason, let text): goAway(reason, text)
    }
  }

  // MARK: The end

  /// The client asks nothing more: its calls are answered, its streams end, then this side closes.
  ///
  /// Without CREDIT and CANCEL a stream would go on for a peer that most often is gone.
  func inputEnded() {
    isInputOver = true
    core.incompleteSince = nil
    core.input.removeAll()
    core.intake.session.peerLeaves()
    for entry in core.intake.session.allStreams {
      lane.port.cancel(Ticket(call: entry.call, method: entry.method), of: self, in: tenant)
    }
    updateInterest()
    finishIfDone()
  }

  /// Closes once everything was answered and the kernel has taken it.
  func finishIfDone() {
    guard core.intake.session.isFinished else { return }
    // Sending the rest comes back here.
    core.output.isEmpty ? leave() : markDirty()
  }

  func drain(until: MonotonicInstant, graceMilliseconds: UInt32) {
    guard core.intake.session.drain(until: until) else { return }
    sendPreambleOnce()
    core.output.append(
      Farewell.frame(
        .draining, "the server is stopping; open new calls elsewhere",
        graceMilliseconds: graceMilliseconds))
    lane.metrics.add(.goAwaysSent)
    for entry in core.intake.session.allStreams {
      lane.port.cancel(Ticket(call: entry.call, method: entry.method), of: self, in: tenant)
      core.remarks.replace(entry.call, SessionRefusals.draining)
    }
    markDirty()
  }

  /// Says why, and closes so that the client can read it.
  ///
  /// Nothing is written afterwards.
  func goAway(_ reason: GoAwayReason, _ text: String) {
    guard isOpen else { return }
    sendPreambleOnce()
    core.output.append(Farewell.frame(reason, text))
    lane.metrics.add(.goAwaysSent)
    lane.settings.log.debug("go_away", "connection=\(number) reason=\(reason)")
    leave()
  }

  /// Sends what is there and closes.
  private func leave() {
    guard let socket else { return }
    release()
    var last = OutputBuffer(pool: lane.pool)
    swap(&last, &core.output)
    LingeringClose(socket, last, on: lane).start()
    lane.forget(self)
  }

  /// Closes at once.
  func abandon() {
    guard socket != nil else { return }
    release()
    core.output.removeAll()
    lane.forget(self)
  }

  private func release() {
    core.intake.session.close()
    // A close with unread input would destroy the last words; what cannot be discarded is lost anyway.
    if let socket { _ = core.discardSeen(in: socket) }
    if let registration { lane.loop.deregister(registration) }
    registration = nil
    socket = nil
    core.input.removeAll()
    if core.intake.session.openStreams > 0 { lane.port.disconnect(self, from: tenant) }
  }
}
