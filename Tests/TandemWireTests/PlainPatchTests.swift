// SPDX-License-Identifier: Apache-2.0
// A patch that is read where it lies means what protobuf-c reads from it, and is refused as it is.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct PlainPatchTests {
  /// Nil for a refusal.
  private func meanings(_ body: [UInt8]) -> (short: TenantRequest?, general: TenantRequest?) {
    var arena = RequestArena()
    let short = try? RequestCodec.decodeForTenant(.patchDeal, body.span.bytes, arena: &arena)
    let general = try? RequestCodec.decodeAnyShape(.patchDeal, body.span.bytes, arena: &arena)
    return (short, general)
  }

  private func body(
    _ field: UInt32, _ text: [UInt8], baseVersion: UInt64 = 0, returnDeal: Bool = false
  ) -> [UInt8] {
    var writer = ProtoWriter()
    writer.identifier(1, DealID(high: 3, low: 4))
    writer.unsigned(2, baseVersion)
    let values = writer.begin(3)
    writer.blob(field, text[...])
    writer.end(values)
    let edit = writer.begin(4)
    writer.packed(1, [field])
    writer.unsigned(3, 1 as UInt32)
    writer.end(edit)
    writer.flag(5, returnDeal)
    return writer.bytes
  }

  private static let texts: [[UInt8]] = [
    [0x41], Array("Frühling 語".utf8), Array(repeating: 0x61, count: 125),
    Array(repeating: 0x61, count: 126), Array(repeating: 0x61, count: 127), [0x41, 0], [0xC3],
    [0xED, 0xA0, 0x80], [0xFF],
  ]

  @Test(arguments: texts)
  func `it says what the general way says`(text: [UInt8]) {
    for field: UInt32 in 1...33 {
      for version: UInt64 in [0, 1, 127, 128, 1 << 62, .max] {
        for returnDeal in [false, true] {
          let (short, general) = meanings(
            body(field, text, baseVersion: version, returnDeal: returnDeal))
          #expect(short == general, "field \(field), version \(version)")
        }
      }
    }
  }

  @Test func `the commonest shapes are read where they lie`() {
    for field: UInt32 in [8, 13, 14, 15] {
      for version: UInt64 in [0, 300] {
        #expect(PlainPatch.read(body(field, [0x41], baseVersion: version).span.bytes) != nil)
      }
    }
    #expect(PlainPatch.read(body(12, [0x41]).span.bytes) == nil)
  }

  @Test func `any byte may be another, missing or too many`() {
    let plain = body(14, Array("Spring".utf8), baseVersion: 300, returnDeal: true)
    var different = 0
    for place in plain.indices {
      for value in UInt8.min...UInt8.max {
        var changed = plain
        changed[place] = value
        let (short, general) = meanings(changed)
        #expect(short == general, "byte \(place) is \(value)")
        if short != meanings(plain).short { different += 1 }
      }
      let cut = meanings(Array(plain[..<place]))
      #expect(cut.short == cut.general, "cut at \(place)")
      let longer = meanings(plain[..<place] + [plain[place]] + plain[place...])
      #expect(longer.short == longer.general, "byte \(place) twice")
    }
    #expect(different > plain.count * 200)
  }
}
