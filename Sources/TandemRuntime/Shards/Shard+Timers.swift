// SPDX-License-Identifier: Apache-2.0
// Deadlines of tenants and the shard's own housekeeping. A deadline is state; its firing is a command.

import TandemDomain
import TandemPlatform
import TandemPrimitives

extension Shard {
  func note(deadline: Timestamp?, of entry: TenantEntry) {
    guard deadline != entry.nextDeadline else { return }
    entry.nextDeadline = deadline
    guard let deadline else { return }
    deadlines.push(entry.id, at: deadline)
    armTimer()
  }

  /// One timer for the earliest deadline; later ones wait behind it.
  func armTimer() {
    guard let first = deadlines.first else { return }
    if let armed = armedTimer {
      guard first < armed.at else { return }
      executor.cancel(armed.id)
    }
    let now = executor.turnTime
    let wait = UInt64(max(0, first.milliseconds - now.wall.milliseconds))
    let id = executor.schedule(at: now.monotonic.advanced(byMilliseconds: wait)) { [self] in
      var nothing: Void = ()
      ShardEntrance.fireTimers(self, &nothing)
    }
    armedTimer = (id, first)
  }

  func fireTimers() {
    armedTimer = nil
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.expiryNeverFires.isActive { return }
    #endif
    let time = executor.turnTime
    let now = time.wall
    // A jump since the last look must be seen before anything expires by it.
    clockGuard.read(wall: time.wall, monotonic: time.monotonic)
    // While the wall clock is in doubt nothing expires; housekeeping arms the timer again.
    guard clockGuard.alarm == nil else { return }
    while let due = deadlines.pop(dueAt: now) {
      guard let entry = entries[due.tenant], entry.nextDeadline == due.at else { continue }
      // Forgotten also while a firing waits already: what it leaves over is noted again.
      entry.nextDeadline = nil
      guard !entry.isFiring else { continue }
      entry.isFiring = true
      enqueue(.command(.fireDeadlines), entry)
    }
    armTimer()
  }

  /// Starts the periodic work of a shard that serves.
  func startHousekeeping() {
    let next = executor.turnTime.monotonic.advanced(
      byMilliseconds: settings.housekeepingMilliseconds)
    executor.schedule(at: next) { [self] in
      var nothing: Void = ()
      ShardEntrance.keepHouse(self, &nothing)
    }
  }

  func keepHouse() {
    guard isServing else { return }
    let time = executor.turnTime
    clockGuard.read(wall: time.wall, monotonic: time.monotonic)
    resendMail(now: time.monotonic)
    for entry in awake where entry.isWatched { enqueue(.beat, entry) }
    for entry in awake { snapshotIfDue(entry) }
    if armedTimer == nil { armTimer() }
    startHousekeeping()
  }

  /// An operator looked at the clock: expiry goes on.
  package func acceptClock() {
    clockGuard.accept()
    armTimer()
  }
}
