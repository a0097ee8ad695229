// SPDX-License-Identifier: Apache-2.0
// Customers of a realm's catalogue, and what is suggested of them.

package import TandemDomain
internal import TandemPrimitives

extension CatalogueCustomer: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, account)
    writer.text(2, name)
    writer.message(3, address)
    writer.unsigned(4, size)
    writer.text(5, duns)
    writer.enumeration(6, category)
    writer.text(7, mainAccount)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      account: .empty, name: .empty, address: Customer.blank.address, size: 0, duns: .empty,
      category: .other, mainAccount: .empty)
    while try reader.next() {
      switch reader.field {
      case 1: account = try reader.text()
      case 2: name = try reader.text()
      case 3: address = try reader.value()
      case 4: size = try reader.unsigned32()
      case 5: duns = try reader.text()
      case 6: category = try reader.enumeration()
      case 7: mainAccount = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

extension ReplyCodec {
  package static func encode(_ suggestions: CustomerSuggestions, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for row in suggestions.rows {
      let start = writer.begin(1)
      writer.identifier(1, row.customer.id)
      writer.text(2, row.customer.name)
      writer.message(3, row.customer.address)
      writer.unsigned(4, row.customer.size)
      writer.text(5, row.customer.duns)
      writer.enumeration(6, row.customer.category)
      writer.unsigned(7, row.linkedAccounts)
      writer.end(start)
    }
    writer.flag(2, suggestions.areMore)
    writer.giveBack(to: &output)
  }
}
