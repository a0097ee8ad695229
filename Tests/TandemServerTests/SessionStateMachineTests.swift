// SPDX-License-Identifier: Apache-2.0
// The session by value: no socket, no clock but the numbers given.

import TandemPrimitives
import TandemServer
import TandemWire
import Testing

/// A session that expectations may change.
private final class Subject {
  private var state: SessionStateMachine
  init(_ state: consuming SessionStateMachine) { self.state = state }

  func admit(
    _ header: FrameHeader, _ method: Method, credit: Int64, at now: MonotonicInstant
  ) -> Admission { state.admit(header, method, credit: credit, at: now) }
  func answered(_ call: UInt32, at now: MonotonicInstant) -> InFlightCall? {
    state.answered(call, at: now)
  }
  func credit(_ call: UInt32, _ bytes: UInt32) -> CreditVerdict { state.credit(call, bytes) }
  func sentItem(_ call: UInt32, payloadBytes: Int) {
    state.sentItem(call, payloadBytes: payloadBytes)
  }
  /// What a look at all streams lends to each.
  func lendings() -> [Int64] { state.takeBorrowers().map { state.lend($0.call) } }
  func takeExpiredStreams(at now: MonotonicInstant) -> [InFlightCall] {
    state.takeExpiredStreams(at: now)
  }
  func drain(until: MonotonicInstant) -> Bool { state.drain(until: until) }
  func peerLeaves() { state.peerLeaves() }
  func tick(at now: MonotonicInstant, _ standing: TransportStanding) -> SessionStep {
    state.tick(at: now, standing)
  }
  func stream(_ call: UInt32) -> InFlightCall? { state.stream(call) }
  func isInFlight(_ call: UInt32) -> Bool { state.isInFlight(call) }
  var isFinished: Bool { state.isFinished }
}

struct SessionStateMachineTests {
  private func at(_ milliseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
  }

  private func header(
    _ call: UInt32, _ method: Method = .getDeal, argument: UInt32 = 0, length: Int = 10
  ) -> FrameHeader {
    FrameHeader(
      .request, length: length, method: method.rawValue, call: call, argument: argument)
  }

  private func session(_ change: (inout SessionLimits) -> Void = { _ in }) -> Subject {
    var limits = SessionLimits()
    change(&limits)
    return Subject(SessionStateMachine(limits: limits, now: at(0)))
  }

  private func reason(_ admission: Admission) -> String? {
    if case .refuse(let status) = admission { status.reason } else { nil }
  }

  @Test(
    arguments: [
      (0, 10_000), (1, 1), (60_000, 60_000), (60_001, 60_000), (UInt32.max, 60_000),
    ] as [(UInt32, UInt64)])
  func `a timeout is relative, defaulted and clamped`(argument: UInt32, expected: UInt64) {
    let session = session()
    let admission = session.admit(
      header(1, argument: argument), .getDeal, credit: 0, at: at(500))
    #expect(admission == .run(deadline: at(500 + expected)))
  }

