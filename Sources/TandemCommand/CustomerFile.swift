// SPDX-License-Identifier: Apache-2.0
// A file of customers: one JSON object to a line, read as it is needed.

import Foundation
import TandemClient

/// What is wrong with a file; the command line that named it was right.
struct FileProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

struct CustomerFile {
  private let file: FileHandle
  private var lines: ArraySlice<String> = []
  private var rest = Data()
  private var isAtEnd = false
  /// Of the line that was read last.
  private(set) var lineNumber = 0

  private static let bytesAtOnce = 1024 * 1024

  init(_ path: String) throws(FileProblem) {
    guard let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path) else {
      throw FileProblem("\(path) cannot be read")
    }
    self.file = file
  }

  /// The next customer; empty lines are passed over.
  mutating func next() throws -> CatalogueCustomer? {
    while let line = try nextLine() {
      lineNumber += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      do {
        return try Self.customer(line)
      } catch {
        throw FileProblem("line \(lineNumber): \(error.message)")
      }
    }
    return nil
  }

  private mutating func nextLine() throws -> String? {
    while lines.isEmpty, !isAtEnd {
      let more = try file.read(upToCount: Self.bytesAtOnce) ?? Data()
      isAtEnd = more.isEmpty
      rest.append(more)
      var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      // What follows the last newline may go on.
      let last = isAtEnd ? nil : parts.popLast()
      if isAtEnd, parts.last?.isEmpty == true { parts.removeLast() }
      lines = parts.map { String(decoding: $0, as: UTF8.self) }[...]
      rest = last.map { Data($0) } ?? Data()
    }
    return lines.popFirst()
  }

  private static func customer(_ line: String) throws(UsageError) -> CatalogueCustomer {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
      var fields = object as? [String: Any]
    else { throw UsageError("is no JSON object") }
    func text(_ name: String) throws(UsageError) -> String {
      guard let value = fields.removeValue(forKey: name) else { return "" }
      guard let text = value as? String else { throw UsageError("\(name) is no text") }
      return text
    }
    var customer = CatalogueCustomer()
    customer.account = try text("account")
    customer.name = try text("name")
    customer.address.line1 = try text("line1")
    customer.address.line2 = try text("line2")
    customer.address.city = try text("city")
    customer.address.state = try text("state")
    customer.address.postalCode = try text("postalCode")
    customer.address.country = try text("country")
    customer.duns = try text("duns")
    customer.mainAccount = try text("mainAccount")
    customer.category = try Arguments.word(text("category"), of: "category")
    if let size = fields.removeValue(forKey: "size") {
      guard let number = size as? UInt32 else { throw UsageError("size is no number that fits") }
      customer.size = number
    }
    if let name = fields.keys.min() { throw UsageError("\(name) is no field of a customer") }
    return customer
  }
}
