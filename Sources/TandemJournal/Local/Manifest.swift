// SPDX-License-Identifier: Apache-2.0
// Identity of a data directory and where its log begins. Two files hold the same generation, so that
// damage to one of them cannot bring an older state back.

package import TandemPrimitives
package import TandemPlatform

package struct Manifest: Sendable, Equatable {
  package static let bytes = 4_096
  static let magic: [UInt8] = Array("TNDMMAN1".utf8)
  static let version: UInt32 = 1

  package var generation: UInt64
  package var store: StoreID
  package var timeline: TimelineID
  /// First LSN of the oldest segment that is kept.
  package var firstLSN: UInt64
  /// Position of every partition before that segment.
  package var bases: [UInt64]

  package init(store: StoreID, timeline: TimelineID) {
    generation = 0
    self.store = store
    self.timeline = timeline
    firstLSN = 1
    bases = Array(repeating: 0, count: Limits.partitions)
  }

  package func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.appendLittleEndian(Self.version)
    bytes.appendLittleEndian(Self.version)
    bytes.appendLittleEndian(generation)
    bytes.append(identifier: store)
    bytes.append(identifier: timeline)
    bytes.appendLittleEndian(firstLSN)
    bytes.appendLittleEndian(UInt32(bases.count))
    bytes.append(contentsOf: repeatElement(0, count: 128 - bytes.count))
    for base in bases { bytes.appendLittleEndian(base) }
    bytes.append(contentsOf: repeatElement(0, count: Self.bytes - 4 - bytes.count))
    bytes.appendLittleEndian(Checksum.crc(bytes[...]))
    return bytes
  }

  /// Reads one file's bytes; nil when they are no whole manifest.
  package static func decode(_ bytes: [UInt8]) throws(JournalError) -> Manifest? {
    guard bytes.count == Self.bytes, Array(bytes[..<8]) == magic,
      Checksum.crc(bytes[..<(Self.bytes - 4)]) == bytes.littleEndian32(at: Self.bytes - 4)
    else { return nil }
    let minimumReader = bytes.littleEndian32(at: 12)
    guard minimumReader <= version else {
      throw .unsupportedFormat(found: minimumReader, newest: version)
    }
    guard let store = StoreID(bytes: bytes[24..<40]),
      let timeline = TimelineID(bytes: bytes[40..<56]),
      bytes.littleEndian32(at: 64) == UInt32(Limits.partitions)
    else { return nil }
    var manifest = Manifest(store: store, timeline: timeline)
    manifest.generation = bytes.littleEndian64(at: 16)
    manifest.firstLSN = bytes.littleEndian64(at: 56)
    manifest.bases = (0..<Limits.partitions).map { bytes.littleEndian64(at: 128 + 8 * $0) }
    // Whoever counts on from these numbers must not reach the end of the integers.
    guard manifest.firstLSN <= UInt64(Int64.max),
      manifest.bases.allSatisfy({ $0 <= UInt64(Int64.max) })
    else { return nil }
    return manifest
  }

  /// What the two files say; `damaged` counts files that exist and cannot be read.
  package static func load(_ files: any FileSystem) throws(JournalError) -> (
    manifest: Manifest?, damaged: Int
  ) {
    var newest: Manifest?
    var damaged = 0
    for path in LocalPath.manifests {
      guard let bytes = try files.contents(of: path) else { continue }
      guard let manifest = try decode(bytes) else {
        damaged += 1
        continue
      }
      if manifest.generation > newest?.generation ?? 0 { newest = manifest }
    }
    return (newest, damaged)
  }

  /// Writes the next generation to both files, one after the other.
  mutating func save(_ files: any FileSystem) throws(FileError) {
    generation += 1
    let bytes = encoded()
    for path in LocalPath.manifests {
      let file = try files.open(path, .readWrite)
      try file.write(bytes[...], at: 0)
      try file.sync()
      try files.syncDirectory(LocalPath.root)
    }
  }
}

extension FileSystem {
  /// A whole file, or nil when there is none.
  func contents(of path: String) throws(JournalError) -> [UInt8]? {
    do {
      guard try exists(path) else { return nil }
      let file = try open(path, .read)
      return try file.read(at: 0, count: Int(try file.size()))
    } catch { throw JournalError(error) }
  }
}