  @Test func `a stream without a timeout has no end`() {
    let session = session()
    for (call, argument) in [(1, 0), (2, UInt32.max)] as [(UInt32, UInt32)] {
      #expect(
        session.admit(header(call, .watch, argument: argument), .watch, credit: 9, at: at(0))
          == .run(deadline: MonotonicInstant(nanoseconds: .max)))
    }
    #expect(session.takeExpiredStreams(at: at(1_000_000_000)).isEmpty)
  }

  @Test func `an expired stream is told once`() {
    let session = session()
    _ = session.admit(header(1, .watch, argument: 50), .watch, credit: 9, at: at(0))
    #expect(session.takeExpiredStreams(at: at(49)).isEmpty)
    #expect(session.takeExpiredStreams(at: at(50)).map(\.call) == [1])
    #expect(session.takeExpiredStreams(at: at(51)).isEmpty)
    #expect(session.isInFlight(1))
  }

  @Test func `a slot is held until the answer`() {
    let session = session { $0.inFlightMax = 2 }
    _ = session.admit(header(1), .getDeal, credit: 0, at: at(0))
    _ = session.admit(header(2), .getDeal, credit: 0, at: at(0))
    #expect(
      reason(session.admit(header(3), .getDeal, credit: 0, at: at(0))) == "TOO_MANY_IN_FLIGHT")
    #expect(!session.isInFlight(3))
    #expect(session.answered(1, at: at(1))?.call == 1)
    #expect(session.answered(1, at: at(1)) == nil)
    #expect(reason(session.admit(header(1), .getDeal, credit: 0, at: at(1))) == nil)
  }

  @Test func `bytes and streams have their own bounds`() {
    let session = session {
      $0.inFlightBytesMax = 100
      $0.streamsMax = 1
    }
    #expect(reason(session.admit(header(1, .watch), .watch, credit: 0, at: at(0))) == nil)
    #expect(
      reason(session.admit(header(2, .watch), .watch, credit: 0, at: at(0)))
        == "TOO_MANY_IN_FLIGHT")
    #expect(
      reason(session.admit(header(3, length: 91), .getDeal, credit: 0, at: at(0)))
        == "TOO_MANY_IN_FLIGHT")
    #expect(reason(session.admit(header(3, length: 90), .getDeal, credit: 0, at: at(0))) == nil)
  }

  @Test func `credit is counted down by items and must not pass 2^31`() {
    let session = session()
    _ = session.admit(header(1, .watch), .watch, credit: 1_000, at: at(0))
    session.sentItem(1, payloadBytes: 2_000)
    #expect(session.stream(1)?.credit == 1_000 - 2_016)
    _ = session.admit(header(3), .getDeal, credit: 0, at: at(0))
    let verdicts = [
      session.credit(1, UInt32(Int32.max)), session.credit(1, 2_000), session.credit(2, 5),
      session.credit(3, 5),
    ]
    #expect(verdicts == [.grant, .overflow, .ignore, .ignore])
  }

  @Test func `credit is lent in shares of 64 KiB, when the share before is used up`() {
    let session = session()
    _ = session.admit(header(1, .watch), .watch, credit: 100_000, at: at(0))
    #expect(session.stream(1)?.lent == 65_536)
    #expect(session.lendings() == [])
    session.sentItem(1, payloadBytes: 40_000)
    #expect(session.lendings() == [])
    session.sentItem(1, payloadBytes: 40_000)
    // What is left of the credit, and back what was sent beyond the first share.
    #expect(session.lendings() == [100_000 - 65_536])
    #expect(session.lendings() == [])
    session.sentItem(1, payloadBytes: 30_000)
    #expect(session.lendings() == [0])
    #expect(session.credit(1, 1_000_000) == .grant)
    #expect(session.lendings() == [65_536 - (100_000 - 110_048)])
    _ = session.admit(header(2, .watch), .watch, credit: 1_000_000, at: at(0))
    session.sentItem(1, payloadBytes: 65_520)
    #expect(session.lendings() == [32_768, 0])
  }

  @Test func `a drain refuses new calls and finishes with the last answer`() {
    let session = session()
    _ = session.admit(header(1), .getDeal, credit: 0, at: at(0))
    #expect(session.drain(until: at(100)))
    #expect(!session.drain(until: at(500)))
    #expect(reason(session.admit(header(2), .getDeal, credit: 0, at: at(1))) == "DRAINING")
    #expect(!session.isFinished)
    #expect(session.tick(at: at(99), TransportStanding()) == .none)
    #expect(session.tick(at: at(100), TransportStanding()) == .finish)
    _ = session.answered(1, at: at(2))
    #expect(session.isFinished)
  }

  @Test func `a client that leaves is waited for`() {
    let session = session()
    _ = session.admit(header(1), .getDeal, credit: 0, at: at(0))
    session.peerLeaves()
    #expect(!session.isFinished)
    _ = session.answered(1, at: at(1))
    #expect(session.isFinished)
  }

  @Test func `idling counts only without calls`() {
    let session = session { $0.idleTimeoutMilliseconds = 100 }
    _ = session.admit(header(1, .watch), .watch, credit: 0, at: at(0))
    #expect(session.tick(at: at(1_000), TransportStanding()) == .none)
    _ = session.answered(1, at: at(1_000))
    #expect(session.tick(at: at(1_099), TransportStanding()) == .none)
    guard case .goAway(.idle, _) = session.tick(at: at(1_100), TransportStanding()) else {
      Issue.record("an idle session ends")
      return
    }
  }

  @Test func `a stalled reader and an unfinished frame end the session`() {
    let session = session()
    let stalled = session.tick(at: at(30_000), TransportStanding(stalledSince: at(0)))
    guard case .goAway(.slowConsumer, _) = stalled else {
      Issue.record("a stalled reader ends the session")
      return
    }
    let cut = session.tick(at: at(30_000), TransportStanding(incompleteSince: at(0)))
    guard case .goAway(.idle, _) = cut else {
      Issue.record("an unfinished frame ends the session")
      return
    }
    #expect(session.tick(at: at(29_999), TransportStanding(stalledSince: at(0))) == .none)
  }

  @Test func `a barrier is refused by name`() {
    let session = session()
    var barrier = header(1)
    barrier.flags = FrameFlags.barrier.rawValue
    #expect(reason(session.admit(barrier, .getDeal, credit: 0, at: at(0))) == "RESERVED")
  }
}
