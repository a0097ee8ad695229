// SPDX-License-Identifier: Apache-2.0
// Runs many seeds in child processes: tasks of killed servers stay suspended until their process ends,
// so no process may run too many seeds.

import TandemPlatform
import TandemPrimitives

struct SeedFleet {
  static let seedsPerChild: UInt64 = 50
  let jobs: Int

  /// Runs every seed of a range; gives the exit code.
  func run(_ seeds: ClosedRange<UInt64>, _ say: (String) -> Void) -> Int32 {
    let start = SystemTime().monotonic.nanoseconds
    var next = seeds.lowerBound
    var children: [ChildProcess] = []
    var brokenBatches = 0
    while next <= seeds.upperBound || !children.isEmpty {
      while children.count < jobs, next <= seeds.upperBound {
        let last = min(next + Self.seedsPerChild - 1, seeds.upperBound)
        guard let child = try? ChildProcess.ofThisProgram(["batch", "--seeds", "\(next)-\(last)"])
        else {
          say("a child process cannot be started")
          return 70
        }
        children.append(child)
        next = last + 1
      }
      if children.removeFirst().wait() != 0 { brokenBatches += 1 }
    }
    let seconds = Double(SystemTime().monotonic.nanoseconds - start) / 1e9
    let count = seeds.upperBound - seeds.lowerBound + 1
    let rate = Int(Double(count) / max(seconds, 0.001))
    let result =
      brokenBatches == 0 ? "every promise kept" : "\(brokenBatches) batches broke promises"
    say("\(count) seeds in \(Int(seconds)) s (\(rate) per second): \(result)")
    return brokenBatches == 0 ? 0 : 1
  }
}
