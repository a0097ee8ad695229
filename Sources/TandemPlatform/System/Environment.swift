// SPDX-License-Identifier: Apache-2.0
// Reads the process's environment. Must not change it: other threads read it too.

import Glibc

package enum Environment {
  /// The value of a variable, nil when it is not set.
  package static func value(_ name: String) -> String? {
    guard let found = unsafe getenv(name) else { return nil }
    return unsafe String(cString: found)
  }
}
