// SPDX-License-Identifier: Apache-2.0
// Carries out one row, and says what became of it.

import TandemClient

/// What became of a row, or why the whole import ends.
struct RowOutcome: Sendable {
  var verdict: RowVerdict
  /// The deal that the row named, which may have another row now.
  let asked: ID?
  /// An error that is not about this row; it was not answered.
  var stop: TandemError?
  /// How often the server asked for fewer calls.
  var slowdowns = 0
}

struct RowImporter: Sendable {
  let client: Client
  let solutions: SolutionNames
  let pauses: ImportPauses
  let validatesOnly: Bool

  /// A server that asks for fewer calls so often is too busy for an import.
  private static let slowdownsMax = 60

  /// Whatever else there is, it says what is wrong with the row.
  private struct Refusal: Error { let problems: [RowProblem] }

  func outcome(of row: BulkRow, key: RowKey) async -> RowOutcome {
    var outcome = RowOutcome(
      verdict: RowVerdict(row, key: key, .refused), asked: row.deal)
    while true {
      switch await attempt(row, key) {
      case .success(let verdict):
        outcome.verdict = verdict
        return outcome
      case .failure(let error):
        guard error.asksForFewerCalls, outcome.slowdowns < Self.slowdownsMax else {
          judge(error, &outcome)
          return outcome
        }
        outcome.slowdowns += 1
        await pauses.pass(milliseconds: Self.wait(error, after: outcome.slowdowns))
      }
    }
  }

  private static func wait(_ error: TandemError, after slowdowns: Int) -> UInt64 {
    let (seconds, attoseconds) = (error.retryAfter ?? .zero).components
    let asked =
      UInt64(max(0, seconds)) * 1_000 + UInt64(max(0, attoseconds)) / 1_000_000_000_000_000
    return max(asked, 10 << UInt64(min(slowdowns, 8)))
  }

  /// What an error says about the row, or that it is not about the row at all.
  private func judge(_ error: TandemError, _ outcome: inout RowOutcome) {
    if error.reason == "IDEMPOTENCY_KEY_REUSED" {
      // Only what succeeded is remembered: the row was done, and since then others changed the deal.
      outcome.verdict.verdict = .doneBefore
    } else if error.endsImport {
      outcome.stop = error
    } else {
      outcome.verdict.verdict = error.code == .internal ? .failed : .refused
      outcome.verdict.problems = error.rowProblems
    }
  }

  private func attempt(_ row: BulkRow, _ key: RowKey) async -> Result<RowVerdict, TandemError> {
    do {
      let verdict =
        if let deal = row.deal {
          try await change(deal, row, key)
        } else {
          try await create(row, key)
        }
      return .success(verdict)
    } catch let refusal as Refusal {
      var verdict = RowVerdict(row, key: key, .refused)
      verdict.problems = refusal.problems
      return .success(verdict)
    } catch let error as TandemError {
      return .failure(error)
    } catch {
      return .failure(TandemError(.internal, reason: "UNEXPECTED", message: "\(error)"))
    }
  }

  /// A dry run has no key: it is nothing that could be done twice.
  private func options(_ key: RowKey) -> ChangeOptions {
    var options = ChangeOptions()
    options.validatesOnly = validatesOnly
    if !validatesOnly { options.call.idempotencyKey = key.bytes }
    return options
  }

  // MARK: New deals

  private func create(_ row: BulkRow, _ key: RowKey) async throws -> RowVerdict {
    let (row, unknown) = try await resolved(row, on: [])
    let creation = RowCreation(row)
    guard creation.problems.isEmpty, unknown.isEmpty else {
      throw Refusal(problems: creation.problems + unknown)
    }
    let options = options(key)
    var verdict = RowVerdict(row, key: key, .created)
    guard creation.stage != nil || creation.ending != nil else {
      let made = try await client.createDeal(creation.deal, options: options)
      verdict.deal = made.id
      verdict.version = validatesOnly ? nil : made.version
      return verdict
    }
    var transaction = Transaction()
    let deal = transaction.create(creation.deal)
    if let stage = creation.stage {
      var patch = DealPatch()
      patch.stage = stage
      transaction.patch(deal, patch)
    }
    creation.ending?.add(to: &transaction, of: deal)
    let done = try await client.transact(
      transaction, validatesOnly: validatesOnly, options: options.call)
    verdict.deal = done.results.first?.deal
    verdict.version = validatesOnly ? nil : done.results.last?.version
    return verdict
  }

