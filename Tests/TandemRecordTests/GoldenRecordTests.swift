// SPDX-License-Identifier: Apache-2.0
// Bytes that were written once must be read and written the same for ever. When one of these fails,
// the code is wrong, not the bytes in GoldenRecords.swift.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct GoldenRecordTests {
  @Test
  func `the golden commit is written byte for byte`() {
    let sections = Sections(GoldenRecords.commit)
    #expect(hex(sections.body) == GoldenRecords.body)
    #expect(hex(sections.personal) == GoldenRecords.personal)
    #expect(sections.eventType == 17)
  }

  @Test
  func `the golden commit is read`() throws {
    let commit = GoldenRecords.commit
    let read = try Sections(commit).decoded(
      body: bytes(GoldenRecords.body)[...], personal: bytes(GoldenRecords.personal)[...])
    #expect(read == commit)
  }

  @Test
  func `the golden state is written byte for byte and read`() throws {
    #expect(hex(SnapshotCodec.encodeState(GoldenRecords.state)) == GoldenRecords.snapshot)
    let read = try SnapshotCodec.decodeState(bytes(GoldenRecords.snapshot)[...])
    #expect(read == GoldenRecords.state)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}
