// SPDX-License-Identifier: Apache-2.0
// The command line of tandem-sim: runs seeds, prints what is broken and how to see it again.

import TandemPrimitives

package enum SimulatorCommand {
  static let help = """
    tandem-sim: production tenants, pipeline and journal under crashes, lost power and moved clocks,
    judged by checkers and by a naive model of the domain

    usage:
      tandem-sim <seed> [--trace]          one seed; prints its trace hash
      tandem-sim run --seeds <first>-<last> [--jobs <n>]
      tandem-sim hunt [--seeds <n>]        only with TANDEM_PLANTED_BUGS: finds every planted bug

    examples:
      tandem-sim 42
      tandem-sim 42 --trace | less
      tandem-sim run --seeds 1-2000 --jobs 2

    ends with 0 when every promise was kept, 1 when one was broken, 64 for a wrong command line
    """

  /// Runs a command line without the program's name; gives the exit code.
  package static func run(_ arguments: [String], _ say: (String) -> Void) -> Int32 {
    var rest = arguments
    let isTracing = take("--trace", &rest)
    if take("--help", &rest) || take("-h", &rest) {
      say(help)
      return 0
    }
    guard plant(option("--bug", &rest), say) else { return 64 }
    let jobs = option("--jobs", &rest).flatMap { Int($0) } ?? 1
    let seeds = option("--seeds", &rest)
    guard let word = rest.first, rest.count == 1 else {
      say(help)
      return 64
    }
    if let seed = UInt64(word), seeds == nil { return one(seed, isTracing, say) }
    if word == "run", let seeds, let range = range(seeds), jobs > 0 {
      return SeedFleet(jobs: jobs).run(range, say)
    }
    if word == "batch", let seeds, let range = range(seeds) { return batch(range, say) }
    if word == "hunt" { return hunt(seeds.flatMap { UInt64($0) } ?? 200, say) }
    say(help)
    return 64
  }

  private static func take(_ flag: String, _ rest: inout [String]) -> Bool {
    guard let place = rest.firstIndex(of: flag) else { return false }
    rest.remove(at: place)
    return true
  }

  private static func option(_ name: String, _ rest: inout [String]) -> String? {
    guard let place = rest.firstIndex(of: name), place + 1 < rest.count else { return nil }
    let value = rest[place + 1]
    rest.removeSubrange(place...place + 1)
    return value
  }

  private static func range(_ text: String) -> ClosedRange<UInt64>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    switch (ends.first ?? nil, ends.last ?? nil) {
    case (let first?, let last?) where ends.count <= 2 && first <= last: return first...last
    default: return nil
    }
  }

  private static func one(_ seed: UInt64, _ isTracing: Bool, _ say: (String) -> Void) -> Int32 {
    let report = Simulation.run(seed: seed, isTracing: isTracing)
    if isTracing { for line in report.story { say(line) } }
    say(
      "seed \(seed): hash \(String(report.traceHash, radix: 16)), \(report.steps) steps,"
        + " \(report.crashes) crashes, \(report.commits) commits, \(report.answers) answers")
    guard let broken = report.broken else { return 0 }
    tell(broken, report, say, withStory: !isTracing)
    return 1
  }

  /// Every seed of a range in this process; prints only what is broken.
  private static func batch(_ seeds: ClosedRange<UInt64>, _ say: (String) -> Void) -> Int32 {
    var broken = 0
    for seed in seeds {
      let report = Simulation.run(seed: seed)
      guard let promise = report.broken else { continue }
      tell(promise, report, say, withStory: true)
      broken += 1
    }
    return broken == 0 ? 0 : 1
  }

  private static func tell(
    _ broken: BrokenPromise, _ report: SimulationReport, _ say: (String) -> Void, withStory: Bool
  ) {
    if withStory { for line in report.story { say("  \(line)") } }
    say("seed \(report.seed) broke '\(broken.checker)': \(broken.text)")
    say("  again: tandem-sim \(report.seed) --trace")
  }
}

// MARK: Planted bugs

#if TANDEM_PLANTED_BUGS
  extension SimulatorCommand {
    fileprivate static func plant(_ name: String?, _ say: (String) -> Void) -> Bool {
      guard let name else { return true }
      guard let bug = PlantedBug(rawValue: name) else {
        say("there is no planted bug '\(name)'")
        return false
      }
      PlantedBug.choose(bug)
      return true
    }

    fileprivate static func hunt(_ seeds: UInt64, _ say: (String) -> Void) -> Int32 {
      var missed = 0
      for bug in PlantedBug.allCases {
        PlantedBug.choose(bug)
        let found = (1...seeds).lazy.map { Simulation.run(seed: $0) }.first { $0.broken != nil }
        let name = bug.rawValue + String(repeating: " ", count: max(0, 26 - bug.rawValue.count))
        if let found, let broken = found.broken {
          say("\(name) seed \(found.seed): \(broken.checker): \(broken.text)")
        } else {
          missed += 1
          say("\(name) NOT FOUND in \(seeds) seeds")
        }
      }
      say(
        "\(PlantedBug.allCases.count - missed) of \(PlantedBug.allCases.count) planted bugs found")
      return missed == 0 ? 0 : 1
    }
  }
#else
  extension SimulatorCommand {
    fileprivate static func plant(_ name: String?, _ say: (String) -> Void) -> Bool {
      if name != nil { say("this build has no planted bugs") }
      return name == nil
    }

    fileprivate static func hunt(_: UInt64, _ say: (String) -> Void) -> Int32 {
      say("this build has no planted bugs; build with -Xswiftc -DTANDEM_PLANTED_BUGS")
      return 64
    }
  }
#endif
