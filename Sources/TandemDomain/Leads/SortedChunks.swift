// SPDX-License-Identifier: Apache-2.0
// A sorted set in short runs. A copy shares them, and a change of one makes only one run anew, so that a
// snapshot's picture of very many costs the next change nothing that anybody notices.

struct SortedChunks<Element: Comparable & Sendable>: Sendable {
  /// Few enough to be moved in a moment.
  private static var chunkMax: Int { 256 }

  /// None is empty.
  private var chunks: [[Element]] = []
  private(set) var count = 0

  var first: Element? { chunks.first?.first }

  /// The stored element that is equal to one.
  subscript(element: Element) -> Element? {
    let place = place(of: element)
    guard place.chunk < chunks.count, place.index < chunks[place.chunk].count else { return nil }
    let found = chunks[place.chunk][place.index]
    return found == element ? found : nil
  }

  /// Takes an element in, in place of an equal one.
  mutating func put(_ element: Element) {
    let (chunk, index) = place(of: element)
    guard chunk < chunks.count else {
      chunks.append([element])
      count += 1
      return
    }
    if index < chunks[chunk].count, chunks[chunk][index] == element {
      chunks[chunk][index] = element
      return
    }
    count += 1
    guard chunks[chunk].count == Self.chunkMax else {
      return chunks[chunk].insert(element, at: index)
    }
    // What only grows at its end keeps full runs.
    if index == Self.chunkMax {
      chunks.insert([element], at: chunk + 1)
      return
    }
    let half = Self.chunkMax / 2
    let upper = Array(chunks[chunk][half...])
    chunks[chunk].removeLast(Self.chunkMax - half)
    chunks.insert(upper, at: chunk + 1)
    if index <= half {
      chunks[chunk].insert(element, at: index)
    } else {
      chunks[chunk + 1].insert(element, at: index - half)
    }
  }

  /// Takes an element out; nothing when it is not there.
  mutating func remove(_ element: Element) {
    let (chunk, index) = place(of: element)
    guard chunk < chunks.count, index < chunks[chunk].count, chunks[chunk][index] == element
    else { return }
    count -= 1
    chunks[chunk].remove(at: index)
    if chunks[chunk].isEmpty {
      chunks.remove(at: chunk)
    } else {
      join(chunk)
    }
  }

  /// Short runs that lie together become one, so that there are never many.
  private mutating func join(_ chunk: Int) {
    guard chunks[chunk].count < Self.chunkMax / 4 else { return }
    for left in [chunk - 1, chunk] where left >= 0 && left + 1 < chunks.count {
      guard chunks[left].count + chunks[left + 1].count <= Self.chunkMax / 2 else { continue }
      let right = chunks.remove(at: left + 1)
      chunks[left] += right
      return
    }
  }

  /// Elements from one on, ascending, until the body has enough.
  func forEach(from start: Element?, _ body: (Element) -> Bool) {
    var (chunk, index) = start.map { place(of: $0) } ?? (0, 0)
    while chunk < chunks.count {
      while index < chunks[chunk].count {
        guard body(chunks[chunk][index]) else { return }
        index += 1
      }
      chunk += 1
      index = 0
    }
  }

  /// Elements below one, or all, descending, until the body has enough.
  func forEachBackwards(below end: Element?, _ body: (Element) -> Bool) {
    var (chunk, index) = end.map { place(of: $0) } ?? (chunks.count, 0)
    while true {
      while index > 0 {
        index -= 1
        guard body(chunks[chunk][index]) else { return }
      }
      guard chunk > 0 else { return }
      chunk -= 1
      index = chunks[chunk].count
    }
  }

  /// Where an element stands or would stand: in the last run that begins at or before it.
  private func place(of element: Element) -> (chunk: Int, index: Int) {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if element < chunks[middle][0] { high = middle } else { low = middle + 1 }
    }
    let chunk = max(low - 1, 0)
    guard chunk < chunks.count else { return (chunk, 0) }
    low = 0
    high = chunks[chunk].count
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle] < element { low = middle + 1 } else { high = middle }
    }
    return (chunk, low)
  }
}
