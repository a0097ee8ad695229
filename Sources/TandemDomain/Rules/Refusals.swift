// SPDX-License-Identifier: Apache-2.0
// The answers of several rules that are asked one after the other: a command ends at the first refusal,
// a description tells all of them.

/// What rules say no to, in the order in which they are asked.
struct Refusals: Sendable {
  private(set) var found: [Rejection] = []

  var isEmpty: Bool { found.isEmpty }

  mutating func ask(_ rule: () throws(Rejection) -> Void) {
    do throws(Rejection) { try rule() } catch { found.append(error) }
  }

  mutating func add(_ rejections: [Rejection]) { found += rejections }

  /// Ends a command when some rule said no, with what the first of them said.
  func throwFirst() throws(Rejection) {
    if let first = found.first { throw first }
  }
}
