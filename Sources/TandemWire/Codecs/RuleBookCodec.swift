// SPDX-License-Identifier: Apache-2.0
// The answer that says which rules are in force.

package import TandemDomain
internal import TandemPrimitives

extension ReplyCodec {
  package static func encode(_ book: RuleBook, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.unsigned(1, RuleBook.version)
    writer.time(2, RuleBook.effective)
    for requirement in book.requirements {
      let start = writer.begin(3)
      writer.string(1, requirement.request)
      writer.string(2, requirement.condition)
      writer.string(3, requirement.problem.field)
      writer.string(4, requirement.problem.rule)
      writer.string(5, requirement.problem.text)
      writer.end(start)
    }
    for limit in book.limits { write(limit, 4, to: &writer) }
    for list in book.lists { write(list, to: &writer) }
    for figure in book.policy { write(figure, 6, to: &writer) }
    writer.giveBack(to: &output)
  }

  private static func write(_ list: ReferenceList, to writer: inout ProtoWriter) {
    let start = writer.begin(5)
    writer.string(1, list.name)
    for entry in list.entries {
      let inner = writer.begin(2)
      writer.unsigned(1, entry.code)
      writer.string(2, entry.text)
      writer.string(3, entry.word)
      writer.time(4, entry.from)
      writer.time(5, entry.until)
      writer.unsigned(6, UInt32(entry.decimals))
      for word in entry.namedBy { writer.string(7, word) }
      writer.end(inner)
    }
    writer.unsigned(3, list.version)
    writer.time(4, list.effective)
    writer.end(start)
  }

  private static func write(
    _ figure: RuleBook.Figure, _ field: UInt32, to writer: inout ProtoWriter
  ) {
    let start = writer.begin(field)
    writer.string(1, figure.name)
    writer.signed(2, figure.value)
    writer.string(3, figure.unit)
    writer.end(start)
  }
}
