// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TandemPlatform
import TandemPrimitives
import Testing

struct LullTests {
  /// Ready until they are deregistered, because a socket that nothing was sent on can be written.
  private func sockets(_ count: Int) throws -> [StreamSocket] {
    let listener = try ListeningSocket(.loopback(port: 0), reusePort: false, backlog: Int32(count))
    return try (0..<count).map { _ in try StreamSocket.connect(to: listener.address) }
  }

  @Test func `work for a lull runs after all descriptors that are ready`() async throws {
    // More than one poll tells of, fewer than the turns that are waited for.
    let sockets = try sockets(40)
    try await withLoop { loop in
      let seen = Collected<String>()
      await withCheckedContinuation { continuation in
        loop.post {
          let live = Mutex<[Int: Registration]>([:])
          for number in sockets.indices {
            let handler = Told {
              guard let registration = live.withLock({ $0.removeValue(forKey: number) }) else {
                return
              }
              loop.deregister(registration)
              if seen.all.isEmpty {
                loop.postForLull {
                  seen.add("lull")
                  continuation.resume()
                }
              }
              seen.add("descriptor")
            }
            do {
              let added = try loop.register(
                sockets[number].descriptor, handler, interest: .writable)
              live.withLock { $0[number] = added }
            } catch { Issue.record("not registered: \(error)") }
          }
        }
      }
      #expect(seen.all == Array(repeating: "descriptor", count: 40) + ["lull"])
    }
  }

  @Test func `descriptors that are always ready put work for a lull off for a few turns`()
    async throws
  {
    let sockets = try sockets(40)
    try await withLoop { loop in
      let turns = Collected<String>()
      loop.post { loop.atEndOfTurn { turns.add("turn") } }
      await withCheckedContinuation { continuation in
        loop.post {
          for socket in sockets {
            do {
              _ = try loop.register(socket.descriptor, Told {}, interest: .writable)
            } catch { Issue.record("not registered: \(error)") }
          }
          // Posted when the loop has seen that much is ready.
          loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: 1)) {
            turns.add("posted")
            loop.postForLull {
              turns.add("lull")
              continuation.resume()
            }
          }
        }
      }
      let waited = turns.all.drop { $0 != "posted" }.prefix { $0 != "lull" }.dropFirst()
      #expect(waited.count <= 6)
    }
  }

  @Test func `work for a lull runs although nothing wakes the loop, and before the loop stops`()
    async throws
  {
    let seen = Collected<Int>()
    try await withLoop { loop in
      await withCheckedContinuation { continuation in
        loop.post {
          loop.postForLull {
            seen.add(1)
            loop.postForLull { continuation.resume() }
          }
        }
      }
      loop.post { loop.postForLull { seen.add(2) } }
    }
    #expect(seen.all == [1, 2])
  }
}
