// SPDX-License-Identifier: Apache-2.0
// A large part that most values do not have, kept behind one reference.

/// Keeps a value that is usually absent out of line, so that its owner stays small to copy.
@propertyWrapper
@frozen
@usableFromInline
package enum Rare<Value: Hashable & Sendable>: Hashable, Sendable {
  case absent
  indirect case present(Value)

  // Not `init(wrappedValue:)`: with that an optional property would be made once as nil and then again.
  @inlinable
  package init(_ value: Value?) {
    if let value { self = .present(value) } else { self = .absent }
  }

  @inlinable
  package var wrappedValue: Value? {
    get { if case .present(let value) = self { value } else { nil } }
    set { self = Self(newValue) }
  }
}
