// SPDX-License-Identifier: Apache-2.0
// The answer that says what a caller may do with a deal, and why not.

package import TandemDomain
internal import TandemPrimitives

extension ReplyCodec {
  package static func encode(_ verdicts: DealVerdicts, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for verdict in verdicts.actions {
      let start = writer.begin(1)
      writer.enumeration(1, verdict.action)
      writer.flag(2, verdict.obstacles.isEmpty)
      writer.string(3, verdict.obstacles.first?.reason ?? "")
      writer.string(4, verdict.obstacles.first?.text ?? "")
      for obstacle in verdict.obstacles { write(obstacle, 5, to: &writer) }
      writer.end(start)
    }
    for verdict in verdicts.fields {
      let start = writer.begin(2)
      writer.unsigned(1, UInt32(verdict.number))
      writer.string(2, verdict.path)
      writer.flag(3, verdict.obstacles.isEmpty)
      writer.string(4, verdict.obstacles.first?.reason ?? "")
      writer.string(5, verdict.obstacles.first?.text ?? "")
      for obstacle in verdict.obstacles { write(obstacle, 6, to: &writer) }
      writer.end(start)
    }
    writer.unsigned(3, verdicts.version)
    writer.giveBack(to: &output)
  }

  private static func write(_ obstacle: Obstacle, _ field: UInt32, to writer: inout ProtoWriter) {
    let start = writer.begin(field)
    writer.string(1, obstacle.reason)
    for rule in obstacle.rules { writer.string(2, rule) }
    writer.string(3, obstacle.field)
    writer.string(4, obstacle.text)
    if let until = obstacle.until { writer.enumeration(5, until) }
    if let time = obstacle.untilTime { writer.time(6, time) }
    writer.end(start)
  }

  package static func encode(_ eligibility: Eligibility, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.flag(1, eligibility.isEligible)
    for verdict in eligibility.criteria {
      let start = writer.begin(2)
      writer.enumeration(1, verdict.criterion)
      writer.flag(2, verdict.isMet)
      writer.string(3, verdict.rule)
      writer.string(4, verdict.text)
      writer.end(start)
    }
    if !eligibility.incentives.isEmpty {
      writer.packed(3, eligibility.incentives.map { UInt32($0.rawValue) })
    }
    writer.flag(4, eligibility.isReviewed)
    writer.flag(5, eligibility.isWonEarly)
    writer.unsigned(6, eligibility.version)
    writer.giveBack(to: &output)
  }
}
