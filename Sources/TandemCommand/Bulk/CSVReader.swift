// SPDX-License-Identifier: Apache-2.0
// Reads rows of cells as RFC 4180 has them. Must not know what the cells mean.

package struct CSVReader {
  /// One row of a file.
  package struct Record {
    /// Where it begins.
    package let line: Int
    package let cells: [String]
    /// Place of the first cell that is no UTF-8, from 1.
    package let unreadableCell: Int?
  }

  private enum End { case cell, record, file }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private var bytes: ByteStream
  private let recordBytesMax: Int
  /// Where the next byte stands.
  private var line = 1
  private var column = 1
  private var recordBytes = 0
  private var isAtEnd = false

  package init(_ bytes: ByteStream, recordBytesMax: Int = BulkFormat.rowBytes) {
    self.bytes = bytes
    self.recordBytesMax = recordBytesMax
  }

  /// The next row; empty lines are passed over.
  package mutating func next() throws -> Record? {
    while !isAtEnd {
      let start = line
      recordBytes = 0
      var cells: [String] = []
      var unreadable: Int?
      var isBlank = true
      var end = End.cell
      while end == .cell {
        let wasQuoted = try bytes.peek() == Self.quote
        let (cell, cellEnd) = try wasQuoted ? quoted() : plain()
        end = cellEnd
        if wasQuoted || !cell.isEmpty || end == .cell { isBlank = false }
        let text = String(validating: cell, as: UTF8.self)
        if text == nil, unreadable == nil { unreadable = cells.count + 1 }
        cells.append(text ?? "")
      }
      isAtEnd = end == .file
      if !isBlank { return Record(line: start, cells: cells, unreadableCell: unreadable) }
    }
    return nil
  }

  /// Up to the next comma or the end of the line.
  private mutating func plain() throws -> ([UInt8], End) {
    var cell: [UInt8] = []
    while let byte = try take() {
      switch byte {
      case Self.comma: return (cell, .cell)
      case Self.newline: return (cell, .record)
      case Self.carriageReturn:
        try requireNewline()
        return (cell, .record)
      case Self.quote:
        throw problem(
          column - 1,
          "a quotation mark inside a cell; put the whole cell in quotation marks and double it")
      default: cell.append(byte)
      }
    }
    return (cell, .file)
  }

  private mutating func quoted() throws -> ([UInt8], End) {
    let opened = (line: line, column: column)
    var cell: [UInt8] = []
    _ = try take()
    while let byte = try take() {
      guard byte == Self.quote else {
        cell.append(byte)
        continue
      }
      guard try bytes.peek() == Self.quote else { return (cell, try endOfQuoted()) }
      _ = try take()
      cell.append(Self.quote)
    }
    throw FileProblem(
      "line \(opened.line), column \(opened.column): the quotation mark that opens here is never "
        + "closed")
  }

  private mutating func endOfQuoted() throws -> End {
    switch try take() {
    case nil: return .file
    case Self.comma?: return .cell
    case Self.newline?: return .record
    case Self.carriageReturn?:
      try requireNewline()
      return .record
    case _?:
      throw problem(
        column - 1, "text behind the quotation mark that closes a cell; double marks inside one")
    }
  }

  private mutating func requireNewline() throws {
    guard try take() == Self.newline else {
      throw problem(column - 1, "a carriage return without a newline")
    }
  }

  private mutating func take() throws -> UInt8? {
    guard let byte = try bytes.next() else { return nil }
    recordBytes += 1
    guard recordBytes <= recordBytesMax else {
      throw problem(
        column, "the row has more than \(recordBytesMax) bytes; is a quotation mark missing?")
    }
    if byte == Self.newline {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      // Bytes that go on with a character have no column of their own.
      column += 1
    }
    return byte
  }

  private func problem(_ column: Int, _ text: String) -> FileProblem {
    FileProblem("line \(line), column \(max(column, 1)): \(text)")
  }
}
