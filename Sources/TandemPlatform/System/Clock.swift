// SPDX-License-Identifier: Apache-2.0
// The real clocks and the real randomness behind the seams of TandemPrimitives.

import CLinux
package import TandemPrimitives

/// The clocks of the machine; a reading costs a vDSO call, so loops read once per turn.
package struct SystemTime: TimeSource {
  package init() {}

  package var wall: Timestamp { Timestamp(milliseconds: linux_wall_milliseconds()) }

  package var monotonic: MonotonicInstant {
    MonotonicInstant(nanoseconds: linux_monotonic_nanoseconds())
  }
}

/// Randomness of the kernel (getrandom), fit for keys and salts.
package struct SystemEntropy: EntropySource {
  package init() {}

  package func bytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let result = unsafe linux_random(buffer.baseAddress, count)
      // Continuing without randomness would make keys that can be guessed.
      invariant(result == 0, "getrandom failed: \(Errno(code: -result))")
      filled = count
    }
  }
}
