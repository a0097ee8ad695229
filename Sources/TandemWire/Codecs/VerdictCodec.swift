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
      writer.flag(2, verdict.obstacle == nil)
      writer.string(3, verdict.obstacle?.reason ?? "")
      writer.string(4, verdict.obstacle?.message ?? "")
      writer.end(start)
    }
    for verdict in verdicts.fields {
      let start = writer.begin(2)
      writer.unsigned(1, UInt32(verdict.field.rawValue))
      writer.string(2, verdict.path)
      writer.flag(3, verdict.obstacle == nil)
      writer.string(4, verdict.obstacle?.rule ?? "")
      writer.string(5, verdict.obstacle?.text ?? "")
      writer.end(start)
    }
    writer.unsigned(3, verdicts.version)
    writer.giveBack(to: &output)
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
