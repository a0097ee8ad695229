// SPDX-License-Identifier: Apache-2.0
// One client that changes its own deals, one request at a time, and repeats with the same key what
// was not answered. What it was told goes into its book; it judges only single answers.

import TandemClient
import TandemPrimitives

/// A deal as its only writer knows it.
struct KnownDeal: Sendable {
  let id: ID
  let name: String
  var version: UInt64
  var campaign: String
  /// Commits by version, as they were acknowledged.
  var commits: [UInt64: UInt64]
  /// A change that was given up without an answer; it may have happened once.
  var doubt: String?
}

/// All that one writer did.
struct WriterBook: Sendable {
  let organisation: String
  var deals: [KnownDeal] = []
  /// Names of deals whose creation was given up: may exist once, or must not exist.
  var maybeCreated: [String] = []
  var neverCreated: [String] = []
  var acknowledged = 0
  var replayed = 0
  var repeated = 0
  var faults: [String] = []
}

struct Writer: Sendable {
  private enum Operation: Sendable {
    case create(name: String, key: [UInt8])
    case patch(deal: Int, campaign: String, notesBytes: Int, key: [UInt8])
  }

  let organisation: String
  let number: Int
  let seed: UInt64
  let whereabouts: Whereabouts

  private static let patchesPerDeal = 25
  /// Large enough on average that snapshots are written, and small changes come too.
  private static let notesBytesMax = 6_000

  /// Works until it is told to finish and has an answer to everything that it did not give up.
  func run() async -> WriterBook {
    var random = SeededRandom(seed: seed)
    var book = WriterBook(organisation: organisation)
    var count = 0
    var pending: Operation?
    var url = ""
    var client: Client?
    var sample: NewDeal?
    while book.faults.isEmpty, !Task.isCancelled {
      if pending == nil, await whereabouts.isOver { break }
      do {
        let current = await whereabouts.current()
        if client == nil || current != url {
          client = try await whereabouts.client(at: current, key: organisation)
          url = current
        }
        guard let client else { continue }
        if sample == nil { sample = try await sampleDeal("sample", of: client) }
        count += pending == nil ? 1 : 0
        let operation = pending ?? next(after: book, count, &random)
        pending = operation
        try await perform(operation, client, sample, &book)
        pending = nil
      } catch {
        guard let error = error as? TandemError, Self.isCuredByRepeating(error) else {
          book.faults.append("writer \(number) of \(organisation): \(error)")
          break
        }
        client = nil
        book.repeated += 1
        if let given = pending, random.next() % 8 == 0 {
          giveUp(given, error, &book)
          pending = nil
        }
      }
    }
    return book
  }

  private func next(
    after book: WriterBook, _ count: Int, _ random: inout SeededRandom
  ) -> Operation {
    var key: [UInt8] = []
    for _ in 0..<2 { withUnsafeBytes(of: random.next()) { key += $0 } }
    // Any key but a UUIDv7, whose time would be looked at.
    key[6] = 0x40 | key[6] & 0x0F
    let word = "\(organisation)-\(number)-\(count)"
    guard let last = book.deals.indices.last, book.deals[last].doubt == nil,
      book.deals[last].version <= Self.patchesPerDeal
    else { return .create(name: word, key: key) }
    let notesBytes = Int(random.next() % UInt64(Self.notesBytesMax))
    return .patch(deal: last, campaign: word, notesBytes: notesBytes, key: key)
  }

  private func perform(
    _ operation: Operation, _ client: Client, _ sample: NewDeal?, _ book: inout WriterBook
  ) async throws {
    var options = ChangeOptions()
    switch operation {
    case .create(let name, let key):
      options.call.idempotencyKey = key
      var deal = sample ?? NewDeal()
      deal.name = name
      let change = try await client.createDeal(deal, options: options)
      guard let id = change.id, change.version == 1, change.commit > 0 else {
        return book.faults.append("the creation of \(name) was answered with \(change)")
      }
      book.deals.append(
        KnownDeal(
          id: id, name: name, version: 1, campaign: "", commits: [1: change.commit]))
      note(change, &book)
    case .patch(let index, let campaign, let notesBytes, let key):
      options.call.idempotencyKey = key
      var patch = DealPatch()
      patch.campaignID = campaign
      patch.notes = String(repeating: "n", count: notesBytes)
      let known = book.deals[index]
      let change = try await client.patchDeal(known.id, patch, options: options)
      let before = known.commits[known.version] ?? 0
      guard change.version == known.version + 1, change.commit > before else {
        return book.faults.append(
          "patch \(campaign) of version \(known.version), commit \(before), was answered with "
            + "version \(change.version), commit \(change.commit), replayed \(change.isReplayed)")
      }
      book.deals[index].version = change.version
      book.deals[index].campaign = campaign
      book.deals[index].commits[change.version] = change.commit
      note(change, &book)
    }
  }

  private func note(_ change: DealChange, _ book: inout WriterBook) {
    book.acknowledged += 1
    if change.isReplayed { book.replayed += 1 }
  }

  private func giveUp(_ operation: Operation, _ error: TandemError, _ book: inout WriterBook) {
    switch operation {
    case .create(let name, _):
      // Earlier attempts with this key may have had another outcome; only a first one is certain.
      if error.notExecuted, book.repeated == 1 {
        book.neverCreated.append(name)
      } else {
        book.maybeCreated.append(name)
      }
    case .patch(let index, let campaign, _, _): book.deals[index].doubt = campaign
    }
  }

  /// What a server that goes and comes makes of calls, and what closing a client makes of them.
  private static func isCuredByRepeating(_ error: TandemError) -> Bool {
    let codes: [TandemError.Code] = [
      .connection, .timeout, .deadlineExceeded, .unavailable, .unknown,
    ]
    return codes.contains(error.code) || error.reason == "CLIENT_CLOSED"
  }
}
