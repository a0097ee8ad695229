// SPDX-License-Identifier: Apache-2.0
// A client's side of one feed over all its streams: the last token, and every commit that was told.

import TandemPrimitives
import TandemWire

struct FollowedFeed {
  private(set) var isOpen = false
  private(set) var call: UInt32 = 0
  private(set) var token: [UInt8]?
  /// The commit after which the feed began; nil before the first item.
  private(set) var start: UInt64?
  /// Commits that were told, in order of arrival, with digests of what was told.
  private(set) var told: [UInt64] = []
  /// The newest commit that an item spoke of.
  private(set) var reached: UInt64 = 0
  private(set) var newest: [UInt8] = []
  private var items: UInt32 = 0
  /// Deals of the picture with which the feed began; nil unless it began with one that was told whole.
  private(set) var picture: [DealID]?
  private var pictured: [DealID] = []

  /// SNAPSHOT_PART_ENDS.
  private static let lastPart: UInt64 = 3

  mutating func open(_ call: UInt32) {
    isOpen = true
    self.call = call
    items = 0
    pictured = []
  }

  mutating func close() { isOpen = false }

  /// Takes an item; says what is wrong with it.
  mutating func take(number: UInt32, _ body: [UInt8], tenant: TenantID) -> String? {
    items += 1
    guard number == items else { return "item \(number) came as number \(items)" }
    var seq: UInt64 = 0
    var next: [UInt8] = []
    var hasNews = false
    var part: UInt64 = 0
    var deals: [DealID] = []
    var reader = ProtoReader(body[...])
    do throws(WireError) {
      while try reader.next() {
        switch reader.field {
        case 1: next = Array(try reader.slice())
        case 3: seq = try reader.unsigned()
        case 7:
          hasNews = true
          deals += SimulatedClient.fields(1, in: try reader.slice()).compactMap(DealID.init)
        case 8, 12:
          hasNews = true
          try reader.skip()
        case 9: part = try reader.unsigned()
        default: try reader.skip()
        }
      }
    } catch { return "an item cannot be read: \(error.text)" }
    if part != 0 {
      pictured += deals
      // Only the last item of a picture says where to go on.
      guard part == Self.lastPart else { return nil }
      picture = pictured
      hasNews = false
    }
    guard let place = ResumeToken(bytes: next[...]), place.tenant == tenant,
      place.commitSeq == seq
    else { return "the token of item \(number) does not name commit \(seq)" }
    token = next
    if start == nil { start = seq }
    if hasNews {
      if seq <= max(told.last ?? 0, start ?? 0) { return "commit \(seq) was told again" }
      told.append(seq)
    } else if seq < reached {
      return "progress fell from \(reached) to \(seq)"
    }
    newest = body
    reached = max(reached, seq)
    return nil
  }
}