  private func resolved(
    _ row: BulkRow, on deals: [Deal]
  ) async throws -> (row: BulkRow, problems: [RowProblem]) {
    guard row.solutions.contains(where: { $0.id == nil }) else { return (row, []) }
    let resolved = try await solutions.resolved(row.solutions, on: deals)
    var row = row
    row.values[.solutions] = .solutions(resolved.found)
    return (row, resolved.problems)
  }

  // MARK: Deals that there are

  private func change(_ id: ID, _ row: BulkRow, _ key: RowKey) async throws -> RowVerdict {
    let current = try await client.getDeal(id).deal
    let version = row.number(.version) ?? current.version
    let base =
      try await version == current.version
      ? current : client.getDeal(id, version: version).deal
    let (row, unknown) = try await resolved(row, on: [base, current])
    let change = RowChange(row, since: base, to: current)
    guard change.problems.isEmpty, unknown.isEmpty else {
      throw Refusal(problems: change.problems + unknown)
    }
    var verdict = RowVerdict(row, key: key, .unchanged)
    verdict.version = current.version
    guard !change.isNothing else { return verdict }
    let (changed, commit) = try await send(change, of: id, since: base.version, options(key))
    if commit > 0 || validatesOnly { verdict.verdict = .changed }
    verdict.version = validatesOnly ? current.version : changed
    return verdict
  }

  /// Gives the deal's version then and the commit, 0 when nothing changed.
  private func send(
    _ change: RowChange, of id: ID, since version: UInt64, _ options: ChangeOptions
  ) async throws -> (version: UInt64, commit: UInt64) {
    guard let ending = change.ending else {
      var options = options
      options.baseVersion = version
      let done = try await client.patchDeal(id, change.patch, options: options)
      return (done.version, done.commit)
    }
    guard change.patch != DealPatch() else {
      let done = try await ending.end(id, by: client, options)
      return (done.version, done.commit)
    }
    var transaction = Transaction()
    transaction.patch(.existing(id), change.patch, baseVersion: version)
    ending.add(to: &transaction, of: .existing(id))
    let done = try await client.transact(
      transaction, validatesOnly: validatesOnly, options: options.call)
    return (done.results.last?.version ?? 0, done.commit)
  }
}

extension TandemError {
  /// Whether the same call is welcome a little later.
  fileprivate var asksForFewerCalls: Bool { code == .resourceExhausted && retryable }

  /// Whether the next rows would meet it, too.
  fileprivate var endsImport: Bool {
    switch code {
    case .connection, .timeout, .unavailable, .unauthenticated, .unimplemented, .cancelled,
      .dataLoss, .deadlineExceeded, .unknown:
      true
    // Roles may allow one deal and not another; anything else is about the key.
    case .permissionDenied: reason != "ROLE_MISSING"
    case .notFound: reason == "ORGANISATION_NOT_FOUND"
    case .resourceExhausted: retryable
    default: false
    }
  }

  /// Every problem that the server named, by its own paths.
  fileprivate var rowProblems: [RowProblem] {
    guard !violations.isEmpty else {
      return [RowProblem("", reason.isEmpty ? code.name : reason, message)]
    }
    return violations.map { violation in
      // A row may be a transaction of several operations; that is not its reader's affair.
      let path = violation.field.replacing(#/^operations\[[0-9]+\]\.?/#, with: "")
      return RowProblem(path, violation.reason, violation.description)
    }
  }
}
