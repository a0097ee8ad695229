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
}
