// SPDX-License-Identifier: Apache-2.0
// How processes die and come back, and what is looked at after each recovery.

import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime

extension Simulation {
  /// Clients act, the machine fails: three to five times.
  func live() {
    for client in clients where chance(60) { follow(client) }
    for round in 0..<number(3...5) {
      arm()
      for _ in 0..<number(25...90) {
        act()
        advance(steps: number(1...60))
        guard watchProcess() else { return }
      }
      guard rush() else { return }
      verdict.note("\(now) life \(round) ends")
      die(withPower: chance(60))
      guard verdict.broken == nil else { return }
    }
  }

  /// Much happens at once while some thread gets nowhere, so that the end finds work half done.
  private func rush() -> Bool {
    guard chance(70) else { return true }
    for _ in 0..<number(1...3) { stall() }
    for _ in 0..<number(4...16) {
      act()
      advance(steps: number(1...12))
      guard watchProcess() else { return false }
    }
    return true
  }

  /// Sometimes the machine fails in the middle of a call to the disk.
  private func arm() {
    guard chance(50) else { return }
    var plan = FaultPlan()
    plan.atMutation[number(0...250)] = chance(75) ? .powerLoss : .syncLosesPages
    files.setPlan(plan)
  }

  /// Ends a process that failed, looks at one that recovered; false when a promise is broken.
  @discardableResult
  func watchProcess() -> Bool {
    if !isHealthy { die(withPower: files.hasLostPower) }
    guard verdict.broken == nil, let process else { return false }
    if case .failure(let error) = process.started.value {
      verdict.fail("recovery succeeds", "the node does not start: \(error)")
    } else if process.isServing {
      if !isInspected { inspect() }
    } else {
      advance(steps: 300)
      stepsOfStart += 300
      if stepsOfStart > Self.startSteps {
        verdict.fail(Self.liveness, "the node does not start in \(stepsOfStart) steps")
      }
    }
    return verdict.broken == nil
  }

  /// The process ends now; another one takes the disk as it was left.
  func die(withPower isPowerLost: Bool) {
    crashes += 1
    process?.kill()
    process = nil
    for client in clients { client.lostConnection() }
    for operation in operations where !operation.isDone { operation.readyAt = 0 }
    verdict.note("\(now) " + (isPowerLost ? "power is lost" : "the process dies"))
    if isPowerLost { files.crash(random: &random) } else { files.endProcess() }
    boot(mayFail: chance(25))
  }

  /// Recovers; when it may fail, power can be lost again on the way.
  func boot(mayFail: Bool) {
    lives += 1
    isInspected = false
    stepsOfStart = 0
    if mayFail { files.setPlan(.powerLoss(before: number(0...60))) }
    do throws(JournalError) {
      process = try SimulatedProcess(
        world: world, files: files, seed: random.next())
    } catch {
      guard files.hasLostPower else {
        return verdict.fail("recovery succeeds", "the store is refused: \(error)")
      }
      verdict.note("\(now) power is lost again")
      files.crash(random: &random)
      boot(mayFail: false)
    }
  }

  /// Compares what was recovered with what clients were told.
  private func inspect() {
    // Work goes on while the store is read; only what was told before must be found.
    let told = durable
    guard let evidence = gather() else { return }
    isInspected = true
    judge(evidence, told, isAtRest: false)
  }

  func judge(_ evidence: Evidence, _ told: AcknowledgedIsDurable, isAtRest: Bool) {
    let findings = [
      (AcknowledgedIsDurable.name, told.check(evidence)),
      (MessagesConserved.name, MessagesConserved.check(evidence, isAtRest: isAtRest)),
      (DeadlinesAreKept.name, DeadlinesAreKept.check(evidence)),
    ]
    for case (let name, let problem?) in findings { verdict.fail(name, problem) }
  }
}
