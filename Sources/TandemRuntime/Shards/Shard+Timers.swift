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
    let now = executor.turnTime
    let wait = UInt64(max(0, first.milliseconds - now.wall.milliseconds))
    let due = now.monotonic.advanced(byMilliseconds: wait)
    if let armed = armedTimer {
      // Also for the same deadline, when the wall clock was set forward since.
      guard due.advanced(byMilliseconds: 2) < armed.at else { return }
      executor.cancel(armed.id)
    }
    let id = executor.schedule(at: due) { [self] in
      var nothing: Void = ()
      ShardEntrance.fireTimers(self, &nothing)
    }
    armedTimer = (id, due)
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
    armTimer()
    startHousekeeping()
  }

  /// An operator looked at the clock: expiry goes on.
  package func acceptClock() {
    clockGuard.accept()
    armTimer()
  }
}
