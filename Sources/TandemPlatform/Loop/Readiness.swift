// SPDX-License-Identifier: Apache-2.0
// What a loop tells about descriptors, and the table from epoll tokens to handlers.

import CLinux

/// Told by a loop, on its thread, that a descriptor can be used.
///
/// Level-triggered: told in every turn until the descriptor is used.
package protocol ReadinessHandler: AnyObject {
  func ready(_ events: ReadinessEvents)
}

/// What a descriptor is ready for.
package struct ReadinessEvents: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let readable = Self(rawValue: LINUX_READABLE)
  package static let writable = Self(rawValue: LINUX_WRITABLE)
  /// The peer has finished writing, or is gone; what it sent can still be read.
  package static let hungUp = Self(rawValue: LINUX_HUNG_UP)
  /// The descriptor failed; reading it says why.
  ///
  /// Like `hungUp` for both directions, this is told whatever the interest is, turn after turn, so
  /// a handler that has paused must close the descriptor then.
  package static let failed = Self(rawValue: LINUX_FAILED)
}

/// What a handler wants to be told.
package struct ReadinessInterest: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  package static let readable = Self(rawValue: LINUX_READABLE)
  package static let writable = Self(rawValue: LINUX_WRITABLE)
}

/// One registration of a descriptor at a loop; stale after `deregister`.
package struct Registration: Hashable, Sendable {
  /// The descriptor in the low half, the generation of its table row in the high half.
  let token: UInt64

  var descriptor: Int32 { Int32(truncatingIfNeeded: token) }
}

/// Handlers by descriptor number.
///
/// A row's generation grows with each registration, so that events that were fetched before a
/// descriptor was closed do not reach the next owner of its number.
package struct ReadinessTable {
  private struct Row {
    var generation: UInt32 = 0
    var handler: (any ReadinessHandler)?
  }

  private var rows: [Row] = []

  package init() {}

  package mutating func add(_ descriptor: Int32, _ handler: any ReadinessHandler) -> Registration {
    let index = Int(descriptor)
    while rows.count <= index { rows.append(Row()) }
    rows[index].generation &+= 1
    rows[index].handler = handler
    let token = UInt64(rows[index].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    return Registration(token: token)
  }

  /// False for a registration that was removed before.
  package mutating func remove(_ registration: Registration) -> Bool {
    guard handler(of: registration) != nil else { return false }
    rows[Int(registration.descriptor)].handler = nil
    return true
  }

  package func handler(of registration: Registration) -> (any ReadinessHandler)? {
    let index = Int(registration.descriptor)
    guard rows.indices.contains(index) else { return nil }
    guard UInt64(rows[index].generation) == registration.token >> 32 else { return nil }
    return rows[index].handler
  }
}
