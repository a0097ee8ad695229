// SPDX-License-Identifier: Apache-2.0
// Keeps watches alive: credit as items are taken, a new stream after the last token when one breaks.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// One watch across its streams.
///
/// Confined to the core.
final class WatchState {
  let dealIDs: [ID]
  let actingAs: ID?
  /// Without a token it begins with a snapshot.
  let wantsSnapshot: Bool
  /// Everything up to and including the item that was handed out last.
  var token: [UInt8]
  var slot: CallSlot?
  var slotNumber: UInt64 = 0
  /// Parts of a commit whose last part has not come.
  var parts: WatchItem?
  var hasDelivered = false
  var failures = 0

  init(dealIDs: [ID], actingAs: ID?, token: [UInt8], wantsSnapshot: Bool) {
    self.dealIDs = dealIDs
    self.actingAs = actingAs
    self.wantsSnapshot = wantsSnapshot
    self.token = token
  }

  var request: CallRequest {
    var writer = ProtoWriter()
    let start: UInt32 = !token.isEmpty ? 2 : wantsSnapshot ? 3 : 1
    writer.unsigned(1, start)
    writer.blob(2, token[...])
    for id in dealIDs { writer.element(3, id.bytes[...]) }
    return CallRequest(
      method: Method.watch.rawValue, body: writer.bytes, actingAs: actingAs, isStream: true)
  }
}

extension ClientCore {
  func openWatch(_ dealIDs: [ID], token: [UInt8], wantsSnapshot: Bool) -> UInt64 {
    let number = number()
    watches[number] = WatchState(
      dealIDs: dealIDs, actingAs: settings.actingAs, token: token, wantsSnapshot: wantsSnapshot)
    return number
  }

  /// Ends a watch; its stream is cancelled.
  func dropWatch(_ number: UInt64) {
    guard let watch = watches.removeValue(forKey: number) else { return }
    if watch.slot != nil { cancel(watch.slotNumber) }
  }

  /// The next whole commit or progress; nil once the watch or its task has ended.
  func nextItem(of number: UInt64) async throws(TandemError) -> WatchItem? {
    while let watch = watches[number], !Task.isCancelled {
      let slot = stream(of: watch)
      switch await step(of: slot, watch.slotNumber) {
      case .item(let body):
        if let whole = try take(body, for: watch) { return whole }
      case .ended(let result):
        watch.slot = nil
        watch.parts = nil
        if watches[number] == nil || Task.isCancelled { break }
        let wait = try repair(watch, number, after: result)
        if await !pause(milliseconds: wait) { break }
      }
    }
    dropWatch(number)
    return nil
  }

  private func take(_ body: [UInt8], for watch: WatchState) throws(TandemError) -> WatchItem? {
    guard let part = try? WatchItem(decoding: body[...]) else {
      throw TandemError(
        .internal, reason: "MALFORMED_ITEM", message: "an item of the feed cannot be read")
    }
    var whole = watch.parts ?? part
    if watch.parts != nil { whole.append(part) }
    guard !part.isContinued else {
      watch.parts = whole
      return nil
    }
    watch.parts = nil
    watch.hasDelivered = true
    watch.failures = 0
    if !whole.token.isEmpty { watch.token = whole.token }
    return whole
  }

  private func stream(of watch: WatchState) -> CallSlot {
    if let slot = watch.slot { return slot }
    let slot = CallSlot(watch.request, deadline: nil)
    let number = number()
    watch.slot = slot
    watch.slotNumber = number
    if let refusal = refusal() {
      slot.end = .failed(refusal, .final)
    } else {
      slots[number] = slot
      waiting.append(number)
      pump()
    }
    return slot
  }

  private func step(of slot: CallSlot, _ number: UInt64) async -> StreamStep {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // What came while the task was on its way here is seen now; later items find the consumer.
        if let ready = ready(slot) {
          continuation.resume(returning: ready)
        } else {
          slot.consumer = continuation
        }
      }
    } onCancel: {
      executor.post { self.assumeIsolated { $0.cancel(number) } }
    }
  }

  private func ready(_ slot: CallSlot) -> StreamStep? {
    guard !slot.items.isEmpty else { return slot.end.map { .ended($0) } }
    let item = slot.items.removeFirst()
    consumed(slot, bytes: item.cost)
    return .item(item.body)
  }

  /// How long to wait before the next stream; throws what a new stream cannot cure.
  ///
  /// Before its first item a watch obeys the rules of every call; afterwards it goes on until the
  /// server says that its token is of no use or that the caller may not watch. One that begins with
  /// snapshots begins anew when its token is of no use.
  private func repair(
    _ watch: WatchState, _ number: UInt64, after result: AttemptResult
  ) throws(TandemError) -> Int64 {
    watch.failures += 1
    // A stream that ends with OK was ended by a server that goes; there is no outcome to doubt.
    var outcome = AttemptOutcome.lostAfterWriting
    if case .failed(let error, _) = result, error.needsFreshStart, watch.wantsSnapshot,
      !watch.token.isEmpty
    {
      watch.token = []
      return 0
    }
    if case .failed(var error, let failed) = result {
      outcome = failed
      let isUseless = error.needsFreshStart || !policy.allows(failed, isRepeatable: true)
      let isHopeless = !watch.hasDelivered && watch.failures >= policy.maximumAttempts
      if isUseless || isHopeless {
        error.method = watch.request.name
        error.attempts = watch.failures
        watches[number] = nil
        throw error
      }
    }
    return policy.delay(after: outcome, attempts: watch.failures, random: &random)
  }
}
