// SPDX-License-Identifier: Apache-2.0
// The sixteen bytes before every payload (wire.md 2.3).

internal import TandemPrimitives

package enum FrameType: UInt8, Sendable, CaseIterable {
  case hello = 0x01
  case welcome = 0x02
  case request = 0x03
  case response = 0x04
  case item = 0x05
  case credit = 0x06
  case cancel = 0x07
  case ping = 0x08
  case pong = 0x09
  case goAway = 0x0A

  /// From here on an endpoint skips what it does not know.
  package static let firstIgnorable: UInt8 = 0x80

  /// The connection itself, not one of its calls.
  package var isOfConnection: Bool {
    switch self {
    case .hello, .welcome, .ping, .pong, .goAway: true
    case .request, .response, .item, .credit, .cancel: false
    }
  }
}

package struct FrameFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  @inlinable
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let meta = FrameFlags(rawValue: 0x01)
  package static let barrier = FrameFlags(rawValue: 0x04)
  package static let replayed = FrameFlags(rawValue: 0x08)
}

/// A header as it stands on the wire; fields may hold anything until the decoder has judged them.
@frozen
@usableFromInline
package struct FrameHeader: Hashable, Sendable {
  @inlinable
  package static var byteCount: Int { 16 }

  @usableFromInline package var length: UInt32
  @usableFromInline package var type: UInt8
  @usableFromInline package var flags: UInt8
  @usableFromInline package var method: UInt16
  @usableFromInline package var call: UInt32
  @usableFromInline package var argument: UInt32

  @inlinable
  package init(
    length: UInt32, type: UInt8, flags: UInt8, method: UInt16, call: UInt32, argument: UInt32
  ) {
    self.length = length
    self.type = type
    self.flags = flags
    self.method = method
    self.call = call
    self.argument = argument
  }

  package init(
    _ type: FrameType, length: Int, flags: FrameFlags = [], method: UInt16 = 0, call: UInt32 = 0,
    argument: UInt32 = 0
  ) {
    invariant(length >= 0 && length <= Limits.frameBytesCeiling, "frame of \(length) bytes")
    self.init(
      length: UInt32(length), type: type.rawValue, flags: flags.rawValue, method: method,
      call: call, argument: argument)
  }

  /// Reads the header at an offset; sixteen bytes must be there.
  @inlinable
  package init(reading bytes: borrowing RawSpan, at offset: Int) {
    length = bytes.littleEndian32(at: offset)
    type = bytes.byte(at: offset + 4)
    flags = bytes.byte(at: offset + 5)
    method = UInt16(bytes.byte(at: offset + 6)) | UInt16(bytes.byte(at: offset + 7)) << 8
    call = bytes.littleEndian32(at: offset + 8)
    argument = bytes.littleEndian32(at: offset + 12)
  }

  package var kind: FrameType? { FrameType(rawValue: type) }
  @inlinable
  package var hasMeta: Bool { flags & 0x01 != 0 }

  package func append(to output: inout [UInt8]) {
    output.appendLittleEndian(words.0)
    output.appendLittleEndian(words.1)
  }

  /// The sixteen bytes as two little-endian words.
  @inlinable
  package var words: (UInt64, UInt64) {
    let kind = UInt64(type) | UInt64(flags) << 8 | UInt64(method) << 16
    return (UInt64(length) | kind << 32, UInt64(call) | UInt64(argument) << 32)
  }

  /// Overwrites sixteen bytes that were kept free.
  package func store(in output: inout [UInt8], at offset: Int) {
    output.storeLittleEndian(length, at: offset)
    output[offset + 4] = type
    output[offset + 5] = flags
    output.storeLittleEndian(method, at: offset + 6)
    output.storeLittleEndian(call, at: offset + 8)
    output.storeLittleEndian(argument, at: offset + 12)
  }
}
