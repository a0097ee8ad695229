// SPDX-License-Identifier: Apache-2.0
// Reads and writes past the page cache, in whole blocks through aligned memory that is used again.
// Must not decide what is durable, and must not be needed: every caller can go through the cache.

import CLinux
import Synchronization
import TandemPrimitives

/// One file's descriptor for direct reads and writes.
final class DirectAccess: Sendable {
  private let descriptor: FileDescriptor
  private let pieces: DirectPieces

  /// What is larger than this never shares its pages with other allocations.
  private static let sharedHeapMost = 32 << 20

  init(_ descriptor: consuming FileDescriptor, _ pieces: DirectPieces) {
    self.descriptor = descriptor
    self.pieces = pieces
  }

  /// Writes the whole blocks at the start of some bytes; gives how many bytes they have, or a negated
  /// errno.
  ///
  /// 0 where the file system wants these bytes to go through the cache.
  func write(wholeBlocksOf bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int64 {
    let whole = bytes.count / DirectPiece.block * DirectPiece.block
    guard whole > 0, offset % Int64(DirectPiece.block) == 0 else { return 0 }
    let piece = pieces.take()
    defer { pieces.give(back: piece) }
    var done = 0
    while done < whole {
      let count = min(DirectPiece.bytes, whole - done)
      unsafe piece.memory.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + count]))
      let result = unsafe linux_write_at(
        descriptor.number, piece.memory.baseAddress, count, offset + Int64(done))
      if -result == Int64(Errno.invalidArgument.code) { break }
      if result < 0 { return result }
      done += count
    }
    return Int64(done)
  }

  /// Fills memory as far as the file goes; gives the count or a negated errno, or nil where the file
  /// system wants these bytes to go through the cache.
  func read(into room: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int64? {
    let piece = pieces.take()
    defer { pieces.give(back: piece) }
    // Memory that is new costs a fault for every page, so its pages had better be large.
    if room.count > Self.sharedHeapMost {
      unsafe linux_pages_prefer_large(room.baseAddress, room.count)
    }
    var done = 0
    while done < room.count {
      let place = offset + Int64(done)
      let before = Int(place % Int64(DirectPiece.block))
      let blocks = (before + room.count - done + DirectPiece.block - 1) / DirectPiece.block
      let result = unsafe linux_read_blocks_at(
        descriptor.number, piece.memory.baseAddress,
        min(DirectPiece.bytes, blocks * DirectPiece.block), place - Int64(before))
      if -result == Int64(Errno.invalidArgument.code) { return nil }
      if result < 0 { return result }
      let count = min(Int(result) - before, room.count - done)
      if count <= 0 { break }
      unsafe UnsafeMutableRawBufferPointer(rebasing: room[done..<done + count]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: piece.memory[before..<before + count]))
      done += count
    }
    return Int64(done)
  }
}

/// The pieces of memory that nobody uses just now; as many as were ever in use at the same time.
final class DirectPieces: Sendable {
  private let free = Mutex<[DirectPiece]>([])

  func take() -> DirectPiece { free.withLock { $0.popLast() } ?? DirectPiece() }
  func give(back piece: DirectPiece) { free.withLock { $0.append(piece) } }
}

/// Memory at a block's boundary.
///
/// Sendable because only its taker touches the memory; it passes from thread to thread under a lock.
@safe final class DirectPiece: @unchecked Sendable {
  static let block = 4_096
  /// Large enough that the disk's work outweighs the kernel's, small enough that the log's next write,
  /// which may have to wait behind it, does not wait long.
  static let bytes = 1 << 20
  let memory: UnsafeMutableRawBufferPointer

  init() {
    let start = unsafe linux_pages_map(Self.bytes)
    invariant(unsafe start != nil, "there is memory for one piece")
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: Self.bytes)
  }

  deinit { unsafe linux_pages_unmap(memory.baseAddress, memory.count) }
}
