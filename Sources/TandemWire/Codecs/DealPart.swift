// SPDX-License-Identifier: Apache-2.0
// Parts of a stored deal that are read when somebody looks at them, and copied when nobody did.
// Only for bytes that this server has encoded itself; what comes from elsewhere is read at once.

internal import TandemDomain
internal import TandemPrimitives

/// How each part is read from its fields, tags and all.
enum DealPart {
  /// Takes one field of the part.
  typealias Take<Value> = @Sendable (inout ProtoReader, inout Value) throws(WireError) -> Void

  struct Reading<Value: Hashable & Sendable>: Sendable {
    let empty: Value
    let take: Take<Value>
    /// All fields of a part.
    let read: @Sendable (ArraySlice<UInt8>) -> Value

    init(empty: Value, _ take: @escaping Take<Value>) {
      self.empty = empty
      self.take = take
      read = { bytes in
        var value = empty
        var reader = ProtoReader(bytes)
        do {
          while try reader.next() { try take(&reader, &value) }
        } catch {
          // These bytes were encoded by this process or checked by a snapshot's hash.
          fatalError("a part of a stored deal cannot be read: \(error)")
        }
        return value
      }
    }
  }

  static let customer = Reading<Customer>(empty: .blank) { reader, value throws(WireError) in
    value = try reader.value()
  }
  static let team = Reading<[TeamMember]>(empty: []) { reader, value throws(WireError) in
    value.append(try reader.value())
  }
  static let solutions = Reading<[SolutionLine]>(empty: []) { reader, value throws(WireError) in
    value.append(try reader.value())
  }
  static let cards = Reading<[Card]>(empty: []) { reader, value throws(WireError) in
    value.append(try reader.value())
  }
}

extension ProtoReader {
  /// The part with the field that the reader stands at added to it.
  mutating func part<Value>(
    _ part: Lazily<Value>, _ reading: DealPart.Reading<Value>
  ) throws(WireError) -> Lazily<Value> {
    guard isTrusted else {
      var value = part.wrappedValue
      try reading.take(&self, &value)
      return Lazily(wrappedValue: value)
    }
    var start = fieldStart
    if let stored = part.stored {
      // A part's fields stand together, since the writer puts them there.
      invariant(stored.endIndex == fieldStart, "a part is in one piece")
      start = stored.startIndex
    }
    try skip()
    return Lazily(stored: bytes[start..<position], read: reading.read)
  }
}

extension ProtoWriter {
  /// A part as it was stored, or written by `write` when it was replaced or people stand apart.
  mutating func part<Value>(_ part: Lazily<Value>, _ write: (inout ProtoWriter) -> Void) {
    guard people == nil, let stored = part.stored else { return write(&self) }
    bytes.append(contentsOf: stored)
  }
}
