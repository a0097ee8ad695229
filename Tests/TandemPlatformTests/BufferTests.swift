// SPDX-License-Identifier: Apache-2.0
import TandemPlatform
import TandemPrimitives
import Testing

struct BufferTests {
  @Test func `a pool keeps no more buffers than it may`() {
    let pool = BufferPool(bufferBytes: 64, freeMaximum: 2)
    func hold(_ depth: Int) {
      guard depth > 0 else { return }
      var buffer = OutputBuffer(pool: pool)
      buffer.append([1])
      hold(depth - 1)
      buffer.removeAll()
    }
    hold(5)
    #expect(pool.freeCount == 2)
    hold(1)
    #expect(pool.freeCount == 2)
  }

  @Test func `a buffer is held only while there are bytes`() {
    let pool = BufferPool(bufferBytes: 64, freeMaximum: 4)
    var buffer = OutputBuffer(pool: pool)
    #expect(buffer.holdsBuffer == false)
    buffer.append([] as [UInt8])
    #expect(buffer.holdsBuffer == false)
    buffer.append([1, 2, 3])
    #expect(buffer.holdsBuffer == true)
    buffer.consume(2)
    #expect(buffer.holdsBuffer == true)
    buffer.consume(1)
    #expect(buffer.holdsBuffer == false)
    #expect(pool.freeCount == 1)
  }

  @Test func `a buffer larger than usual is not kept`() {
    let pool = BufferPool(bufferBytes: 64, freeMaximum: 4)
    var buffer = OutputBuffer(pool: pool)
    buffer.append([UInt8](repeating: 7, count: 65))
    buffer.consume(65)
    #expect(pool.freeCount == 0)
  }

  @Test func `a random mix of appends and consumptions agrees with an array`() {
    var random = SeededRandom(seed: 4)
    let pool = BufferPool(bufferBytes: 64, freeMaximum: 1)
    var buffer = OutputBuffer(pool: pool)
    var expected: [UInt8] = []
    for _ in 0..<20_000 {
      if Bool.random(using: &random) {
        let more = (0..<Int.random(in: 0...100, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where more.count <= 16:
          let word = more.enumerated().reduce(UInt128(0)) {
            $0 | UInt128($1.element) << UInt128(8 * $1.offset)
          }
          let head = (random.next() as UInt64, random.next() as UInt64)
          // The head, the word's first bytes, and a body that is the same bytes again.
          buffer.append(littleEndian: head.0, head.1, word, count: more.count, more.span)
          for half in [head.0, head.1] {
            expected += (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(8 * $0)) }
          }
          expected += more
        case 0, 3: buffer.append(more)
        case 1: buffer.append(more[...])
        default: buffer.append(more.span.bytes)
        }
        expected += more
      } else {
        let gone = Int.random(in: 0...expected.count, using: &random)
        buffer.consume(gone)
        expected.removeFirst(gone)
      }
      #expect(buffer.count == expected.count)
      #expect(buffer.holdsBuffer == !expected.isEmpty)
      let agrees = buffer.withUnsent { unsent in
        unsent.byteCount == expected.count
          && expected.indices.allSatisfy {
            unsent.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == expected[$0]
          }
      }
      #expect(agrees)
    }
  }

  @Test func `an encoder writes into the buffer itself`() {
    struct TooLong: Error {}
    var buffer = OutputBuffer(pool: BufferPool(bufferBytes: 8, freeMaximum: 1))
    buffer.append([9])
    buffer.append(upTo: 100) { room in
      #expect(room.count >= 100)
      room[0] = 4
      room[1] = 5
      return 2
    }
    #expect(throws: TooLong.self) {
      try buffer.append(upTo: 10) { _ throws(TooLong) -> Int in throw TooLong() }
    }
    let bytes = buffer.withUnsent { $0.withUnsafeBytes { Array($0) } }
    #expect(bytes == [9, 4, 5])
  }

  @Test func `an encoder that claims more than its room stops the process`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = OutputBuffer(pool: BufferPool(bufferBytes: 8, freeMaximum: 1))
      buffer.append(upTo: 4) { room in room.count + 1 }
    }
  }

  @Test func `consuming more than is held stops the process`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = OutputBuffer(pool: BufferPool(bufferBytes: 8, freeMaximum: 1))
      buffer.append([1])
      buffer.consume(2)
    }
  }
}
