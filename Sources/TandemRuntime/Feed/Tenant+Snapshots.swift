// SPDX-License-Identifier: Apache-2.0
// A watch that begins with everything: the deals as of one commit, then what comes after it. The
// picture shares its chunks with the tenant, so taking it costs a few pointers, and writes go on.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  /// The first item, which holds nothing yet.
  func beginSnapshot(_ index: Int, _ burst: inout Burst) {
    let watcher = feed.watchers[index]
    var body: [UInt8] = []
    FeedCodec.encodeSnapshot(
      .begins, token: token(of: watcher, burst.entry.timeline), events: [], into: &body)
    send(body, index, burst.time.monotonic, tokenAt: watcher.tokenAt)
  }

  /// Ends streams whose reader took nothing of its picture for long: others wait for its place.
  func endStalledSnapshots(_ burst: inout Burst) {
    let patience = burst.settings.snapshotStallMilliseconds
    let now = burst.time.monotonic
    for index in feed.watchers.indices.reversed() {
      let watcher = feed.watchers[index]
      guard watcher.snapshot != nil, watcher.greetAt == nil, watcher.credit <= 0,
        watcher.toldAt.advanced(byMilliseconds: patience) <= now
      else { continue }
      end(index, TurnRefusals.snapshotStalled(afterMilliseconds: patience))
    }
  }

  /// Tells deals of the picture while there is credit; true once all were told.
  ///
  /// A turn looks at a bounded number of them, however few of them the watcher may see.
  func tellSnapshot(_ index: Int, _ burst: inout Burst) -> Bool {
    var looks = Limits.feedSnapshotDealsPerTurn
    while feed.watchers[index].credit > 0 {
      guard looks > 0 else {
        burst.wantsPump = true
        return false
      }
      let watcher = feed.watchers[index]
      guard var snapshot = watcher.snapshot else { return true }
      let events = take(from: &snapshot, &looks, for: watcher)
      let isTold = snapshot.isTold
      feed.update(index) { $0.snapshot = isTold ? nil : snapshot }
      guard isTold || !events.isEmpty else { continue }
      var body: [UInt8] = []
      FeedCodec.encodeSnapshot(
        isTold ? .ends : .goesOn, token: token(of: watcher, burst.entry.timeline), events: events,
        into: &body)
      send(body, index, burst.time.monotonic, tokenAt: isTold ? watcher.cursor : watcher.tokenAt)
      if isTold { return true }
    }
    return false
  }

  /// The next deals that the watcher may see today, as many as an item holds and a turn looks at.
  private func take(
    from snapshot: inout FeedSnapshot, _ looks: inout Int, for watcher: Watcher
  ) -> [UInt8] {
    var events: [UInt8] = []
    while !snapshot.isTold, looks > 0 {
      let slot = snapshot.deals[snapshot.place]
      let isFull = events.count + slot.bytes.count > Limits.feedItemBytes
      guard events.isEmpty || !isFull else { break }
      looks -= 1
      snapshot.place += 1
      let isSelected = watcher.selection.isEmpty || watcher.selection.contains(slot.head.id)
      guard isSelected, core.mayRead(slot.head.id, watcher.principal) else { continue }
      FeedCodec.append(slot.head, withhold(slot), to: &events)
    }
    return events
  }
}
