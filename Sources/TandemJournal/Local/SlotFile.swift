// SPDX-License-Identifier: Apache-2.0
// A number on disk that only grows: two 512-byte slots written in turn, so one is always whole.

import TandemPlatform
package import TandemPrimitives

/// LOCK (node epoch) and durable.mark (durable LSN).
package struct SlotFile: Sendable {
  static let slotBytes = 512
  package static let lockMagic: [UInt8] = Array("TNDMLCK1".utf8)
  static let markMagic: [UInt8] = Array("TNDMDUR1".utf8)

  private let file: any File
  private let magic: [UInt8]
  private let store: StoreID
  private var generation: UInt64
  private(set) var value: UInt64

  /// Opens the file, which must exist or may be made here; unreadable slots count as never written.
  init(_ files: any FileSystem, _ path: String, magic: [UInt8], store: StoreID) throws(FileError) {
    file = try files.open(path, .readWrite)
    self.magic = magic
    self.store = store
    let newest = Self.newest(in: try file.read(at: 0, count: 2 * Self.slotBytes), magic: magic)
    generation = newest?.generation ?? 0
    value = newest?.value ?? 0
  }

  /// Overwrites the older slot and makes it durable.
  mutating func store(_ newValue: UInt64) throws(FileError) {
    let slot = Self.encode(
      magic: magic, generation: generation + 1, value: newValue, store: store)
    let offset = (generation + 1).isMultiple(of: 2) ? 0 : Int64(Self.slotBytes)
    try file.write(slot[...], at: offset)
    try file.sync()
    generation += 1
    value = newValue
  }

  package static func encode(
    magic: [UInt8], generation: UInt64, value: UInt64, store: StoreID
  ) -> [UInt8] {
    var slot = magic
    slot.appendLittleEndian(generation)
    slot.appendLittleEndian(value)
    slot.append(identifier: store)
    slot.append(contentsOf: repeatElement(0, count: slotBytes - 4 - slot.count))
    slot.appendLittleEndian(Checksum.crc(slot[...]))
    return slot
  }

  /// The newest whole slot of a file's bytes.
  static func newest(in bytes: [UInt8], magic: [UInt8]) -> (generation: UInt64, value: UInt64)? {
    var newest: (generation: UInt64, value: UInt64)?
    for start in [0, slotBytes] where bytes.count >= start + slotBytes {
      let end = start + slotBytes
      guard Array(bytes[start..<start + 8]) == magic,
        Checksum.crc(bytes[start..<end - 4]) == bytes.littleEndian32(at: end - 4)
      else { continue }
      let generation = bytes.littleEndian64(at: start + 8)
      if generation > newest?.generation ?? 0 {
        newest = (generation, bytes.littleEndian64(at: start + 16))
      }
    }
    return newest
  }
}
