// SPDX-License-Identifier: Apache-2.0
// A part of a deal that stays as the bytes it was stored in until somebody looks at it. What the bytes
// mean is known to who made them; this file must not know.

/// A value, or the bytes that stand for it and the way to read them.
///
/// Most changes of a deal touch a few words of it: customer, team and lines are then neither read nor
/// written anew. Bytes come from the deal's own store only, where equal values have equal bytes.
@propertyWrapper
@frozen
@usableFromInline
package struct Lazily<Value: Hashable & Sendable>: Sendable {
  @usableFromInline
  package indirect enum Made: Sendable { case value(Value) }

  @usableFromInline
  package enum Content: Sendable {
    case value(Made)
    case stored(ArraySlice<UInt8>, read: @Sendable (ArraySlice<UInt8>) -> Value)
  }

  @usableFromInline var content: Content

  @inlinable
  package init(wrappedValue: Value) { content = .value(.value(wrappedValue)) }

  /// The bytes must be what was stored for a value; `read` does not fail on them.
  @inlinable
  package init(
    stored bytes: ArraySlice<UInt8>, read: @escaping @Sendable (ArraySlice<UInt8>) -> Value
  ) {
    content = .stored(bytes, read: read)
  }

  /// Read again at every look while it is stored.
  @inlinable
  package var wrappedValue: Value {
    get {
      switch content {
      case .value(.value(let value)): value
      case .stored(let bytes, let read): read(bytes)
      }
    }
    set { content = .value(.value(newValue)) }
  }

  @inlinable
  package init(_ value: Value) { self.init(wrappedValue: value) }

  @inlinable
  package var projectedValue: Self {
    get { self }
    set { self = newValue }
  }

  /// The bytes, as long as nobody has replaced the value.
  @inlinable
  package var stored: ArraySlice<UInt8>? {
    guard case .stored(let bytes, _) = content else { return nil }
    return bytes
  }
}

extension Lazily: Hashable {
  @usableFromInline
  package static func == (left: Self, right: Self) -> Bool {
    if let mine = left.stored, let theirs = right.stored { return mine == theirs }
    return left.wrappedValue == right.wrappedValue
  }

  @usableFromInline
  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
