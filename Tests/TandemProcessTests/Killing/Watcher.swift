// SPDX-License-Identifier: Apache-2.0
// One client that follows its organisation's feed across the server's lives by its last token.

import TandemClient

/// One change as a watcher saw it.
struct SeenChange: Hashable, Sendable {
  let deal: ID
  let version: UInt64
  let commit: UInt64
}

/// All that one watcher saw, in order.
struct WatcherBook: Sendable {
  let organisation: String
  var changes: [SeenChange] = []
  var lives = 0
  var faults: [String] = []
}

struct Watcher: Sendable {
  /// The deal that is created when nothing more will come.
  static let lastDeal = "the last one"

  let organisation: String
  let whereabouts: Whereabouts

  /// Watches from now on until it has seen the last deal.
  func run() async -> WatcherBook {
    var book = WatcherBook(organisation: organisation)
    var token: [UInt8] = []
    var commit: UInt64 = 0
    while !Task.isCancelled {
      let url = await whereabouts.current()
      book.lives += 1
      do {
        let client = try await whereabouts.client(at: url, key: organisation)
        for try await item in client.watch(from: token, includesProgress: true) {
          if token.isEmpty { await whereabouts.arrive() }
          token = item.token
          guard !item.events.isEmpty else { continue }
          if item.commit <= commit {
            book.faults.append("commit \(item.commit) came after commit \(commit)")
          }
          commit = item.commit
          for event in item.events {
            guard let deal = event.deal else { continue }
            book.changes.append(
              SeenChange(deal: deal, version: event.version, commit: item.commit))
          }
          if item.events.contains(where: { ($0.whole ?? $0.after)?.name == Self.lastDeal }) {
            return book
          }
        }
      } catch {
        let isGone = [.connection, .unavailable].contains((error as? TandemError)?.code)
        let isClosed = (error as? TandemError)?.reason == "CLIENT_CLOSED"
        guard isGone || isClosed else {
          book.faults.append("the watch of \(organisation) ended: \(error)")
          await whereabouts.arrive()
          return book
        }
      }
    }
    return book
  }
}
