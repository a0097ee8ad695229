// SPDX-License-Identifier: Apache-2.0
// A serial executor for tests: jobs run in order, one at a time, on whatever thread is free.

import Synchronization

final class TestExecutor: SerialExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var isDraining = false
  }
  private let queue = Mutex(Queue())

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustStart = queue.withLock { queue in
      queue.jobs.append(job)
      defer { queue.isDraining = true }
      return !queue.isDraining
    }
    if mustStart { Task { drain() } }
  }

  private func drain() {
    while let job = next() { job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  private func next() -> UnownedJob? {
    queue.withLock { queue in
      guard !queue.jobs.isEmpty else {
        queue.isDraining = false
        return nil
      }
      return queue.jobs.removeFirst()
    }
  }
}
