// SPDX-License-Identifier: Apache-2.0
// Moments and spans of realm time. Nothing here reads a clock.

/// A moment in UTC milliseconds since 1970.
@frozen
@usableFromInline
package struct Timestamp: Hashable, Comparable, Sendable {
  @usableFromInline package let milliseconds: Int64

  @inlinable
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  package static var zero: Timestamp { Timestamp(milliseconds: 0) }

  @inlinable
  package static func == (left: Self, right: Self) -> Bool {
    left.milliseconds == right.milliseconds
  }

  @inlinable
  package static func < (left: Self, right: Self) -> Bool {
    left.milliseconds < right.milliseconds
  }

  @inlinable
  package func advanced(by span: Span) -> Timestamp {
    Timestamp(milliseconds: milliseconds &+ span.milliseconds)
  }

  /// A length of time in milliseconds.
  @frozen
  @usableFromInline
  package struct Span: Hashable, Comparable, Sendable {
    @usableFromInline package let milliseconds: Int64

    @inlinable
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func days(_ count: Int64) -> Span { Span(milliseconds: count * 86_400_000) }
    package static func hours(_ count: Int64) -> Span { Span(milliseconds: count * 3_600_000) }
    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1_000) }

    @inlinable
    package static func < (left: Self, right: Self) -> Bool {
      left.milliseconds < right.milliseconds
    }
  }
}

/// A reading of a clock that only runs forward and has no date, in nanoseconds.
@frozen
@usableFromInline
package struct MonotonicInstant: Hashable, Comparable, Sendable {
  @usableFromInline package let nanoseconds: UInt64

  @inlinable
  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  @inlinable
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  package func advanced(byMilliseconds span: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: nanoseconds &+ span &* 1_000_000)
  }
}

/// Seam for clocks: shells hold one, pure code is given times.
package protocol TimeSource: Sendable {
  /// Wall-clock time; may jump.
  var wall: Timestamp { get }
  /// Time since an arbitrary start; never jumps back.
  var monotonic: MonotonicInstant { get }
}

/// Seam for randomness that must not be guessable: keys, salts, identifier seeds.
package protocol EntropySource: Sendable {
  func bytes(_ count: Int) -> [UInt8]
}
