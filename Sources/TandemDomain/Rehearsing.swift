// SPDX-License-Identifier: Apache-2.0
// A command that is only tried: every rule is asked, nothing comes of it. So are commands of whose
// fields some could not be what they are, so that all problems of a request are told at once.

enum Rehearsing {
  static func decide(
    _ command: Command, wrong: [Violation], _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    var problems = wrong
    do throws(Rejection) {
      let decision = try Decider.decide(command, state, deals, &context)
      if wrong.isEmpty {
        return Decision(events: [], answer: decision.answer.asTried, tried: [decision])
      }
    } catch {
      // Who may not ask is told that, and nothing of what was asked.
      if wrong.isEmpty || error.code == .permissionDenied { throw error }
      if error.code == .invalidArgument {
        problems += error.violations.filter { found in !wrong.contains { $0.explains(found) } }
      }
    }
    throw Violations(problems).rejection
  }
}

extension Violation {
  /// The rules saw something else in the place of a wrong field, so they complain of it, of its list
  /// or of its parts.
  fileprivate func explains(_ other: Violation) -> Bool {
    field == other.field || field.isPart(of: other.field) || other.field.isPart(of: field)
  }
}

extension String {
  fileprivate func isPart(of whole: String) -> Bool {
    hasPrefix(whole) && [".", "["].contains(dropFirst(whole.count).first)
  }
}

extension Answer {
  /// The same after a dry run: what is not made has no identifier to tell.
  var asTried: Answer {
    switch self {
    case .leadSent, .user, .location, .solution, .key, .organisation, .realm: .done
    case .deal, .favourite, .lead, .clock, .imported, .transaction, .done: self
    }
  }
}
