// SPDX-License-Identifier: Apache-2.0
// After the last fault: everything pending is answered in bounded time, then the whole store is judged.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime

extension Simulation {
  private static let patience: UInt64 = 30_000_000_000

  func end() {
    files.setPlan(.init())
    let deadline = world.nanoseconds + Self.patience
    var last: Evidence?
    while world.nanoseconds < deadline {
      guard watchProcess() else { return }
      serveEverybody()
      pass(milliseconds: 250)
      guard isInspected, open.allSatisfy(\.isDone) else { continue }
      guard let evidence = gather() else { continue }
      last = evidence
      if MessagesConserved.isQuiet(evidence), DeadlinesAreKept.isQuiet(evidence) {
        return judgeEnd()
      }
    }
    report(last)
  }

  private func serveEverybody() {
    resendDue()
    for client in clients {
      follow(client)
      grant(client, bytes: 1_000_000)
    }
    // The operator has looked at the clock.
    _ = inside { node, _ in
      for shard in node.shards { await shard.acceptClock() }
    }
  }

  private func pass(milliseconds: UInt64) {
    let end = world.nanoseconds + milliseconds * 1_000_000
    for _ in 0..<100_000 where world.nanoseconds < end { _ = world.step() }
  }

  private func judgeEnd() {
    serveEverybody()
    lookAround()
    pass(milliseconds: 500)
    let told = durable
    guard let evidence = gather() else {
      return verdict.fail(Self.liveness, "the store could not be read at the end")
    }
    judge(evidence, told, isAtRest: true)
    if let problem = ReplayIsIdentical.check(evidence) {
      verdict.fail(ReplayIsIdentical.name, problem)
    }
    if let problem = AppliedOnce.check(evidence, operations) {
      verdict.fail(AppliedOnce.name, problem)
    }
    if let problem = AgreesWithModel.check(evidence, operations) {
      verdict.fail(AgreesWithModel.name, problem)
    }
    for client in clients {
      if let problem = FeedHasNoGap.check(client, evidence) {
        verdict.fail(FeedHasNoGap.name, problem)
      }
    }
    commits = evidence.logs.reduce(0) { $0 + $1.commits.count }
    for commit in evidence.logs.flatMap(\.commits) {
      mix(commit.sequence &* 31 &+ UInt64(bitPattern: commit.at.milliseconds))
    }
  }

  private func report(_ evidence: Evidence?) {
    if let waiting = open.first(where: { !$0.isDone }) {
      return verdict.fail(
        Self.liveness, "\(waiting.label) \(waiting.number) was never answered")
    }
    guard let evidence else {
      return verdict.fail(Self.liveness, "the store could not be read at the end")
    }
    if !MessagesConserved.isQuiet(evidence) {
      return verdict.fail(MessagesConserved.name, "messages wait for ever in an outbox")
    }
    verdict.fail(DeadlinesAreKept.name, "an invitation waits although its time is over")
  }
}
