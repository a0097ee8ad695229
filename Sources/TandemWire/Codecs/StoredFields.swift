// SPDX-License-Identifier: Apache-2.0
// The fields of a stored deal, in ascending order: walked over without errors and without copies.
// Only for bytes that this server has encoded itself; what comes from elsewhere goes through ProtoReader.

internal import TandemDomain
internal import TandemPrimitives

extension Span<UInt8> {
  /// The number that begins at an offset, which moves behind it.
  @inline(__always)
  func storedNumber(_ offset: inout Int) -> UInt64 {
    // Nearly every tag and length of a deal has one byte, and nearly all others two.
    let first = self[offset]
    if first < 0x80 {
      offset &+= 1
      return UInt64(first)
    }
    let second = self[offset &+ 1]
    if second < 0x80 {
      offset &+= 2
      return UInt64(first & 0x7F) | UInt64(second) &<< 7
    }
    let (value, end) = longNumber(at: offset)
    offset = end
    return value
  }

  /// The length that begins at an offset, which moves to the first of that many bytes.
  @inline(__always)
  func storedLength(_ offset: inout Int) -> Int {
    let length = Int(truncatingIfNeeded: storedNumber(&offset))
    invariant(length >= 0 && length <= count &- offset, "a stored deal can be read")
    return length
  }

  /// The number of the field that begins at an offset, which moves behind the field.
  @inline(__always)
  func passStoredField(_ offset: inout Int) -> Int {
    let tag = storedNumber(&offset)
    if tag & 7 == 0 {
      _ = storedNumber(&offset)
    } else {
      let count = storedLength(&offset)
      offset &+= count
    }
    return Int(truncatingIfNeeded: tag &>> 3)
  }

  func storedIdentifier<Kind>(at offset: Int) -> Identifier<Kind> {
    Identifier(high: bigEndian64(at: offset), low: bigEndian64(at: offset &+ 8))
  }

  /// One of three bytes or more, such as a time, and where it ends.
  @inline(never)
  private func longNumber(at offset: Int) -> (value: UInt64, end: Int) {
    guard offset <= count &- 8 else { return slowNumber(at: offset) }
    let word = littleEndian64(at: offset)
    // The lowest bit that says that no byte follows.
    let stops = ~word & 0x8080_8080_8080_8080
    guard stops != 0 else { return slowNumber(at: offset) }
    // Seven bits of each byte move together: pairs, pairs of pairs, halves.
    let groups = word & (stops ^ (stops &- 1)) & 0x7F7F_7F7F_7F7F_7F7F
    let pairs = groups & 0x007F_007F_007F_007F | (groups & 0x7F00_7F00_7F00_7F00) &>> 1
    let fours = pairs & 0x0000_3FFF_0000_3FFF | (pairs & 0x3FFF_0000_3FFF_0000) &>> 2
    let value = fours & 0x0FFF_FFFF | (fours & 0x0FFF_FFFF_0000_0000) &>> 4
    return (value, offset &+ (stops.trailingZeroBitCount &+ 1) &>> 3)
  }

  private func slowNumber(at offset: Int) -> (value: UInt64, end: Int) {
    var value: UInt64 = 0
    var place = offset
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      let byte = self[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return (value, place) }
    }
    fatalError("a number of a stored deal has more than ten bytes")
  }
}

extension StoredDeal {
  init(_ bytes: Span<UInt8>) {
    self.init()
    var offset = 0
    while offset < bytes.count {
      let start = offset
      let tag = bytes.storedNumber(&offset)
      let field = Int(truncatingIfNeeded: tag &>> 3)
      if tag & 7 == 0 {
        note(bytes.storedNumber(&offset), as: field)
      } else {
        let count = bytes.storedLength(&offset)
        let content = offset
        offset &+= count
        if count == 16, noteIdentifier(bytes, content, as: field) { continue }
        note(field, start, content, offset)
      }
    }
  }

  @inline(__always)
  private mutating func note(_ number: UInt64, as field: Int) {
    let time = Timestamp(milliseconds: Int64(bitPattern: number))
    switch field {
    case 3: version = number
    case 4: direction = Self.enumeration(number, direction)
    case 5: status = Self.enumeration(number, status)
    case 6: baseKind = Self.enumeration(number, baseKind)
    case 7: partnerToPartner = number != 0
    case 12: closeDate = time
    case 19: stage = Self.enumeration(number, stage)
    case 20: createdAt = time
    case 21: updatedAt = time
    case 22: acceptedAt = time
    case 23: acknowledgedAt = time
    case 24: closedAt = time
    case 25: respondBy = time
    case 32: nextLine = UInt32(truncatingIfNeeded: number)
    default: break
    }
  }

  /// False for other fields that happen to have as many bytes as an identifier.
  @inline(__always)
  private mutating func noteIdentifier(_ bytes: Span<UInt8>, _ content: Int, as field: Int) -> Bool
  {
    switch field {
    case 1: id = bytes.storedIdentifier(at: content)
    case 2: engagement = bytes.storedIdentifier(at: content)
    case 9: location = bytes.storedIdentifier(at: content)
    case 31: createdBy = bytes.storedIdentifier(at: content)
    default: return false
    }
    return true
  }

  /// A text stands where its content does, a part where its fields do, tags and all.
  @inline(__always)
  private mutating func note(_ field: Int, _ start: Int, _ content: Int, _ end: Int) {
    switch field {
    case 8: name = StoredPlace(content, end)
    case 13: crmID = StoredPlace(content, end)
    case 14: campaignID = StoredPlace(content, end)
    case 15: notes = StoredPlace(content, end)
    case 10: customer = StoredPlace(start, end)
    case 11: value = StoredPlace(start, end)
    case 16: team.extend(start, end)
    case 17: solutions.extend(start, end)
    case 18: consent = StoredPlace(start, end)
    case 26: closure = StoredPlace(content, end)
    case 27: initiator = StoredPlace(start, end)
    case 28: invitation = StoredPlace(content, end)
    case 29: cards.extend(start, end)
    case 30: sharedView = StoredPlace(content, end)
    case 33: fieldVersions.extend(start, end)
    default: break
    }
  }

  @inline(__always)
  private static func enumeration<Value: RawRepresentable<UInt8>>(
    _ number: UInt64, _ fallback: Value
  ) -> Value {
    let value = Value(rawValue: UInt8(truncatingIfNeeded: number))
    invariant(value != nil, "a stored deal can be read")
    return value ?? fallback
  }
}

extension StoredPlace {
  /// Takes in the next field of the same number.
  @inline(__always)
  fileprivate mutating func extend(_ start: Int, _ end: Int) {
    self = StoredPlace(isEmpty ? start : Int(self.start), end)
  }
}
