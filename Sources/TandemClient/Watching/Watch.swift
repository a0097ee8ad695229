// SPDX-License-Identifier: Apache-2.0
// The feed of an organisation as a sequence.

import TandemPlatform

/// Changes of an organisation's deals in commit order, from a place on, without end.
///
/// A broken connection is healed without a word, from the last item on. What comes out as an error
/// cannot be healed: a token that the server no longer honours (``TandemError/needsFreshStart``),
/// a key that may not watch. Leaving the loop, or cancelling its task, ends the watch.
public struct Watch: AsyncSequence, Sendable {
  /// What the sequence gives.
  public typealias Element = WatchItem
  /// What ends it before its time.
  public typealias Failure = TandemError

  /// Held, so that a watch does not end because nobody else needs its client.
  let client: Client
  let deals: [ID]
  let token: [UInt8]
  let includesProgress: Bool
  let beginsWithSnapshot: Bool

  /// Begins to watch; the server is asked with the first element.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

  /// One walk through the feed.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// What the sequence gives.
    public typealias Element = WatchItem
    /// What ends it before its time.
    public typealias Failure = TandemError

    private let watch: Watch
    private var subscription: WatchSubscription?
    private var isOver = false

    init(_ watch: Watch) { self.watch = watch }

    /// The next item; nil once the task was cancelled or the client closed.
    public mutating func next() async throws(TandemError) -> WatchItem? {
      try await next(isolation: nil)
    }

    /// The next item; nil once the task was cancelled or the client closed.
    public mutating func next(
      isolation: isolated (any Actor)?
    ) async throws(TandemError) -> WatchItem? {
      if isOver { return nil }
      let live: WatchSubscription
      if let subscription {
        live = subscription
      } else {
        let number = await watch.client.core.openWatch(
          watch.deals, token: watch.token, wantsSnapshot: watch.beginsWithSnapshot)
        live = WatchSubscription(watch.client.core, number)
        subscription = live
      }
      do {
        while let item = try await watch.client.core.nextItem(of: live.number) {
          if watch.includesProgress || !item.isProgress { return item }
        }
      } catch {
        isOver = true
        throw error
      }
      isOver = true
      return nil
    }
  }
}

/// Ends a watch when the walk through it ends.
final class WatchSubscription: Sendable {
  let number: UInt64
  private let core: ClientCore

  init(_ core: ClientCore, _ number: UInt64) {
    self.core = core
    self.number = number
  }

  deinit {
    let core = core
    let number = number
    core.executor.post { core.assumeIsolated { $0.dropWatch(number) } }
  }
}

extension Client {
  /// Follows the changes of the caller's organisation.
  ///
  /// - Parameters:
  ///   - deals: only these; none means every deal that the caller may see.
  ///   - token: of the last item that was dealt with; none begins now.
  ///   - includesProgress: also give items that only carry a newer token.
  ///   - beginsWithSnapshot: without a token, or with one that the server no longer honours, tell
  ///     every deal first, as ``WatchItem/snapshot`` says, and then go on without a gap.
  /// - Returns: the changes; the server is asked with the first of them.
  public func watch(
    deals: [ID] = [], from token: [UInt8] = [], includesProgress: Bool = false,
    beginsWithSnapshot: Bool = false
  ) -> Watch {
    Watch(
      client: self, deals: deals, token: token, includesProgress: includesProgress,
      beginsWithSnapshot: beginsWithSnapshot)
  }
}
