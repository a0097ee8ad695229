// SPDX-License-Identifier: Apache-2.0
import Glibc
import TandemPlatform
import Testing

struct SignalsTests {
  @Test func `requests to stop arrive on the loop`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try await withLoop { loop in
        let seen = Collected<Signal>()
        await withCheckedContinuation { continuation in
          do {
            try Signals.watch(on: loop) { signal in
              if !loop.isCurrent { exit(8) }
              seen.add(signal)
              if signal == .interrupt { continuation.resume() } else { kill(getpid(), SIGINT) }
            }
          } catch { exit(9) }
          kill(getpid(), SIGTERM)
        }
        exit(seen.all == [.terminate, .interrupt] ? 7 : 10)
      }
    }
  }

  @Test func `a second watch is refused`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try await withLoop { loop in
        try Signals.watch(on: loop) { _ in }
        do { try Signals.watch(on: loop) { _ in } } catch { exit(7) }
      }
    }
  }

  @Test func `writing to a closed pipe is an error once signals are ignored`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try Signals.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      let result = write(ends[1], "x", 1)
      exit(result == -1 && errno == EPIPE ? 7 : 8)
    }
  }
}
