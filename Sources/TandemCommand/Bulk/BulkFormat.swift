// SPDX-License-Identifier: Apache-2.0
// The two ways in which a file holds many deals.

package enum BulkFormat: String, CaseIterable, Sendable {
  case jsonLines = "jsonl"
  case csv

  /// More than the largest deal takes.
  package static let rowBytes = 1024 * 1024

  /// As it is said, else as the name of the file ends.
  static func read(_ arguments: inout Arguments, file: String?) throws(UsageError) -> BulkFormat {
    guard let word = try arguments.option("format") else {
      return file?.lowercased().hasSuffix(".csv") == true ? .csv : .jsonLines
    }
    guard let format = BulkFormat(rawValue: word) else {
      throw UsageError("--format: \"\(word)\" is none of jsonl, csv")
    }
    return format
  }
}
