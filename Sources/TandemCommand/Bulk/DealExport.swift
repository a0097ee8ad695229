// SPDX-License-Identifier: Apache-2.0
// `deal export`: every deal that a filter lets pass, a row each, as an import reads it.

import TandemClient
import TandemPlatform
import TandemPrimitives

enum DealExport {
  static let help = """
    tandem deal export [FILE] [--format jsonl|csv] [--progress]
                     [--descending]     the newest first; else the oldest
                     and what the deals must satisfy:
    \(FilterArguments.help)

    Writes every deal that you may see, of any number, a row each; without FILE to the standard output.
    FILE is there when it is whole: until then the rows are in FILE.part beside it. It is CSV when its
    name ends with .csv, else it has one JSON object to a line, without the fields that are empty.
    tandem deal import takes the file as it is, or as it was changed; see tandem deal import --help
    for what the columns mean. kind, direction, initiator, counterparts, solutionNames,
    customerCategory, respondBy, created, updated, accepted, closed, engagement and lead are told by
    the server. A cell that a spreadsheet would run has an apostrophe in front.

      tandem deal export deals.csv --progress
      tandem deal export --status accepted --country DE
      tandem deal export won.jsonl --status won --descending
    """

  /// As many as a page holds without growing large.
  private static let pageRows: UInt32 = 500

  static func run(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let path = arguments.maybeNext()
    if path == nil, output.isJSON || output.only != nil {
      throw UsageError("--json and --only are for the count of deals in a FILE; see --format")
    }
    let format = try BulkFormat.read(&arguments, file: path)
    let tellsProgress = arguments.flag("progress")
    var filter = DealFilter()
    filter.allOf = try FilterArguments.read(&arguments)
    // What changes meanwhile keeps its place in this order, so that none is left out or comes twice.
    filter.sort = .created
    filter.descending = arguments.flag("descending")
    guard try arguments.option("sort") == nil else {
      throw UsageError("an export is in the order of creation; sort its file instead")
    }
    filter.pageSize = pageRows
    let chosen = filter
    return try await withServer(&arguments) { client in
      var sink: any DealSink =
        if let path { try FileSink(path) } else { ConsoleSink(console: output.console) }
      let progress = tellsProgress ? output.console : nil
      let count = try await write(client.listDeals(chosen), format, to: &sink, progress)
      let told = "\(count) deals"
      if path == nil {
        output.console.complain(told)
      } else {
        try output.line(["deals": count], told)
      }
    }
  }

  private static func write(
    _ deals: DealList, _ format: BulkFormat, to sink: inout any DealSink, _ progress: Console?
  ) async throws -> Int {
    var count = 0
    if format == .csv { try sink.add(CSVText.line(DealColumn.allCases.map(\.rawValue))) }
    do {
      for try await view in deals {
        try sink.add(line(view.deal, format))
        count += 1
        if count % 10_000 == 0 { progress?.complain("\(count) deals") }
      }
    } catch {
      sink.abandon()
      throw error
    }
    try sink.finish()
    return count
  }

  private static func line(_ deal: Deal, _ format: BulkFormat) -> String {
    switch format {
    case .csv: return CSVText.line(DealColumn.allCases.map { $0.value(of: deal).cell })
    case .jsonLines:
      let fields = DealColumn.allCases.compactMap { column -> String? in
        let value = column.value(of: deal)
        return value.texts.isEmpty ? nil : "\"\(column.rawValue)\":\(value.json)"
      }
      return "{\(fields.joined(separator: ","))}"
    }
  }
}

/// Takes the lines of an export.
private protocol DealSink {
  mutating func add(_ line: String) throws
  /// All lines were there.
  mutating func finish() throws
  /// The rest of the lines never comes.
  mutating func abandon()
}

private struct ConsoleSink: DealSink {
  let console: Console

  func add(_ line: String) { console.say(line) }
  func finish() {}
  func abandon() {}
}

/// A file that gets its name when it is whole.
private struct FileSink: DealSink {
  private static let bytesAtOnce = 256 * 1024

  private let place: PlacedFile
  private let part: String
  private var file: (any File)?
  /// Nobody else writes the part while this is held.
  private var lock: (any FileLock)?
  private var written: Int64 = 0
  private var bytes: [UInt8] = []

  init(_ path: String) throws(FileProblem) {
    place = try PlacedFile(path)
    part = place.name + ".part"
  }

  mutating func add(_ line: String) throws {
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.bytesAtOnce { try flush() }
  }

  private mutating func flush() throws {
    if file == nil { try open() }
    let (file, bytes, written) = (file, bytes, written)
    try place.with { _ in try file?.write(bytes[...], at: written) }
    self.written += Int64(bytes.count)
    self.bytes.removeAll(keepingCapacity: true)
  }

  /// What an interrupted export left is written over.
  private mutating func open() throws {
    let part = part
    let opened = try place.with { folder in
      try folder.open(part, folder.exists(part) ? .readWrite : .createNew)
    }
    do {
      lock = try place.folder.lock(part)
    } catch {
      guard error.reason != .locked else {
        throw FileProblem("\(place.path) is being written by an export that runs now")
      }
      throw FileProblem("\(place.path) cannot be written: \(error)")
    }
    try place.with { _ in try opened.truncate(to: 0) }
    file = opened
  }

  mutating func finish() throws {
    try flush()
    let (file, part, name) = (file, part, place.name)
    try place.with { folder in
      try file?.sync()
      try folder.rename(part, to: name)
      try folder.syncDirectory("")
    }
  }

  mutating func abandon() {
    guard file != nil else { return }
    file = nil
    // Where it cannot be removed it stays, under the name of a part.
    try? place.folder.remove(part)
  }
}
