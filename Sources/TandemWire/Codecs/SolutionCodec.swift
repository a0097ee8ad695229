// SPDX-License-Identifier: Apache-2.0
// Messages of the catalogue of solutions.

package import TandemDomain
internal import TandemPrimitives

extension Solution: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.identifier(2, owner)
    writer.text(3, name)
    writer.enumeration(4, type)
    writer.flag(5, isCoSellReady)
    if !incentives.isEmpty { writer.packed(6, incentives.map { UInt32($0.rawValue) }) }
    writer.flag(7, isActive)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, owner: .zero, name: .empty, type: .service, isCoSellReady: false, incentives: [],
      isActive: false)
    var numbers: [UInt32] = []
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: owner = try reader.identifier()
      case 3: name = try reader.text()
      case 4: type = try reader.enumeration()
      case 5: isCoSellReady = try reader.flag()
      case 6: try reader.numbers(into: &numbers)
      case 7: isActive = try reader.flag()
      default: try reader.skip()
      }
    }
    for number in numbers {
      guard let incentive = UInt8(exactly: number).flatMap(Incentive.init(rawValue:)) else {
        throw WireError(.badValue, field: "incentives", "incentive \(number) is not known")
      }
      incentives.append(incentive)
    }
  }
}

extension ReplyCodec {
  /// The answer of ListSolutions; the last one is where the next page begins.
  package static func encode(
    _ page: [ShelvedSolution], isMore: Bool, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    for row in page {
      let start = writer.begin(1)
      writer.message(1, row.solution)
      writer.text(2, row.ownerName)
      writer.enumeration(3, row.group)
      writer.end(start)
    }
    if isMore, let last = page.last { writer.identifier(2, last.solution.id) }
    writer.giveBack(to: &output)
  }
}
