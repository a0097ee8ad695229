// SPDX-License-Identifier: Apache-2.0
// What must wait for a position to become durable, oldest first. Taking from the front is cheap however
// much waits.

package import TandemJournal

package struct PositionQueue<Element> {
  private var items: [(position: Position, element: Element)] = []
  private var head = 0

  package init() {}

  package var isEmpty: Bool { head == items.count }

  /// Positions must not fall.
  package mutating func append(_ element: Element, at position: Position) {
    items.append((position, element))
  }

  /// The oldest element, when its position is reached.
  package mutating func popFirst(through position: Position) -> Element? {
    guard head < items.count, items[head].position <= position else { return nil }
    let element = items[head].element
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 256, head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
    return element
  }

  /// Looks at everything that waits, oldest first.
  package func forEach(_ body: (Element) -> Void) {
    for item in items[head...] { body(item.element) }
  }
}
