// SPDX-License-Identifier: Apache-2.0
// The epoll instance of one loop, with its reused event buffer. Used by the loop's thread only.

import CLinux

/// Waits for readiness of descriptors; handlers are found by the caller.
struct Poller: ~Copyable {
  /// No registration has this token: it would be descriptor -1.
  static let wakeToken = UInt64.max
  /// Events of one wait: few, so that the answers of one turn leave before the next connections are
  /// looked at.
  ///
  /// The kernel lets every ready descriptor have its turn; what is left needs no new event.
  private static let eventsPerWait = 16

  private let poll: FileDescriptor
  private var events: [linux_event]

  init(wake: borrowing FileDescriptor) throws(Errno) {
    let created = FileDescriptor(owning: try checked(linux_poll_create()))
    _ = try checked(linux_poll_add_wake(created.number, wake.number, Self.wakeToken))
    poll = created
    events = [linux_event](repeating: linux_event(), count: Self.eventsPerWait)
  }

  func add(_ registration: Registration, _ interest: ReadinessInterest) throws(Errno) {
    _ = try checked(
      linux_poll_add(
        poll.number, registration.descriptor, interest.rawValue, registration.token))
  }

  func change(_ registration: Registration, _ interest: ReadinessInterest) throws(Errno) {
    _ = try checked(
      linux_poll_change(
        poll.number, registration.descriptor, interest.rawValue, registration.token))
  }

  func remove(_ registration: Registration) {
    // It fails only if the kernel has forgotten the descriptor already, which is what is wanted.
    _ = linux_poll_remove(poll.number, registration.descriptor)
  }

  /// Waits and returns how many events there are; nil waits for ever.
  mutating func wait(milliseconds: Int32?) throws(Errno) -> Int {
    let result = unsafe linux_poll_wait(
      poll.number, &events, Int32(events.count), milliseconds ?? -1)
    return Int(try checked(result))
  }

  /// Whether a wait gave as many events as it can, so that more may be ready.
  func isFull(_ count: Int) -> Bool { count == events.count }

  subscript(index: Int) -> (token: UInt64, events: ReadinessEvents) {
    (events[index].token, ReadinessEvents(rawValue: events[index].readiness))
  }
}
