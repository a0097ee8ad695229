// SPDX-License-Identifier: Apache-2.0
// Enters an actor synchronously from code that already runs on the actor's executor.

/// Turns a function isolated to an actor into one that may be called from the actor's own executor.
///
/// `assumeIsolated` does the same but boxes its closure at every call; this allocates nothing. The
/// caller must check that it runs on the actor's executor (`ShardExecutor.isCurrent`): isolation is an
/// extra argument that compiles to nothing, so the two function types have one representation, which is
/// what the standard library's own `assumeIsolated` relies on.
package func enteringActor<Subject: Actor, Argument: ~Copyable>(
  _ body: @escaping @Sendable (isolated Subject, inout Argument) -> Void
) -> @Sendable (Subject, inout Argument) -> Void {
  unsafe unsafeBitCast(body, to: (@Sendable (Subject, inout Argument) -> Void).self)
}
