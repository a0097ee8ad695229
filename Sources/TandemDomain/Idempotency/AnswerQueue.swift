// SPDX-License-Identifier: Apache-2.0
// The ledger's answers in the order of their requests, in pieces: a ledger has many thousands of
// answers, and no turn may move or copy all of them because one more came or a snapshot holds a
// picture of them. A piece keeps its answers back to back, not each in an array of its own.

import TandemPrimitives

/// Oldest first; a piece is dropped when all of it was forgotten.
struct AnswerQueue: Sendable {
  private struct Place: Sendable {
    let key: RequestKey
    let at: Timestamp
    /// Of the answer, which begins where the one before ends.
    let end: UInt32
  }

  private struct Piece: Sendable {
    var places: [Place] = []
    var answers: [UInt8] = []

    mutating func append(_ key: RequestKey, _ answer: ArraySlice<UInt8>, at time: Timestamp) {
      answers.append(contentsOf: answer)
      places.append(Place(key: key, at: time, end: UInt32(answers.count)))
    }

    func answer(at index: Int) -> Range<Int> {
      let start = index == 0 ? 0 : Int(places[index - 1].end)
      return start..<Int(places[index].end)
    }
  }

  private static let pieceSlots = 512

  private var full: [Piece] = []
  /// Takes the next answers; behind the full ones.
  private var open = Piece()
  /// How many slots of the first piece are forgotten.
  private var gone = 0
  private(set) var count = 0
  /// When the first was answered.
  private(set) var oldest = Timestamp.zero

  /// Shares the piece's bytes.
  subscript(index: Int) -> RequestLedger.Slot {
    inPiece(of: index) { piece, place in
      let entry = LedgerEntry(
        key: piece.places[place].key, answer: piece.answers[piece.answer(at: place)])
      return RequestLedger.Slot(entry: entry, at: piece.places[place].at)
    }
  }

  func key(at index: Int) -> RequestKey { inPiece(of: index) { $0.places[$1].key } }

  /// Bytes of an answer.
  func byteCount(at index: Int) -> Int { inPiece(of: index) { $0.answer(at: $1).count } }

  @inline(__always)
  private func inPiece<Value>(of index: Int, _ look: (Piece, Int) -> Value) -> Value {
    let place = gone + index
    let number = place / Self.pieceSlots
    guard number < full.count else { return look(open, place % Self.pieceSlots) }
    return look(full[number], place % Self.pieceSlots)
  }

  mutating func append(_ key: RequestKey, _ answer: ArraySlice<UInt8>, at time: Timestamp) {
    if open.places.count == Self.pieceSlots { close() }
    if count == 0 { oldest = time }
    open.append(key, answer, at: time)
    count += 1
  }

  /// The next piece will need about what this one has.
  private mutating func close() {
    var next = Piece()
    next.places.reserveCapacity(Self.pieceSlots)
    next.answers.reserveCapacity(open.answers.count)
    swap(&next, &open)
    full.append(next)
  }

  mutating func removeFirst() {
    count -= 1
    gone += 1
    if gone == Self.pieceSlots {
      if full.isEmpty { open = Piece() } else { full.removeFirst() }
      gone = 0
    }
    if count > 0 { oldest = inPiece(of: 0) { $0.places[$1].at } }
  }
}
