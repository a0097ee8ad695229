// SPDX-License-Identifier: Apache-2.0
// Tells clients where the server lives now, since every life has another port.

import TandemClient
import TandemPlatform
import TandemPrimitives

/// The one place that knows whether the server is up, and whether the clients may go home.
actor Whereabouts {
  private(set) var url: String?
  private(set) var isOver = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var clients: [Client] = []
  private var arrived = 0

  /// The server's address, after waiting for it while the server is down.
  func current() async -> String {
    while true {
      if let url { return url }
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func isUp(at url: String) {
    self.url = url
    wakeAll()
  }

  /// Gives the clients of the life that is about to end.
  func goesDown() -> [Client] {
    url = nil
    defer { clients = [] }
    return clients
  }

  func finish() { isOver = true }

  /// A client of the present life, to be forgotten with it.
  func client(at url: String, key: String) throws -> Client {
    let client = try Client(url, key: key)
    clients.append(client)
    return client
  }

  // MARK: The beginning

  func arrive() {
    arrived += 1
    wakeAll()
  }

  /// Waits until so many have arrived.
  func all(_ count: Int) async {
    while arrived < count { await withCheckedContinuation { waiting.append($0) } }
  }

  private func wakeAll() {
    let all = waiting
    waiting = []
    for continuation in all { continuation.resume() }
  }
}

/// Picks the moments at which the server is killed.
final class Moments: Sendable {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop(name: "moments", core: nil)
    try loop.start()
  }

  deinit { loop.stop() }

  /// Returns after a span of real time; nothing may be expected to have happened meanwhile.
  func pass(milliseconds: UInt64) async {
    await withCheckedContinuation { continuation in
      loop.post { [loop] in
        loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: milliseconds)) {
          continuation.resume()
        }
      }
    }
  }
}
