// SPDX-License-Identifier: Apache-2.0
// Bytes of a file or of the standard input, one after the other, whatever their number.

import Foundation

package struct ByteStream {
  /// Gives some more bytes, none at the end.
  private let more: () throws -> [UInt8]
  private var bytes: [UInt8] = []
  private var place = 0
  private var hasBegun = false
  private var isAtEnd = false

  private static let bytesAtOnce = 64 * 1024
  /// Says in UTF-8 that UTF-8 follows; it is no part of the text.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Takes pieces of any length from a function; an empty one is the end.
  package init(_ more: @escaping () throws -> [UInt8]) { self.more = more }

  /// Opens a file; - is the standard input.
  init(path: String) throws(FileProblem) {
    guard let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path) else {
      throw FileProblem("\(path) cannot be read")
    }
    self.init {
      do {
        return Array(try file.read(upToCount: Self.bytesAtOnce) ?? Data())
      } catch {
        throw FileProblem("\(path) cannot be read: \(error.localizedDescription)")
      }
    }
  }

  /// The byte that `next` will give.
  mutating func peek() throws -> UInt8? {
    if place == bytes.count { try fill() }
    return place < bytes.count ? bytes[place] : nil
  }

  mutating func next() throws -> UInt8? {
    guard let byte = try peek() else { return nil }
    place += 1
    return byte
  }

  private mutating func fill() throws {
    guard !isAtEnd else { return }
    bytes = []
    place = 0
    // The mark may come in pieces.
    let wanted = hasBegun ? 1 : Self.mark.count
    while bytes.count < wanted, !isAtEnd {
      let piece = try more()
      isAtEnd = piece.isEmpty
      bytes += piece
    }
    if !hasBegun, bytes.starts(with: Self.mark) { place = Self.mark.count }
    hasBegun = true
    if place == bytes.count, !isAtEnd { try fill() }
  }
}
