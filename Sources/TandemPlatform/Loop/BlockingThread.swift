// SPDX-License-Identifier: Apache-2.0
// An executor whose thread may block: for the log writer, snapshot encoding and reads of history.
// Must not be given work that waits for other work of the same thread.

import TandemPrimitives

/// A serial executor on its own thread; work runs in the order it came.
///
/// Sendable because `running` is touched only by its thread; the thread and the inbox are Sendable.
package final class BlockingThread: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private let thread: NativeThread
  private let inbox: WorkInbox
  /// Confined to the thread.
  private var running: [Work] = []

  /// Makes a thread that has not started; work given to it waits.
  ///
  /// A background thread yields to the others when cores are scarce.
  package init(name: String, isBackground: Bool = false) throws(Errno) {
    thread = NativeThread(name: name, core: nil, isBackground: isBackground)
    inbox = try WorkInbox()
  }

  /// Starts the thread, once.
  package func start() throws(Errno) {
    try thread.start { self.run() }
  }

  /// Lets the thread run all work it was given, then ends and joins it.
  ///
  /// Work that arrives after the return is not run.
  package func stop() {
    inbox.stop()
    thread.join()
  }

  package var name: String { thread.name }

  package var isCurrent: Bool { thread.isCurrent }

  /// Runs work later on this thread; callable from any thread, in order per caller.
  package func post(_ work: @escaping @Sendable () -> Void) { inbox.add(.closure(work)) }

  package func enqueue(_ job: consuming ExecutorJob) { inbox.add(.job(UnownedJob(job))) }

  package func checkIsolated() { invariant(isCurrent, "code runs on thread \(name)") }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  private func run() {
    while waitForWork() {
      inbox.take(into: &running)
      for work in running {
        switch work {
        case .job(let job):
          unsafe job.runSynchronously(
            isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        case .closure(let body): body()
        }
      }
      running.removeAll(keepingCapacity: true)
    }
  }

  /// Blocks until there is work; false when the thread is to end.
  private func waitForWork() -> Bool {
    while true {
      switch inbox.idle() {
      case .work: return true
      case .stop: return false
      case .sleep: inbox.sleep()
      }
    }
  }
}
