// SPDX-License-Identifier: Apache-2.0
// Tenants' states to bytes and back; equal states must have equal bytes.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct SnapshotCodecTests {
  @Test
  func `a state is read as it was written`() throws {
    for seed in 1...60 {
      var model = RandomModel(seed: UInt64(seed))
      let state = model.state()
      let read = try SnapshotCodec.decodeState(SnapshotCodec.encodeState(state)[...])
      #expect(read == state)
      #expect(read.ledger.byteCount == state.ledger.byteCount)
    }
  }

  @Test
  func `every message survives a snapshot with its people`() throws {
    for (index, number) in MessageCase.allCases.enumerated() {
      var model = RandomModel(seed: 40 + UInt64(index))
      var state = TenantState()
      let receiver: TenantID = model.id()
      let entry = OutboxEntry(receiver: receiver, sequence: 9, message: model.message(number))
      state.outbox[receiver] = OutboxQueue(lastSequence: 9, entries: [entry])
      #expect(try SnapshotCodec.decodeState(SnapshotCodec.encodeState(state)[...]) == state)
    }
  }

  @Test
  func `an empty state is read as it was written`() throws {
    let bytes = SnapshotCodec.encodeState(TenantState())
    #expect(try SnapshotCodec.decodeState(bytes[...]) == TenantState())
  }

  @Test
  func `equal states built in different orders have equal bytes`() {
    for seed in 1...20 {
      var model = RandomModel(seed: UInt64(seed) &* 13)
      let state = model.state()
      var other = state
      other.users = Self.rebuilt(state.users)
      other.locations = Self.rebuilt(state.locations)
      other.keys = Self.rebuilt(state.keys)
      other.favourites = Self.rebuilt(state.favourites).mapValues { deals in
        var rebuilt = Set<DealID>(minimumCapacity: 500)
        for deal in deals.sorted(by: >) { rebuilt.insert(deal) }
        return rebuilt
      }
      other.notifications = Self.rebuilt(state.notifications)
      other.outbox = Self.rebuilt(state.outbox)
      other.inboxMarks = Self.rebuilt(state.inboxMarks)
      other.entries = Self.rebuilt(state.entries)
      other.realms = Self.rebuilt(state.realms)
      #expect(other == state)
      #expect(SnapshotCodec.encodeState(other) == SnapshotCodec.encodeState(state))
    }
  }

  @Test
  func `a state cut at any byte is refused`() {
    var model = RandomModel(seed: 51)
    let bytes = SnapshotCodec.encodeState(model.state())
    for end in bytes.indices {
      #expect(throws: WireError.self) { try SnapshotCodec.decodeState(bytes[..<end]) }
    }
  }

  @Test
  func `a flipped byte in a state never stops the program`() {
    var model = RandomModel(seed: 52)
    let bytes = SnapshotCodec.encodeState(model.state())
    var refused = 0
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      do throws(WireError) {
        _ = try SnapshotCodec.decodeState(damaged[...])
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  @Test
  func `a key that stands twice is refused`() {
    var model = RandomModel(seed: 53)
    var state = TenantState()
    let user = model.user()
    state.users[user.id] = user
    let bytes = SnapshotCodec.encodeState(state)
    guard let start = bytes.firstIndex(of: 0x1A) else {
      Issue.record("the user is not there")
      return
    }
    let length = Int(bytes[start + 1] & 0x7F) | Int(bytes[start + 2]) << 7
    #expect(length > 127 && length + 3 <= bytes.count - start)
    let doubled = bytes[start..<start + 3 + length] + bytes
    #expect(throws: WireError.self) { try SnapshotCodec.decodeState(doubled) }
  }

  /// The same content in a table of another size, so that its own order differs.
  private static func rebuilt<Key: Comparable, Value>(_ table: [Key: Value]) -> [Key: Value] {
    var rebuilt = [Key: Value](minimumCapacity: 1_000)
    for (key, value) in table.sorted(by: { $0.key > $1.key }) { rebuilt[key] = value }
    return rebuilt
  }
}
