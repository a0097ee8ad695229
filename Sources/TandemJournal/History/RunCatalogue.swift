// SPDX-License-Identifier: Apache-2.0
// Which runs a data directory has.

package import TandemPlatform
import TandemPrimitives

/// Runs are found by name; a run is published by the rename that gives it one.
package enum RunCatalogue {
  package struct Range: Sendable, Equatable {
    let firstLSN: UInt64
    let nextLSN: UInt64
    var path: String {
      "\(LocalPath.runs)/\(LocalPath.digits(firstLSN))-\(LocalPath.digits(nextLSN - 1)).run"
    }
  }

  package static func ranges(_ files: any FileSystem) throws(JournalError) -> [Range] {
    do {
      guard try files.exists(LocalPath.runs) else { return [] }
      return try files.list(LocalPath.runs).compactMap(range).sorted {
        $0.firstLSN < $1.firstLSN
      }
    } catch { throw JournalError(error) }
  }

  private static func range(_ name: String) -> Range? {
    guard name.hasSuffix(".run"), name.utf8.count == 45 else { return nil }
    let parts = name.dropLast(4).split(separator: "-")
    guard parts.count == 2, let first = UInt64(parts[0]), let last = UInt64(parts[1]),
      first <= last, last < .max
    else { return nil }
    return Range(firstLSN: first, nextLSN: last + 1)
  }

  /// Opens every run; each index is checked against its checksum.
  static func load(_ files: any FileSystem, store: StoreID?) throws(JournalError) -> [RunFile] {
    var runs: [RunFile] = []
    for range in try ranges(files) {
      let run = try RunFile.open(files, range.path)
      guard store == nil || run.store == store else {
        throw .corrupt("\(range.path) belongs to store \(run.store)")
      }
      guard run.firstLSN == range.firstLSN, run.nextLSN == range.nextLSN else {
        throw .corrupt("\(range.path) holds other records than its name says")
      }
      runs.append(run)
    }
    return runs
  }
}
