// SPDX-License-Identifier: Apache-2.0
// Where a seller's deals arrive.

package import TandemDomain
internal import TandemPrimitives

extension RoutedSolution: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.text(2, name)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(id: .zero, name: .empty)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: name = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

extension RoutingRule: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, name)
    for country in markets { writer.country(2, country) }
    writer.messages(3, solutions)
    writer.identifier(4, location)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(name: .empty, markets: [], solutions: [], location: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.text()
      case 2: markets.append(try reader.country())
      case 3: solutions.append(try reader.value())
      case 4: location = try reader.identifier()
      default: try reader.skip()
      }
    }
  }
}

/// Also the answer of ListRoutingRules.
extension Routing: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.messages(1, rules)
    if let defaultLocation { writer.identifier(2, defaultLocation) }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init()
    while try reader.next() {
      switch reader.field {
      case 1: rules.append(try reader.value())
      case 2: defaultLocation = try reader.identifier()
      default: try reader.skip()
      }
    }
  }
}
