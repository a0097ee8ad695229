// SPDX-License-Identifier: Apache-2.0
// The error type of system calls.

import CLinux
import Glibc

/// Why a system call failed.
package struct Errno: Error, Hashable, Sendable {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  package static let notFound = Errno(code: ENOENT)
  package static let exists = Errno(code: EEXIST)
  package static let noSpace = Errno(code: ENOSPC)
  package static let quotaExceeded = Errno(code: EDQUOT)
  package static let wouldBlock = Errno(code: EAGAIN)
  package static let inProgress = Errno(code: EINPROGRESS)
  package static let connectionAborted = Errno(code: ECONNABORTED)
  package static let connectionRefused = Errno(code: ECONNREFUSED)
  package static let connectionReset = Errno(code: ECONNRESET)
  package static let brokenPipe = Errno(code: EPIPE)
  package static let addressInUse = Errno(code: EADDRINUSE)
  package static let invalidArgument = Errno(code: EINVAL)
  package static let fileTooLarge = Errno(code: EFBIG)
  package static let tooManyFiles = Errno(code: EMFILE)
  package static let tooManyFilesInSystem = Errno(code: ENFILE)
  package static let noMemory = Errno(code: ENOMEM)
  package static let noBuffers = Errno(code: ENOBUFS)
}

extension Errno: CustomStringConvertible {
  /// The name as in the manual, for example `ENOENT`.
  package var description: String { unsafe String(cString: linux_error_name(code)) }
}

/// Turns the result of a CLinux call, a value or a negated errno, into a value or a thrown error.
@inline(__always)
func checked<Value: SignedInteger>(_ result: Value) throws(Errno) -> Value {
  guard result >= 0 else { throw Errno(code: Int32(-result)) }
  return result
}
