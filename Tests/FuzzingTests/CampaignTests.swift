// SPDX-License-Identifier: Apache-2.0
// Every reader under a bounded number of inputs. `tandem-fuzz --inputs 1000000` is the same for longer.

import Foundation
import Fuzzing
import Testing

/// One reader's run, and refusals that must turn up: inputs are known to reach that deep.
struct Expected: Sendable, CustomTestStringConvertible {
  let target: String
  let inputs: UInt64
  let reasons: [String]
  var testDescription: String { target }

  static let all = [
    Expected(
      target: "frames", inputs: 20_000,
      reasons: [
        "hello twice", "unknown frame type", "meta_len does not fit into a payload of bytes",
        "credit of bytes", "call is in flight already",
        "frame of bytes; no frame may reach",
      ]),
    Expected(
      target: "guard", inputs: 20_000,
      reasons: [
        "is cut", "has a bad tag", "has a bad varint", "is a group", "has the wrong wire type",
        "is not known", "stands twice", "is one too many of fields", "is not UTF-8",
        "contains NUL", "FIELD_INVALID", "FIELD_REQUIRED",
      ]),
    Expected(
      target: "segment", inputs: 2_000,
      reasons: [
        "the segment header is damaged", "a frame body does not match its checksum",
        "an interrupted write ends the log", "the chain of breaks at commit",
        "the batch at is damaged",
      ]),
    Expected(
      target: "snapshot", inputs: 4_000,
      reasons: [
        "tooShort", "noSnapshot", "newerFormat", "footerDamaged", "chunkCut", "chunkDamaged",
        "chunkMissing", "otherState",
      ]),
    Expected(
      target: "run", inputs: 2_000,
      reasons: [
        "the header is damaged", "the index is damaged", "at offset a block is damaged",
        "a block lies outside of the records", "the file has the wrong length",
        "the chain of breaks at commit",
      ]),
  ]
}

@Suite(.serialized)
struct CampaignTests {
  /// Another number of inputs for every reader: `TANDEM_FUZZ_INPUTS=1000000`.
  @Test(arguments: Expected.all)
  func `a reader refuses what is wrong and keeps its promises`(_ expected: Expected) throws {
    let wanted = ProcessInfo.processInfo.environment["TANDEM_FUZZ_INPUTS"].flatMap { UInt64($0) }
    let target = try #require(try FuzzTargets.make(expected.target))
    let report = Campaign(target, seed: 11).run(wanted ?? expected.inputs)
    #expect(report.broken.isEmpty, "\(report.broken)")
    #expect(report.accepted * Campaign.shareMin >= report.inputs)
    #expect(report.refusals * Campaign.shareMin >= report.inputs)
    let missing = expected.reasons.filter { report.refused[$0] == nil }
    #expect(missing.isEmpty, "seen: \(report.refused.keys.sorted())")
  }

  @Test func `every reader has its numbers here`() {
    #expect(Expected.all.map(\.target) == FuzzTargets.names)
  }

  @Test func `every sample is accepted as it is`() throws {
    for name in ["segment", "snapshot", "run"] {
      let target = try #require(try FuzzTargets.make(name))
      #expect(!target.samples.isEmpty)
      for sample in target.samples { #expect(target.read(sample.bytes) == .accepted, "\(name)") }
    }
  }

  @Test func `seed and index alone make an input`() throws {
    let names = FuzzTargets.names
    for name in names {
      let one = try #require(try FuzzTargets.make(name))
      let other = try #require(try FuzzTargets.make(name))
      let inputs = (0..<200).map { Campaign(one, seed: 3).input($0) }
      #expect(inputs == (0..<200).map { Campaign(other, seed: 3).input($0) })
      #expect(inputs != (0..<200).map { Campaign(one, seed: 4).input($0) })
      #expect(Set(inputs).count > 50)
    }
  }
}

/// What the fuzzer is for: each planted defect must be found and named.
@Suite(.serialized)
struct PlantedDefectTests {
  @Test func `a broken promise is found with its input`() throws {
    let campaign = Campaign(PlantedTarget(.promise), seed: 1)
    let report = campaign.run(5_000)
    let first = try #require(report.broken.first)
    #expect(campaign.verdict(of: first.index) == .broken("reads a byte that is not there"))
    #expect(report.faults.first == "input \(first.index): reads a byte that is not there")
  }

  @Test func `growth is found`() {
    let report = Campaign(PlantedTarget(.growth), seed: 1).run(40_000)
    #expect(report.growth > Campaign.growthBytesMax)
    #expect(report.faults.contains { $0.hasPrefix("grew by ") })
  }

  @Test func `a reader that was hardly tried is no success`() {
    var report = FuzzReport()
    report.inputs = 1_000
    report.accepted = 1_000
    #expect(report.faults == ["refused only 0"])
    report.accepted = 0
    report.refused = ["cut": 1_000]
    #expect(report.faults == ["accepted only 0"])
    report.accepted = 500
    #expect(report.faults == [])
  }

  @Test func `a crash says how to repeat it`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Campaign(PlantedTarget(.crash), seed: 1).run(5_000)
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("tandem-fuzz --target planted-crash --seed 1 --show "))
  }
}
