// SPDX-License-Identifier: Apache-2.0
// Starts, recognises and joins an operating-system thread. Must not know what runs on it.

import CLinux
import Synchronization
import TandemPrimitives

/// A named thread that starts once and is joined once.
final class NativeThread: Sendable {
  let name: String
  private let core: Int?
  private let isBackground: Bool
  private let started = Atomic<Bool>(false)
  /// The thread's id while it runs, else 0: ids of ended threads come back.
  private let runningID = Atomic<UInt64>(0)
  private let joinableID = Mutex<UInt64?>(nil)

  /// What a background thread's share of a core is, beside threads that have work for clients: about
  /// a tenth, so that it is late rather than in the way.
  private static let backgroundNiceness: Int32 = 10

  /// Describes a thread by its name (15 bytes are kept) and the core to pin it to, if any.
  init(name: String, core: Int?, isBackground: Bool = false) {
    self.name = name
    self.core = core
    self.isBackground = isBackground
  }

  var hasStarted: Bool { started.load(ordering: .relaxed) }

  /// True when called from this thread.
  var isCurrent: Bool { runningID.load(ordering: .relaxed) == linux_thread_self() }

  /// Runs a body on the new thread.
  func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    let (isFirst, _) = started.compareExchange(
      expected: false, desired: true, ordering: .sequentiallyConsistent)
    invariant(isFirst, "thread \(name) starts once")
    let start = unsafe Unmanaged.passRetained(ThreadStart(self, body))
    var id: UInt64 = 0
    let result = unsafe linux_thread_start(&id, runThread, start.toOpaque())
    if result < 0 { unsafe start.release() }
    _ = try checked(result)
    let joinable = id
    joinableID.withLock { $0 = joinable }
  }

  /// Waits until the body has returned; at once if it never started or was joined.
  func join() {
    invariant(!isCurrent, "thread \(name) is joined by another")
    if let id = joinableID.withLock({ $0.take() }) { _ = linux_thread_join(id) }
  }

  fileprivate func run(_ body: @Sendable () -> Void) {
    runningID.store(linux_thread_self(), ordering: .relaxed)
    // Name, core and share are comforts: without them the thread still does its work.
    _ = unsafe linux_thread_name(name)
    if let core { _ = linux_thread_pin(Int32(core)) }
    if isBackground { _ = linux_thread_yield_to_others(Self.backgroundNiceness) }
    body()
    runningID.store(0, ordering: .relaxed)
  }
}

/// What a new thread needs, carried through one C pointer.
private final class ThreadStart: Sendable {
  let thread: NativeThread
  let body: @Sendable () -> Void

  init(_ thread: NativeThread, _ body: @escaping @Sendable () -> Void) {
    self.thread = thread
    self.body = body
  }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let start = unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
  start.thread.run(start.body)
  return nil
}

/// The cores this process may use, smallest first.
package func allowedCores() -> [Int] {
  var cores = [Int32](repeating: 0, count: 1024)
  let count = unsafe linux_allowed_cores(&cores, Int32(cores.count))
  return cores.prefix(max(0, Int(count))).map(Int.init)
}
