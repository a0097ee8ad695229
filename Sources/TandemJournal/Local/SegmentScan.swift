// SPDX-License-Identifier: Apache-2.0
// Walks the frames of one segment and stops at the first that is not what must stand there.
// Reads only; what a stop means is decided in RecoveryDecision.

import TandemPrimitives

/// Why a walk stopped before the end of the file.
enum FrameDamage: Sendable, Equatable {
  /// Nothing but zeros follows: the log simply ends.
  case none
  /// The header's sector was never written, something behind it was.
  case headerMissing
  /// The frame goes on behind the end of the file.
  case fileTooShort
  /// The header is whole; a sector of its content was never written.
  case sectorMissing
  /// Bytes that no interrupted write leaves behind.
  case garbage(String)
}

/// What a walk over one segment found.
struct SegmentScan: Sendable {
  let header: SegmentHeader
  /// Where the next frame would begin.
  var end: Int
  var nextLSN: UInt64
  var chain: FrameChain
  var nodeEpoch: UInt64
  var damage = FrameDamage.none
  /// A whole frame with a later LSN stands behind the damage.
  var laterFrame = false
  /// Newest frame is a data frame, so nothing in the log proves it yet.
  var lastIsData = false
  var frames = 0

  /// Calls back for every whole frame in order.
  static func walk(
    _ bytes: [UInt8], header: SegmentHeader,
    _ visit: (FrameHeader, Int) throws(JournalError) -> Void
  ) throws(JournalError) -> SegmentScan {
    var scan = SegmentScan(
      header: header, end: SegmentHeader.bytes, nextLSN: header.firstLSN, chain: header.firstChain,
      nodeEpoch: header.nodeEpoch)
    while scan.end < bytes.count {
      let start = scan.end
      guard let frame = scan.frame(at: start, in: bytes) else { break }
      try visit(frame, start)
      scan.end = start + frame.totalBytes
      scan.nextLSN = frame.nextLSN
      scan.nodeEpoch = frame.nodeEpoch
      scan.chain = FrameChain(after: bytes[start..<start + FrameHeader.bytes])
      scan.lastIsData = frame.kind == .data
      scan.frames += 1
    }
    if scan.damage != .none { scan.laterFrame = scan.findLaterFrame(in: bytes) }
    return scan
  }

  /// The frame that must stand at an offset, or nil with the damage noted.
  private mutating func frame(at start: Int, in bytes: [UInt8]) -> FrameHeader? {
    let rest = bytes.count - start
    let headerEnd = min(start + FrameHeader.bytes, bytes.count)
    if bytes.isZero(in: start..<headerEnd) {
      damage = bytes.isZero(in: headerEnd..<bytes.count) ? .none : .headerMissing
      return nil
    }
    guard rest >= FrameHeader.bytes else {
      damage = .fileTooShort
      return nil
    }
    guard let frame = FrameHeader.decode(bytes, at: start, salt: header.salt) else {
      damage = .garbage("a frame header does not match its checksum")
      return nil
    }
    guard frame.firstLSN == nextLSN, frame.chain == chain, frame.nodeEpoch >= nodeEpoch else {
      damage = .garbage("a whole frame of LSN \(frame.firstLSN) stands in the wrong place")
      laterFrame = frame.firstLSN > nextLSN
      return nil
    }
    guard rest >= frame.totalBytes else {
      damage = .fileTooShort
      return nil
    }
    let body = bytes[(start + FrameHeader.bytes)..<(start + frame.totalBytes)]
    guard Checksum.crc(body) == frame.bodyChecksum else {
      damage =
        hasMissingSector(frame, at: start, in: bytes)
        ? .sectorMissing : .garbage("a frame body does not match its checksum")
      return nil
    }
    return frame
  }

  /// True when a sector that must hold content holds only zeros.
  private func hasMissingSector(_ frame: FrameHeader, at start: Int, in bytes: [UInt8]) -> Bool {
    var sector = start + 512
    let end = start + frame.contentBytes
    while sector < end {
      if bytes.isZero(in: sector..<min(sector + 512, end)) { return true }
      sector += 512
    }
    return false
  }

  private func findLaterFrame(in bytes: [UInt8]) -> Bool {
    if laterFrame { return true }
    var offset = end + FrameHeader.block
    while offset + FrameHeader.bytes <= bytes.count {
      if let frame = FrameHeader.decode(bytes, at: offset, salt: header.salt),
        frame.firstLSN > nextLSN
      {
        return true
      }
      offset += FrameHeader.block
    }
    return false
  }
}
