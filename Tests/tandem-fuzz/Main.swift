// SPDX-License-Identifier: Apache-2.0
// The fuzzer as a program: reads the command line, prints one line per reader. Built for release.

import Fuzzing
import Glibc
import TandemPlatform

@main
struct Main {
  static let help = """
    tandem-fuzz: mutated inputs for every reader of foreign bytes, from a seed

    usage:
      tandem-fuzz [--target <name>] [--inputs <n>] [--seed <n>] [--reasons]
      tandem-fuzz --target <name> --seed <n> --show <index>     prints one input as hex and reads it

    targets: all (default), \(FuzzTargets.names.joined(separator: ", "))
    with a planted defect, to see it found: \(FuzzTargets.plantedNames.joined(separator: ", "))

    examples:
      tandem-fuzz --inputs 1000000
      tandem-fuzz --target segment --inputs 20000 --seed 7 --reasons
      tandem-fuzz --target run --seed 1 --show 4711

    ends with 0 when every reader kept its promises, 1 when one did not or memory grew by more than
    \(Campaign.growthBytesMax >> 20) MiB, 64 for a wrong command line; a crash or a hang prints the input's index first
    """

  static func main() throws {
    guard let wish = Wish(Array(CommandLine.arguments.dropFirst())) else {
      StandardStream.error.write(help + "\n")
      exit(64)
    }
    if wish.wantsHelp {
      say(help)
      return
    }
    let names = wish.target == "all" ? FuzzTargets.names : [wish.target]
    var failed = false
    if wish.show == nil { say(row("target", columns: Self.columns)) }
    for name in names {
      guard let target = try FuzzTargets.make(name) else {
        StandardStream.error.write("tandem-fuzz: there is no target '\(name)'\n")
        exit(64)
      }
      let campaign = Campaign(target, seed: wish.seed)
      if let index = wish.show {
        show(campaign, index)
      } else {
        let report = campaign.run(wish.inputs) { progress(name, $0, of: wish.inputs) }
        say(name, report, wish)
        failed = failed || !report.faults.isEmpty
      }
    }
    exit(failed ? 1 : 0)
  }

  private static func say(_ line: String) { StandardStream.output.write(line + "\n") }

  private static func show(_ campaign: Campaign, _ index: UInt64) {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = campaign.input(index)
    let hex = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    say(String(decoding: hex, as: UTF8.self))
    say("\(bytes.count) bytes: \(campaign.verdict(of: index))")
  }

  private static func progress(_ name: String, _ report: FuzzReport, of inputs: UInt64) {
    guard isatty(2) == 1, report.inputs % 16_384 == 0 else { return }
    StandardStream.error.write("\r\(name): \(report.inputs) of \(inputs)\u{1B}[K\r")
  }

  static let columns = [
    "inputs", "inputs/s", "mean bytes", "accepted", "refused", "reasons", "before", "after",
    "growth",
  ]

  private static func say(_ name: String, _ report: FuzzReport, _ wish: Wish) {
    let rate = Double(report.inputs) / max(report.seconds, 0.001)
    say(
      row(
        name,
        columns: [
          "\(report.inputs)", "\(Int(rate))", "\(report.bytes / max(report.inputs, 1))",
          percent(report.accepted, report), percent(report.refusals, report),
          "\(report.refused.count)", kibibytes(report.residentBefore),
          kibibytes(report.residentAfter), kibibytes(report.growth),
        ]))
    if wish.wantsReasons {
      for (reason, count) in report.refused.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
      {
        say("  \(padded("\(count)", 9))  \(reason)")
      }
    }
    for fault in report.faults { say("  FAILED: \(fault)") }
    if !report.broken.isEmpty {
      say("  repeat with: tandem-fuzz --target \(name) --seed \(wish.seed) --show <input>")
    }
  }

  private static func percent(_ count: UInt64, _ report: FuzzReport) -> String {
    let tenths = count * 1_000 / max(report.inputs, 1)
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func kibibytes(_ bytes: Int) -> String { "\(bytes / 1_024) KiB" }

  private static func row(_ name: String, columns: [String]) -> String {
    name + String(repeating: " ", count: max(0, 16 - name.count))
      + columns.map { padded($0, 11) }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// What the command line asks for.
struct Wish {
  var target = "all"
  var inputs: UInt64 = 1_000_000
  var seed: UInt64 = 1
  var show: UInt64?
  var wantsReasons = false
  var wantsHelp = false

  /// Nil when the command line is wrong.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h": wantsHelp = true
      case "--reasons": wantsReasons = true
      case "--target":
        guard let name = rest.popFirst() else { return nil }
        target = name
      case "--inputs", "--seed", "--show":
        guard let number = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
        if word == "--inputs" { inputs = number }
        if word == "--seed" { seed = number }
        if word == "--show" { show = number }
      default: return nil
      }
    }
    if show != nil && target == "all" { return nil }
  }
}
