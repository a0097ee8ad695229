// SPDX-License-Identifier: Apache-2.0
// Messages of what only assessments have.

package import TandemDomain
internal import TandemPrimitives

extension Assessment: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.messages(1, completed)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(completed: [])
    while try reader.next() {
      switch reader.field {
      case 1: completed.append(try reader.value())
      default: try reader.skip()
      }
    }
  }
}

extension CompletedStage: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.enumeration(1, stage)
    writer.time(2, at)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(stage: .created, at: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: stage = try reader.enumeration()
      case 2: at = try reader.time()
      default: try reader.skip()
      }
    }
  }
}
