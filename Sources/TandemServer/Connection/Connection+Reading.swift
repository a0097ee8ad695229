// SPDX-License-Identifier: Apache-2.0
// Bytes to frames to actions, a bounded number per turn. A fault inside a call answers that call; a
// fault in framing or accounting ends the connection.

import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

extension Connection {
  /// Reads until the kernel has nothing more or the turn's share is used up.
  ///
  /// A read that left room has emptied the socket; asking again would cost a call to hear so. What
  /// comes meanwhile is told by the loop.
  func receive(_ socket: StreamSocket) {
    guard !isContinuing else { return }
    if isBehindHello { widenLimits() }
    var budget = Limits.bytesPerConnectionTurn
    repeat {
      let (outcome, isEmptied, found) = core.receive(
        from: socket, reading(Limits.framesPerConnectionTurn), &lane.desk)
      switch outcome {
      case .bytes(let count):
        budget -= count
        lane.metrics.add(.bytesRead, count)
        // The flush lets go of what was only looked at, with or without something to send.
        if core.owesDiscard { markDirty() }
        readFrames(after: found)
        if isEmptied { return }
        guard core.discardSeen(in: socket) else { return abandon() }
      case .wouldBlock: return
      case .endOfStream: return inputEnded()
      case .failed: return abandon()
      }
    } while budget > 0 && core.isReading && !isInputOver && !isContinuing
  }

  private func reading(_ limit: Int) -> Reading {
    Reading(sink: self, now: lane.now, limit: limit)
  }

  /// Handles the frames that lie in the buffer.
  func readFrames() {
    guard core.isReading else { return }
    readFrames(after: core.takeRequests(reading(Limits.framesPerConnectionTurn), &lane.desk))
  }

  /// Hands over what was found, and goes on with what is behind it.
  private func readFrames(after first: RequestsFound) {
    var found = first
    var left = Limits.framesPerConnectionTurn
    while true {
      left -= found.count
      if found.count > 0 { handOver(found) }
      if found.isAll { return }
      guard core.isReading else { return }
      guard left > 0 else { return continueNextTurn() }
      left -= 1
      guard readFrame(), core.isReading else { return }
      guard left > 0 else { return continueNextTurn() }
      found = core.takeRequests(reading(left), &lane.desk)
    }
  }

  private func handOver(_ found: RequestsFound) {
    lane.metrics.add(.requests, found.count)
    if lane.port.submit(&lane.desk.calls, to: tenant, isOfUser: found.isOfUser) {
      for refusal in lane.desk.calls.takeRefusals() { answer(refusal.ticket, refusal.error) }
    }
    guard found.hasFault, let (ticket, error) = lane.desk.takeFault() else { return }
    lane.metrics.add(.callsRefused)
    answer(ticket, ErrorStatus(error))
  }

  /// Handles one frame of any kind; false when there is none to go on with.
  private func readFrame() -> Bool {
    switch core.nextFrame() {
    case .needMore(let bytes):
      waitForMore(bytes)
      return false
    case .skip(let bytes):
      core.input.consume(bytes)
    case .fatal(let fault):
      goAway(fault.reason, fault.text)
      return false
    case .oversized(let header, let consumed):
      core.input.consume(consumed)
      refuseOversized(header)
    case .frame(let header, let payload):
      core.input.take(payload, into: &body)
      handle(header)
    }
    return true
  }

  private func waitForMore(_ bytes: Int) {
    if core.input.count == 0 {
      core.incompleteSince = nil
      return
    }
    if core.incompleteSince == nil { core.incompleteSince = lane.now }
    let maximum = FrameHeader.byteCount + Int(lane.settings.limits.frameBytesMax)
    invariant(
      core.input.makeRoom(
        forFrameOf: bytes, maximum: max(maximum, Limits.beforeWelcomeBufferBytes)),
      "the decoder lets no frame of \(bytes) bytes through")
  }

  /// The rest of the burst waits until the other connections had their turn.
  private func continueNextTurn() {
    guard !isContinuing else { return }
    isContinuing = true
    core.incompleteSince = nil
    let connection = LoopConfined(self, on: lane.loop)
    lane.loop.post {
      connection.value.isContinuing = false
      connection.value.readFrames()
      // What the kernel holds meanwhile is told again by the loop.
    }
  }

  private func handle(_ header: FrameHeader) {
    core.incompleteSince = nil
    guard let kind = header.kind else {
      return goAway(.protocolError, "unknown frame type \(header.type)")
    }
    switch kind {
    case .request: request(header)
    case .credit: credit(header)
    case .cancel:
      if let entry = core.intake.session.stream(header.call) {
        lane.port.cancel(Ticket(call: entry.call, method: entry.method), of: self, in: tenant)
      }
    case .ping: ping(header)
    case .pong: break
    case .goAway:
      core.intake.session.peerLeaves()
      finishIfDone()
    case .hello, .welcome, .response, .item:
      goAway(.protocolError, "\(kind) must not come from a client now")
    }
  }

  private func credit(_ header: FrameHeader) {
    switch core.intake.session.credit(header.call, header.argument) {
    case .ignore: break
    case .overflow:
      goAway(.protocolError, "credit of call \(header.call) passes 2147483647 bytes")
    case .grant:
      // What waits is sent at the end of this turn and looks at credit then.
      if core.output.isEmpty { lendCredit() }
    }
  }

  private func ping(_ header: FrameHeader) {
    switch core.intake.session.ping(at: lane.now) {
    case .ignore: break
    case .flood:
      goAway(.calm, "more than \(lane.settings.limits.pingsEndured) pings in one second")
    case .answer: append(.pong, argument: header.argument, payload: body)
    }
  }

  private func refuseOversized(_ header: FrameHeader) {
    refuse(header, .messageTooLarge(Int(header.length), limit: core.intake.decoder.frameBytesMax))
  }
}
