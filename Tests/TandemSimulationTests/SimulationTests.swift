// SPDX-License-Identifier: Apache-2.0
import Foundation
import StartedPrograms
import TandemSimulation
import TestThreads
import Testing

@Suite(.on(.worlds)) struct SimulationTests {
  @Test(arguments: [UInt64(1), 7, 23, 101, 541, 4_711, 99_999])
  func `every promise is kept under crashes`(seed: UInt64) {
    let report = Simulation.run(seed: seed)
    #expect(report.broken == nil, "\(report.story.suffix(10).joined(separator: "\n"))")
    #expect(report.crashes >= 3)
    #expect(report.commits > 20)
    #expect(report.answers > 20)
  }

  @Test func `everything that a client can ask for is asked for`() {
    var asked: [RequestWord: Int] = [:]
    for seed in UInt64(240)...271 {
      let report = Simulation.run(seed: seed)
      #expect(report.broken == nil)
      asked.merge(report.asked) { $0 + $1 }
    }
    let missing = RequestWord.allCases.filter {
      asked[$0] == nil && RequestWord.exceptions[$0] == nil
    }
    #expect(missing.isEmpty)
    #expect(RequestWord.exceptions.keys.allSatisfy { asked[$0] == nil })
  }

  @Test func `a seed takes the same way twice in one process, another seed another way`() {
    let first = Simulation.run(seed: 12)
    #expect(Simulation.run(seed: 12).traceHash == first.traceHash)
    #expect(Simulation.run(seed: 13).traceHash != first.traceHash)
  }

  @Test func `a seed takes the same way in two processes`() throws {
    let first = try output(["15"])
    #expect(first.contains("hash"))
    #expect(try output(["15"]) == first)
    let report = Simulation.run(seed: 15)
    #expect(first.contains(String(report.traceHash, radix: 16)))
  }

  @Test func `many seeds run in child processes`() throws {
    #expect(try output(["run", "--seeds", "1-3"]).contains("3 seeds in"))
  }

  @Test func `a wrong command line is explained`() {
    var said: [String] = []
    #expect(SimulatorCommand.run(["nonsense"]) { said.append($0) } == 64)
    #expect(SimulatorCommand.run(["run", "--seeds", "9-1"]) { said.append($0) } == 64)
    #expect(SimulatorCommand.run(["1", "--bug", "any"]) { said.append($0) } == 64)
    #expect(SimulatorCommand.run(["hunt"]) { said.append($0) } == 64)
    #expect(SimulatorCommand.run(["--help"]) { said.append($0) } == 0)
    #expect(said.joined().contains("tandem-sim run --seeds"))
  }

  /// Runs the program that is built beside the tests.
  private func output(_ arguments: [String]) throws -> String {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let program = folder.appendingPathComponent("tandem-sim").path
    let (ending, told) = try StartedProgram.output(of: [program] + arguments)
    #expect(ending == .code(0))
    return told
  }
}
