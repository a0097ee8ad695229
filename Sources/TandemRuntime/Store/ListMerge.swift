// SPDX-License-Identifier: Apache-2.0
// One sorted sequence from the indexes of several statuses. Pages of each index are taken as needed.

import TandemPrimitives

package struct ListMerge {
  private struct Source {
    let index: OrderedIndex
    var page: [DealAtTime] = []
    var next = 0
    var resumeAfter: DealAtTime?
    var isExhausted = false
  }

  private static let pageEntries = 64

  private var sources: [Source]
  private let descending: Bool

  package init(indexes: [OrderedIndex], after: DealAtTime?, descending: Bool) {
    sources = indexes.map { Source(index: $0, resumeAfter: after) }
    self.descending = descending
  }

  /// The next entry in order over all sources.
  package mutating func next() -> DealAtTime? {
    var best: (source: Int, entry: DealAtTime)?
    for number in sources.indices {
      guard let entry = peek(number) else { continue }
      if best.map({ descending ? entry > $0.entry : entry < $0.entry }) ?? true {
        best = (number, entry)
      }
    }
    guard let best else { return nil }
    sources[best.source].next += 1
    return best.entry
  }

  private mutating func peek(_ number: Int) -> DealAtTime? {
    if sources[number].next == sources[number].page.count { fetch(number) }
    let source = sources[number]
    return source.next < source.page.count ? source.page[source.next] : nil
  }

  private mutating func fetch(_ number: Int) {
    guard !sources[number].isExhausted else { return }
    var page: [DealAtTime] = []
    sources[number].index.visit(after: sources[number].resumeAfter, descending: descending) {
      page.append($0)
      return page.count < Self.pageEntries
    }
    sources[number].isExhausted = page.count < Self.pageEntries
    sources[number].resumeAfter = page.last ?? sources[number].resumeAfter
    sources[number].page = page
    sources[number].next = 0
  }
}
