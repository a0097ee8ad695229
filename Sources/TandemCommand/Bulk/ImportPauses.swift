// SPDX-License-Identifier: Apache-2.0
// Waits between attempts when the server asks for fewer calls.

import TandemPlatform
import TandemPrimitives

/// A thread that does nothing but wait; it ends with its last reference.
final class ImportPauses: Sendable {
  private let loop: EventLoop

  init() throws(Errno) {
    loop = try EventLoop(name: "tandem-import", core: nil)
    try loop.start()
  }

  deinit { loop.stop() }

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
