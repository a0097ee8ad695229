// SPDX-License-Identifier: Apache-2.0
// Cursors of orders that no index has, and rows with some of their fields.

package import TandemDomain

/// Names the last row of a page by its key.
package enum RowCursor {
  private static let format: UInt8 = 2

  package static func bytes(_ key: [UInt8], of order: ListOrder) -> [UInt8] {
    [format] + order.signature + key
  }

  /// Nil when the cursor is of another order.
  package static func key(in cursor: [UInt8], of order: ListOrder) -> [UInt8]? {
    let head = [format] + order.signature
    return cursor.starts(with: head) && cursor.count > head.count + 16
      ? Array(cursor[head.count...]) : nil
  }
}

extension [UInt8] {
  /// A stored deal with the fields whose bits are set.
  package func projected(to fields: UInt64) -> [UInt8] {
    let deal = span
    var row: [UInt8] = []
    var offset = 0
    while offset < deal.count {
      let start = offset
      let field = deal.passAny(&offset)
      if field < 64, fields >> UInt64(field) & 1 != 0 { row += self[start..<offset] }
    }
    return row
  }
}

extension ReplyCodec {
  package static func append(
    nextKey key: [UInt8], of order: ListOrder, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writer.blob(2, RowCursor.bytes(key, of: order)[...])
    writer.giveBack(to: &output)
  }
}
