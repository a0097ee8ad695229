// SPDX-License-Identifier: Apache-2.0
// A file of deals to import, read row by row; what is wrong with one row is told with it, what is wrong
// with the file ends the reading.

import TandemClient

struct DealFile {
  private enum Source {
    case csv(CSVReader, columns: [DealColumn])
    case jsonLines(LineReader)
  }

  private var source: Source
  private var rows = 0

  /// Reads the heading of CSV; JSON lines have none.
  init(_ bytes: ByteStream, _ format: BulkFormat) throws {
    switch format {
    case .jsonLines: source = .jsonLines(LineReader(bytes))
    case .csv:
      var reader = CSVReader(bytes)
      let columns = try Self.heading(&reader)
      source = .csv(reader, columns: columns)
    }
  }

  private static func heading(_ reader: inout CSVReader) throws -> [DealColumn] {
    guard let heading = try reader.next() else {
      throw FileProblem("the file is empty; its first line names the columns")
    }
    guard heading.unreadableCell == nil else {
      throw FileProblem("line 1 is no UTF-8; save the file as CSV in UTF-8")
    }
    var columns: [DealColumn] = []
    for (place, name) in heading.cells.enumerated() {
      guard let column = DealColumn(rawValue: name) else {
        throw unknown(name, place + 1, isOnly: heading.cells.count == 1)
      }
      guard !columns.contains(column) else {
        throw FileProblem("line 1, cell \(place + 1): the column \"\(name)\" comes twice")
      }
      columns.append(column)
    }
    if !columns.contains(.id) {
      var missing = DealColumn.mandatory.filter { !columns.contains($0) }.map(\.rawValue)
      if !columns.contains(.customer), !columns.contains(.customerId) {
        missing.append("customer or customerId")
      }
      guard missing.isEmpty else {
        throw FileProblem(
          "line 1: without the column id every row creates a deal, and the columns "
            + "\(missing.joined(separator: ", ")) are missing")
      }
    }
    return columns
  }

  private static func unknown(_ name: String, _ place: Int, isOnly: Bool) -> FileProblem {
    if isOnly, name.contains(where: { $0 == ";" || $0 == "\t" }) {
      return FileProblem("line 1: the cells are not separated by commas; save the file with commas")
    }
    let hint = question(name, among: DealColumn.allCases.map(\.rawValue)).map { "; \($0)" } ?? ""
    return FileProblem(
      "line 1, cell \(place): \"\(name)\" is no column of a deal\(hint)")
  }

  /// The next row, nil at the end.
  mutating func next() throws -> BulkRow? {
    switch source {
    case .csv(var reader, let columns):
      let record = try reader.next()
      source = .csv(reader, columns: columns)
      guard let record else { return nil }
      rows += 1
      return Self.row(record, columns, rows)
    case .jsonLines(var reader):
      var line = try reader.next()
      while let found = line, let bytes = found.bytes, bytes.allSatisfy(Self.isSpace) {
        line = try reader.next()
      }
      source = .jsonLines(reader)
      guard let line else { return nil }
      rows += 1
      return Self.row(line, rows)
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }

  /// An empty cell leaves the deal as it is.
  private static func row(
    _ record: CSVReader.Record, _ columns: [DealColumn], _ number: Int
  ) -> BulkRow {
    var row = BulkRow(number: number, line: record.line)
    if let cell = record.unreadableCell {
      row.problems.append(RowProblem("", "NO_UTF_8", "cell \(cell) is no UTF-8"))
      return row
    }
    guard record.cells.count == columns.count else {
      row.problems.append(
        RowProblem(
          "", "CELL_COUNT",
          "the row has \(record.cells.count) cells, the heading \(columns.count)"))
      return row
    }
    for (column, cell) in zip(columns, record.cells) where !cell.isEmpty {
      row.read(column) { () throws(Unreadable) in
        try BulkValue.read(cell: CSVText.plain(cell), column.kind)
      }
    }
    return row
  }

  private static func row(_ line: LineReader.Line, _ number: Int) -> BulkRow {
    var row = BulkRow(number: number, line: line.number)
    guard let bytes = line.bytes else {
      row.problems.append(
        RowProblem("", "LINE_TOO_LONG", "has more than \(BulkFormat.rowBytes) bytes"))
      return row
    }
    let node: JSONNode
    do throws(JSONNode.Problem) {
      node = try JSONNode(bytes)
    } catch {
      row.problems.append(RowProblem("", "NO_JSON", error.text))
      return row
    }
    guard case .object(let members) = node else {
      row.problems.append(RowProblem("", "NO_JSON", "is no JSON object"))
      return row
    }
    let unknown = members.lazy.map(\.name).filter { DealColumn(rawValue: $0) == nil }
    row.refuse(unknown: Array(unknown))
    for member in members {
      guard let column = DealColumn(rawValue: member.name) else { continue }
      row.read(column) { () throws(Unreadable) in
        try BulkValue.read(json: member.value, column.kind)
      }
    }
    return row
  }
}

extension BulkRow {
  /// So many fields that no deal has are named; a file of something else has thousands.
  private static let unknownFieldsTold = 20

  fileprivate mutating func refuse(unknown names: [String]) {
    for name in names.prefix(Self.unknownFieldsTold) {
      let hint = question(name, among: DealColumn.allCases.map(\.rawValue))
      problems.append(
        RowProblem(
          name, "FIELD_UNKNOWN", "is no field of a deal\(hint.map { "; \($0)" } ?? "")"))
    }
    let more = names.count - Self.unknownFieldsTold
    if more > 0 {
      problems.append(
        RowProblem("", "FIELD_UNKNOWN", "\(more) more of its fields are no fields of a deal"))
    }
  }

  fileprivate mutating func read(
    _ column: DealColumn, _ value: () throws(Unreadable) -> BulkValue
  ) {
    do throws(Unreadable) {
      values[column] = try value()
    } catch {
      problems.append(RowProblem(column, "FIELD_UNREADABLE", error.text))
    }
  }
}
