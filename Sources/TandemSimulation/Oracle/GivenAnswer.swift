// SPDX-License-Identifier: Apache-2.0
// An answer that somebody was given, and whether the model would have given it.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct GivenAnswer {
  let operation: Operation
  let answer: Operation.Told

  /// The organisation stood as the model has it; the clock stood between two times.
  func judge(
    _ model: Model, _ own: ModelOrganisation, between start: Timestamp, and end: Timestamp
  ) -> String? {
    switch operation.request {
    case .watch: return nil
    case .query(let query): return judge(query, model, own, start, end)
    case .command(let command, _):
      // What depends on the clock may be judged either way.
      let turns = [start, end].map { time in
        var turn = ModelTurn(model, own, at: time)
        turn.ask(command, operation.principal)
        return turn
      }
      return judge(command, turns)
    }
  }

  private func judge(_ command: Command, _ turns: [ModelTurn]) -> String? {
    if answer.status == .ok {
      guard turns.allSatisfy(\.isRefused), let turn = turns.first else {
        return judgeWarnings(command)
      }
      return "was answered OK, \(turn.refusal)"
    }
    guard let error = try? ErrorStatus(decoding: answer.body[...]) else {
      return "was answered with an error that cannot be read"
    }
    guard error.status.isOfTheDomain else { return nil }
    let reasons = turns.reduce(into: Set<String>()) { $0.formUnion($1.reasons) }
    let problems = turns.reduce(into: Set<String>()) { $0.formUnion($1.problems) }
    let doubts = turns.reduce(into: Set<String>()) { $0.formUnion($1.doubts) }
    let known = reasons.union(problems).union(doubts)
    let told = Set(error.violations.map(\.rule))
    let word = known.isEmpty ? "nothing" : known.sorted().joined(separator: ", ")
    if error.reason == "FIELD_INVALID" {
      let isKnown = !told.isEmpty && told.isSubset(of: known)
      return isKnown ? nil : "was refused for \(told.sorted()), expected \(word)"
    }
    guard known.contains(error.reason) else {
      return "was refused with \(error.reason), expected \(word)"
    }
    return nil
  }

  /// Ruling 22: help is warned about exactly when the notes do not name its kind.
  private func judgeWarnings(_ command: Command) -> String? {
    var asked: (help: HelpCode?, notes: Text) = (nil, "")
    if case .createDeal(let deal) = command { asked = (deal.help, deal.notesToVendor) }
    if case .inviteToDeal(let invitation) = command {
      asked = (invitation.help, invitation.notes)
    }
    guard let help = asked.help else { return nil }
    guard let warnings else { return "was answered with something that cannot be read" }
    let isWarned = warnings.contains("HELP_NOT_EXPLAINED")
    guard isWarned == HelpNotes.explain(help, asked.notes) else { return nil }
    return "asked for \(help) with \"\(asked.notes)\" and was \(isWarned ? "" : "not ")warned"
  }

  /// Their codes, in the answer to a change of a deal.
  private var warnings: [String]? {
    var codes: [String] = []
    var reader = ProtoReader(answer.body[...])
    do throws(WireError) {
      while try reader.next() {
        guard reader.field == 15 else {
          try reader.skip()
          continue
        }
        var warning = try reader.message()
        while try warning.next() {
          if warning.field == 1 { codes.append(try warning.string()) } else { try warning.skip() }
        }
      }
      return codes
    } catch { return nil }
  }

  private func judge(
    _ query: Query, _ model: Model, _ own: ModelOrganisation, _ start: Timestamp, _ end: Timestamp
  ) -> String? {
    var turn = ModelTurn(model, own, at: .zero)
    turn.identify(operation.principal)
    guard let caller = turn.caller, !turn.isRefused else {
      return answer.status == .ok ? "was answered although nobody asked" : nil
    }
    let reading = ModelReading(
      world: model, own: own, caller: caller, start: start, end: end,
      principal: operation.principal)
    return reading.judge(query, answer)
  }
}

extension StatusCode {
  /// A rule said no, not the machine.
  fileprivate var isOfTheDomain: Bool {
    switch self {
    case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
      .aborted, .outOfRange, .unimplemented:
      true
    case .ok, .cancelled, .unknown, .deadlineExceeded, .resourceExhausted, .`internal`,
      .unavailable,
      .dataLoss, .unauthenticated:
      false
    }
  }
}

extension Operation {
  var command: Command? {
    if case .command(let command, returnDeal: _) = request { command } else { nil }
  }

  /// Whether a commit is this operation's.
  func changed(_ commit: Commit) -> Bool { commit.ledger?.key.scopeLow == number }
}
