// SPDX-License-Identifier: Apache-2.0
// Sorted sets for lists, deadlines and keys. Chunks keep inserts short at a million entries.

package import TandemPrimitives

/// Deals sorted by a time; ties are broken by the deal's identifier.
package typealias OrderedIndex = SortedChunks<DealAtTime>

package struct DealAtTime: Comparable, Sendable {
  package let time: Timestamp
  package let id: DealID

  package init(time: Timestamp, id: DealID) {
    self.time = time
    self.id = id
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.time != right.time ? left.time < right.time : left.id < right.id
  }

  package static func <= (left: Self, right: Self) -> Bool { !(right < left) }
}

/// A sorted set.
package struct SortedChunks<Entry: Comparable & Sendable>: Sendable {
  private static var chunkEntries: Int { 128 }

  /// Never holds an empty chunk; ascending within and between chunks.
  private var chunks: [[Entry]] = []
  /// The first entry of each chunk, side by side: finding a chunk does not touch the chunks.
  private var heads: [Entry] = []
  package private(set) var count = 0

  package init() {}

  /// An index of many entries at once; they may come in any order.
  package init(_ entries: consuming [Entry]) {
    entries.sort()
    count = entries.count
    var start = 0
    while start < entries.count {
      let end = min(start + Self.chunkEntries, entries.count)
      heads.append(entries[start])
      chunks.append(Array(entries[start..<end]))
      start = end
    }
  }

  package var first: Entry? { chunks.first?.first }

  package mutating func insert(_ entry: Entry) {
    count += 1
    guard !chunks.isEmpty else {
      chunks.append([entry])
      heads.append(entry)
      return
    }
    // What was just changed or made comes last; only clocks that were set back make it otherwise.
    if let last = chunks[chunks.count - 1].last, last < entry { return append(entry) }
    let chunk = chunkIndex(for: entry)
    let place = lowerBound(of: entry, in: chunk)
    chunks[chunk].insert(entry, at: place)
    if place == 0 { heads[chunk] = entry }
    if chunks[chunk].count > Self.chunkEntries { split(chunk) }
  }

  /// Takes an entry out; one that is not there is a bug of the caller's bookkeeping.
  package mutating func remove(_ entry: Entry) {
    invariant(!chunks.isEmpty, "removing \(entry) from an empty index")
    let chunk = chunkIndex(for: entry)
    let place = lowerBound(of: entry, in: chunk)
    invariant(
      place < chunks[chunk].count && chunks[chunk][place] == entry,
      "index does not hold \(entry)")
    chunks[chunk].remove(at: place)
    if chunks[chunk].isEmpty {
      chunks.remove(at: chunk)
      heads.remove(at: chunk)
    } else if place == 0 {
      heads[chunk] = chunks[chunk][0]
    }
    count -= 1
  }

  /// Takes out many entries and puts in others: taking out many at once looks at each chunk once.
  package mutating func exchange(_ gone: consuming [Entry], for new: consuming [Entry]) {
    gone.sort()
    var start = 0
    while start < gone.count {
      invariant(!chunks.isEmpty, "removing \(gone[start]) from an empty index")
      let chunk = chunkIndex(for: gone[start])
      var end = start + 1
      while end < gone.count, chunk + 1 == heads.count || gone[end] < heads[chunk + 1] { end += 1 }
      takeOut(gone, start..<end, of: chunk)
      start = end
    }
    new.sort()
    for index in new.indices { insert(new[index]) }
  }

  private mutating func takeOut(_ gone: [Entry], _ range: Range<Int>, of chunk: Int) {
    var entries: [Entry] = []
    swap(&entries, &chunks[chunk])
    var next = range.lowerBound
    var kept = 0
    for place in entries.indices {
      if next < range.upperBound, entries[place] == gone[next] {
        next += 1
      } else {
        if kept < place { entries[kept] = entries[place] }
        kept += 1
      }
    }
    invariant(next == range.upperBound, "index does not hold \(gone[next])")
    entries.removeLast(entries.count - kept)
    count -= range.count
    if let first = entries.first {
      heads[chunk] = first
      swap(&entries, &chunks[chunk])
    } else {
      chunks.remove(at: chunk)
      heads.remove(at: chunk)
    }
  }

  /// Visits entries after a place (exclusive), ascending or descending, until told to stop.
  package func visit(
    after start: Entry?, descending: Bool, _ body: (Entry) -> Bool
  ) {
    guard !chunks.isEmpty else { return }
    if descending {
      visitDescending(after: start, body)
    } else {
      visitAscending(after: start, body)
    }
  }

  /// Visits entries from a place on (inclusive), ascending, until told to stop.
  package func visit(from start: Entry, _ body: (Entry) -> Bool) {
    guard !chunks.isEmpty else { return }
    let chunk = chunkIndex(for: start)
    visit(chunk, lowerBound(of: start, in: chunk), body)
  }

  private func visitAscending(after start: Entry?, _ body: (Entry) -> Bool) {
    let chunk = start.map(chunkIndex(for:)) ?? 0
    var place = 0
    if let start {
      place = lowerBound(of: start, in: chunk)
      if place < chunks[chunk].count, chunks[chunk][place] == start { place += 1 }
    }
    visit(chunk, place, body)
  }

  private func visit(_ firstChunk: Int, _ firstPlace: Int, _ body: (Entry) -> Bool) {
    var chunk = firstChunk
    var place = firstPlace
    while chunk < chunks.count {
      while place < chunks[chunk].count {
        guard body(chunks[chunk][place]) else { return }
        place += 1
      }
      chunk += 1
      place = 0
    }
  }

  private func visitDescending(after start: Entry?, _ body: (Entry) -> Bool) {
    var chunk = start.map(chunkIndex(for:)) ?? chunks.count - 1
    var place = start.map { lowerBound(of: $0, in: chunk) } ?? chunks[chunk].count
    while chunk >= 0 {
      while place > 0 {
        place -= 1
        guard body(chunks[chunk][place]) else { return }
      }
      chunk -= 1
      if chunk >= 0 { place = chunks[chunk].count }
    }
  }

  /// The chunk in which an entry is or belongs.
  private func chunkIndex(for entry: Entry) -> Int {
    var low = 0
    var high = heads.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if heads[middle] <= entry { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Where in a chunk an entry is or belongs.
  private func lowerBound(of entry: Entry, in chunk: Int) -> Int {
    var low = 0
    var high = chunks[chunk].count
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func append(_ entry: Entry) {
    let last = chunks.count - 1
    guard chunks[last].count == Self.chunkEntries else { return chunks[last].append(entry) }
    chunks.append([entry])
    heads.append(entry)
  }

  private mutating func split(_ chunk: Int) {
    let half = chunks[chunk].count / 2
    let upper = Array(chunks[chunk][half...])
    chunks[chunk].removeSubrange(half...)
    chunks.insert(upper, at: chunk + 1)
    heads.insert(upper[0], at: chunk + 1)
  }
}
