// SPDX-License-Identifier: Apache-2.0
// The one owner of an open descriptor.

import CLinux

/// An open descriptor; it closes exactly once, when its owner goes.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The number the kernel knows it by.
  ///
  /// Using it after the owner has gone reaches a stranger's file.
  let number: Int32

  /// Takes over a descriptor that nobody else closes.
  init(owning number: Int32) { self.number = number }

  deinit {
    // Nothing waits for the result: what must be durable was synced before.
    _ = linux_close(number)
  }
}
