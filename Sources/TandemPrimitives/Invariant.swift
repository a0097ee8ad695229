// SPDX-License-Identifier: Apache-2.0
// Assertions that stay on in release builds. For bugs only, never for input.

/// Stops the process when something that must hold does not.
@inlinable
package func invariant(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fatalError("invariant broken: \(message())", file: file, line: line) }
}
