// SPDX-License-Identifier: Apache-2.0
// Changes valid bytes: bits, numbers, cuts, parts that go, come twice, change places or come from elsewhere.
// The same seed makes the same changes on every machine.

package import TandemPrimitives

package struct Mutator: Sendable {
  package var random: SeededRandom
  static let bytesMax = 256 * 1024
  static let changesMax = 4

  package init(seed: UInt64, index: UInt64) {
    var mixed = SeededRandom(seed: index)
    random = SeededRandom(seed: seed ^ mixed.next())
  }

  package mutating func below(_ bound: Int) -> Int {
    bound <= 0 ? 0 : Int(random.next() % UInt64(bound))
  }

  package mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  /// None to four changes, one on top of the other.
  package mutating func changed(_ sample: Sample, donor: Sample) -> [UInt8] {
    var bytes = sample.bytes
    for _ in 0..<below(Self.changesMax + 1) {
      change(&bytes, sample, donor)
      if bytes.count > Self.bytesMax { bytes.removeLast(bytes.count - Self.bytesMax) }
    }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ sample: Sample, _ donor: Sample) {
    guard !bytes.isEmpty else { return bytes = donor.bytes }
    switch below(16) {
    case 0, 1: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
    case 2: bytes[below(bytes.count)] = pick(Self.bytesOfInterest)
    case 3, 4, 5, 6, 7: setField(&bytes, sample)
    case 8: bytes.removeLast(bytes.count - border(bytes, sample))
    case 9: remove(&bytes, part(bytes, sample))
    case 10: bytes.insert(contentsOf: bytes[part(bytes, sample)], at: border(bytes, sample))
    case 11: splice(&bytes, donor)
    case 12: swapParts(&bytes, sample)
    case 13: insertNoise(&bytes)
    case 14: for index in part(bytes, sample) { bytes[index] = 0 }
    default: bytes.append(contentsOf: donor.bytes[part(donor.bytes, donor)])
    }
  }

  static let bytesOfInterest: [UInt8] = [0, 1, 2, 0x0A, 0x7F, 0x80, 0xC0, 0xF4, 0xFE, 0xFF]

  /// Numbers at which arithmetic goes wrong.
  private mutating func numberOfInterest(_ old: UInt64, _ count: Int) -> UInt64 {
    switch below(14) {
    case 0: 0
    case 1: 1
    case 2: .max
    case 3: .max - UInt64(below(64))
    case 4: UInt64(Int64.max) - UInt64(below(3)) + 1
    case 5: UInt64(UInt32.max) - UInt64(below(3)) + 1
    case 6: UInt64(Int32.max) - UInt64(below(3)) + 1
    case 7: UInt64(count)
    case 8: UInt64(below(count + 1))
    case 9: old &+ 1
    case 10: old &- 1
    case 11: old ^ (1 << UInt64(below(64)))
    case 12: old &* 2
    default: random.next()
    }
  }

  private mutating func setField(_ bytes: inout [UInt8], _ sample: Sample) {
    let field =
      sample.fields.isEmpty
      ? Sample.Field(offset: below(bytes.count), width: 1 << below(4)) : pick(sample.fields)
    guard field.offset + field.width <= bytes.count else { return }
    var old: UInt64 = 0
    for index in 0..<field.width {
      old |= UInt64(bytes[field.offset + index]) << UInt64(8 * index)
    }
    let new = numberOfInterest(old, bytes.count - field.offset)
    for index in 0..<field.width {
      bytes[field.offset + index] = UInt8(truncatingIfNeeded: new >> UInt64(8 * index))
    }
  }

  /// A place to cut at, half of the time where a part begins or ends.
  private mutating func border(_ bytes: [UInt8], _ sample: Sample) -> Int {
    guard !sample.parts.isEmpty, below(2) == 0 else { return below(bytes.count + 1) }
    let part = pick(sample.parts)
    return min(below(2) == 0 ? part.lowerBound : part.upperBound, bytes.count)
  }

  private mutating func part(_ bytes: [UInt8], _ sample: Sample) -> Range<Int> {
    guard !sample.parts.isEmpty, below(4) != 0 else {
      let start = below(bytes.count + 1)
      return start..<min(start + below(600), bytes.count)
    }
    return pick(sample.parts).clamped(to: 0..<bytes.count)
  }

  private mutating func remove(_ bytes: inout [UInt8], _ part: Range<Int>) {
    bytes.removeSubrange(part)
  }

  /// Goes on with the end of another input.
  private mutating func splice(_ bytes: inout [UInt8], _ donor: Sample) {
    let from = border(donor.bytes, donor)
    let keep = below(2) == 0 ? min(from, bytes.count) : below(bytes.count + 1)
    bytes.replaceSubrange(keep..., with: donor.bytes[from...])
  }

  private mutating func swapParts(_ bytes: inout [UInt8], _ sample: Sample) {
    let one = part(bytes, sample)
    let other = part(bytes, sample)
    guard one.upperBound <= other.lowerBound else { return }
    let first = Array(bytes[one])
    let second = Array(bytes[other])
    bytes.replaceSubrange(other, with: first)
    bytes.replaceSubrange(one, with: second)
  }

  private mutating func insertNoise(_ bytes: inout [UInt8]) {
    let noise = (0...below(16)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    bytes.insert(contentsOf: noise, at: below(bytes.count + 1))
  }
}
