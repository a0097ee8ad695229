// SPDX-License-Identifier: Apache-2.0
// A large part that most values do not have, kept behind one reference.

/// Keeps a value that is usually absent out of line, so that its owner stays small to copy.
@propertyWrapper
@frozen
package struct Rare<Value: Hashable & Sendable>: Hashable, Sendable {
  @usableFromInline
  package final class Box: Sendable {
    @usableFromInline let value: Value
    @inlinable
    init(_ value: Value) { self.value = value }
  }

  @usableFromInline var box: Box?

  @inlinable
  package init(wrappedValue: Value?) {
    if let wrappedValue { box = Box(wrappedValue) } else { box = nil }
  }

  @inlinable
  package var wrappedValue: Value? {
    get { box?.value }
    set { self = Self(wrappedValue: newValue) }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.box === right.box || left.wrappedValue == right.wrappedValue
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
