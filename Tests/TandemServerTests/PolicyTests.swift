// SPDX-License-Identifier: Apache-2.0
// Ping policy and shutdown order by value.

import TandemPrimitives
import TandemServer
import Testing

struct PolicyTests {
  @Test func `pings are answered, then ignored, then end the connection`() {
    var policy = PingPolicy(answeredPerSecond: 2, enduredPerSecond: 4)
    let start = MonotonicInstant(nanoseconds: 5_000_000_000)
    let verdicts = (0..<5).map { _ in policy.ping(at: start) }
    #expect(verdicts == [.answer, .answer, .ignore, .ignore, .flood])
    #expect(policy.ping(at: start.advanced(byMilliseconds: 999)) == .flood)
    #expect(policy.ping(at: start.advanced(byMilliseconds: 1_000)) == .answer)
  }

  @Test func `a stop drains before the node stops and has a bound`() {
    let sequence = ShutdownSequence(graceMilliseconds: 5_000, lingerMilliseconds: 1_000)
    #expect(sequence.steps.first == .stopAccepting)
    #expect(sequence.steps.last == .exit(.success))
    #expect(sequence.steps[1] == .drain(graceMilliseconds: 5_000))
    #expect(sequence.millisecondsMax == 36_500)
  }
}
