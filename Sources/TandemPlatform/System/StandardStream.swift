// SPDX-License-Identifier: Apache-2.0
// Whole lines to the process's own output. Must not buffer: a line is out when the call returns.

import Glibc

/// The streams every process is born with.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes a text; gives up silently when nobody can read it any more.
  package func write(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { raw in
      var sent = 0
      while sent < raw.count {
        let result = unsafe Glibc.write(
          rawValue, UnsafeRawBufferPointer(rebasing: raw[sent...]).baseAddress, raw.count - sent)
        if result < 0 && errno == EINTR { continue }
        if result <= 0 { return }
        sent += result
      }
    }
  }
}
