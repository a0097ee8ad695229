// SPDX-License-Identifier: Apache-2.0
// Feeds one reader with inputs that follow from seed and index alone, and counts what it says.

import TandemPrimitives

/// What a reader said to many inputs.
package struct FuzzReport: Sendable {
  package var inputs: UInt64 = 0
  package var bytes: UInt64 = 0
  package var accepted: UInt64 = 0
  /// Refusals by reason.
  package var refused: [String: UInt64] = [:]
  /// Promises that were broken, at most the first ten.
  package var broken: [(index: UInt64, promise: String)] = []
  package var seconds = 0.0
  package var residentBefore = 0
  package var residentAfter = 0

  package init() {}

  package var refusals: UInt64 { refused.values.reduce(0, +) }
  package var growth: Int { residentAfter - residentBefore }

  /// Why the run is no success; empty when it is one.
  package var faults: [String] {
    var faults = broken.map { "input \($0.index): \($0.promise)" }
    if growth > Campaign.growthBytesMax {
      faults.append("grew by \(growth) bytes; the limit is \(Campaign.growthBytesMax)")
    }
    // A reader that takes everything or nothing has not been tried.
    if accepted * Campaign.shareMin < inputs { faults.append("accepted only \(accepted)") }
    if refusals * Campaign.shareMin < inputs { faults.append("refused only \(refusals)") }
    return faults
  }
}

package struct Campaign {
  /// Resident memory may grow by this much after the warm-up, whatever the number of inputs.
  package static let growthBytesMax = 16 << 20
  /// At least one in so many inputs must be accepted, and one in so many refused.
  package static let shareMin: UInt64 = 20
  /// Inputs before memory is measured: buffers reach their size.
  package static let warmUpInputs: UInt64 = 2_000
  /// An input that takes longer is a hang.
  package static let secondsMax: UInt32 = 60
  private static let block: UInt64 = 256

  private let target: any FuzzTarget
  private let samples: [Sample]
  private let seed: UInt64

  package init(_ target: any FuzzTarget, seed: UInt64) {
    self.target = target
    self.seed = seed
    samples = target.samples
  }

  /// One input; the same for the same seed and index.
  package func input(_ index: UInt64) -> [UInt8] {
    var mutator = Mutator(seed: seed, index: index)
    let sample = mutator.pick(samples)
    var bytes = target.vary(sample, &mutator)
    target.mend(&bytes, &mutator.random)
    return bytes
  }

  package func verdict(of index: UInt64) -> Verdict { target.read(input(index)) }

  /// Runs inputs 0 ..< count; a crash or a hang is announced with the index before the process ends.
  package func run(_ count: UInt64, progress: (FuzzReport) -> Void = { _ in }) -> FuzzReport {
    var report = FuzzReport()
    CrashNote.begin(target: target.name, seed: seed)
    defer { CrashNote.end() }
    for index in 0..<min(count, Self.warmUpInputs) {
      CrashNote.at(index, secondsMax: Self.secondsMax)
      _ = target.read(input(index))
    }
    report.residentBefore = ProcessMemory.resident()
    let clock = ContinuousClock()
    let begin = clock.now
    for index in 0..<count {
      if index % Self.block == 0 {
        CrashNote.at(index, secondsMax: Self.secondsMax)
        report.seconds = begin.duration(to: clock.now) / .seconds(1)
        progress(report)
      }
      CrashNote.at(index)
      let bytes = input(index)
      report.inputs += 1
      report.bytes += UInt64(bytes.count)
      switch target.read(bytes) {
      case .accepted: report.accepted += 1
      case .refused(let reason): report.refused[reason, default: 0] += 1
      case .broken(let promise):
        if report.broken.count < 10 { report.broken.append((index, promise)) }
      }
    }
    report.seconds = begin.duration(to: clock.now) / .seconds(1)
    report.residentAfter = ProcessMemory.resident()
    return report
  }
}
