// SPDX-License-Identifier: Apache-2.0
// The first promise that was seen broken, and the last events before it.

/// Which promise, and what contradicts it.
package struct BrokenPromise: Error, Sendable, Equatable {
  package let checker: String
  package let text: String
}

/// Collects what happens; keeps the first broken promise and the newest events.
final class Verdict {
  private(set) var broken: BrokenPromise?
  private var events: [String] = []
  private let isTracing: Bool
  private static let kept = 40

  init(isTracing: Bool) { self.isTracing = isTracing }

  func fail(_ checker: String, _ text: @autoclosure () -> String) {
    if broken == nil { broken = BrokenPromise(checker: checker, text: text()) }
  }

  func note(_ event: @autoclosure () -> String) {
    guard broken == nil else { return }
    events.append(event())
    if !isTracing, events.count > 4 * Self.kept { events.removeFirst(3 * Self.kept) }
  }

  /// The newest events; all of them when tracing.
  var story: [String] { isTracing ? events : Array(events.suffix(Self.kept)) }
}
