// SPDX-License-Identifier: Apache-2.0
// A list that most often holds one element: that one needs no memory of its own.

@frozen
@usableFromInline
package struct ShortList<Element> {
  @usableFromInline var first: Optional<Element>
  /// Empty while there is no first.
  @usableFromInline var others: [Element]

  @inlinable
  package init() {
    first = nil
    others = []
  }

  @inlinable
  package init(_ elements: some Sequence<Element>) {
    self.init()
    for element in elements { append(element) }
  }

  @inlinable
  package mutating func append(_ element: consuming Element) {
    if first == nil { first = consume element } else { others.append(element) }
  }
}

extension ShortList: Sendable where Element: Sendable {}
extension ShortList: Equatable where Element: Equatable {}

extension ShortList: ExpressibleByArrayLiteral {
  @inlinable
  package init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension ShortList: RandomAccessCollection {
  @inlinable package var startIndex: Int { 0 }
  @inlinable package var endIndex: Int { first == nil ? 0 : others.count + 1 }

  @inlinable
  package subscript(index: Int) -> Element {
    if index > 0 { return others[index - 1] }
    guard index == 0, let first else { fatalError("\(index) is no index of the list") }
    return first
  }
}
