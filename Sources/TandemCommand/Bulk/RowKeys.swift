// SPDX-License-Identifier: Apache-2.0
// The idempotency keys of an import's rows: the same row has the same key in every run, wherever it stands.

import TandemPlatform

/// Names a row among all that were ever imported under a name.
struct RowKey: Sendable {
  /// Half of a key; enough to tell rows from each other, and small for millions.
  struct Mark: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
  }

  let bytes: [UInt8]

  var mark: Mark { Self.mark(of: bytes) }

  var text: String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  static func mark(of bytes: [UInt8]) -> Mark {
    func word(_ start: Int) -> UInt64 {
      bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return Mark(high: word(0), low: word(8))
  }

  /// What `text` gives; nil for anything else.
  init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: 64, by: 2) {
      guard let pair = UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(pair)
    }
    self.bytes = bytes
  }

  init(_ digest: Digest) { bytes = digest.bytes }
}

struct RowKeys {
  private let name: String
  /// How many rows with a content came so far: equal rows are several deals, told apart by their order.
  private var counts: [RowKey.Mark: UInt32] = [:]

  init(name: String) { self.name = name }

  /// The key of the next row of the file.
  mutating func key(of row: BulkRow) -> RowKey {
    let content = SHA256.digest(of: Self.content(row)[...])
    let mark = RowKey(content).mark
    let before = counts[mark, default: 0]
    counts[mark] = before + 1
    var named: [UInt8] = []
    Self.add("tandem deal import 1", to: &named)
    Self.add(name, to: &named)
    Self.add("\(before)", to: &named)
    return RowKey(SHA256.digest(of: (named + content.bytes)[...]))
  }

  /// What the row says, in the order of all columns and not of the file.
  private static func content(_ row: BulkRow) -> [UInt8] {
    var bytes: [UInt8] = []
    for column in DealColumn.allCases {
      guard let texts = row.values[column]?.texts else { continue }
      add(column.rawValue, to: &bytes)
      add("\(texts.count)", to: &bytes)
      for text in texts { add(text, to: &bytes) }
    }
    return bytes
  }

  /// With its length, so that no two lists of texts have the same bytes.
  private static func add(_ text: String, to bytes: inout [UInt8]) {
    bytes += "\(text.utf8.count):".utf8
    bytes += text.utf8
  }
}
