// SPDX-License-Identifier: Apache-2.0
// The bombs of wire.md 4.2: nothing but a verdict may come out. Mutations are in FuzzingTests.

import CTandemWire
import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct GuardTests {
  private func refusal(_ method: Method, _ bytes: [UInt8]) -> WireError? {
    do throws(WireError) {
      try Guard.check(request: method, bytes[...])
      return nil
    } catch { return error }
  }

  private func nested(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
    var writer = ProtoWriter()
    writer.element(UInt32(field), content[...])
    return writer.bytes
  }

  @Test func `a repeated singular message is refused before it costs anything`() {
    let customer = nested(3, nested(1, [0x61]))
    let bomb = Array(repeatElement(customer, count: 50_000).joined())
    let error = refusal(.createDeal, bomb)
    #expect(error?.kind == .malformed)
    #expect(error?.field == "customer")
  }

  @Test func `a flood of tiny fields is refused`() {
    let bomb = Array(repeatElement([UInt8(0x4A), 0], count: 524_288).joined())
    #expect(refusal(.createDeal, bomb)?.kind == .malformed)
  }

  @Test func `packed elements are counted`() {
    let bomb = nested(7, [UInt8](repeating: 1, count: 10_001))
    #expect(refusal(.inviteToDeal, bomb)?.field == "team_lines[0]")
    #expect(refusal(.inviteToDeal, nested(7, [UInt8](repeating: 1, count: 10_000))) == nil)
  }

  @Test func `the schema ends before the depth limit, and deeper bytes are content`() {
    var deep: [UInt8] = []
    for _ in 0..<5_000 { deep = nested(3, deep) }
    #expect(refusal(.createDeal, deep) != nil)
  }

  @Test(arguments: [
    ("NUL", [UInt8(0x61), 0, 0x62]), ("overlong", [0xC0, 0x80]),
    ("overlong three", [0xE0, 0x80, 0x80]),
    ("surrogate", [0xED, 0xA0, 0x80]), ("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
    ("lone continuation", [0x80]), ("cut", [0xE2, 0x82]),
    ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
    ("NUL after eight letters", Array("abcdefgh".utf8) + [0]),
  ])
  func `text that is no text is refused by name`(name: String, content: [UInt8]) {
    let error = refusal(.createDeal, nested(1, content))
    #expect(error?.kind == .malformed)
    #expect(error?.field == "name", "\(name)")
  }

  @Test func `every UTF-8 sequence that Swift makes is accepted`() {
    for scalar in [0x01, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] {
      let text = Array(String(Unicode.Scalar(UInt32(scalar))!).utf8)
      #expect(refusal(.createDeal, nested(1, text)) == nil)
    }
  }

  @Test func `the path of a field leads through lists`() {
    let person = nested(3, [0xFF])
    let good = nested(9, nested(2, nested(3, [0x61])))
    let error = refusal(.createDeal, good + good + nested(9, nested(2, person)))
    #expect(error?.field == "team[2].person.email")
  }

  @Test func `groups, wrong wire types and cut fields are refused`() {
    #expect(refusal(.createDeal, [0x0B, 0x0C]) != nil)
    #expect(refusal(.createDeal, [0x08, 0x01])?.field == "name")
    #expect(refusal(.createDeal, [0x0A, 0x05, 0x61])?.field == "name")
    #expect(refusal(.createDeal, [0x0A]) != nil)
    #expect(refusal(.createDeal, [0x28] + [UInt8](repeating: 0xFF, count: 10)) != nil)
    #expect(refusal(.createDeal, [0x00]) != nil)
    #expect(refusal(.createDeal, [0x0F, 0x00]) != nil)
  }

  @Test func `unknown fields are refused in requests and ignored in protocol messages`() throws {
    #expect(refusal(.getDeal, [0x98, 0x06, 1])?.kind == .unknownField(99))
    var hello = Hello()
    hello.client = "x"
    var bytes: [UInt8] = []
    hello.encode(into: &bytes)
    #expect(try Hello(decoding: (bytes + [0x98, 0x06, 1])[...]) == hello)
    #expect(throws: WireError.self) {
      try Meta(decoding: Array(repeatElement([UInt8(0x98), 6, 1], count: 65).joined())[...])
    }
  }

  @Test func `the shape of GetDeal is still checked`() throws {
    var arena = RequestArena()
    let id = DealID(high: 1, low: 2)
    #expect(
      try RequestCodec.decode(.getDeal, ([0x0A, 16] + id.bytes).span, arena: &arena)
        == .tenant(.query(.getDeal(id))))
    for bytes: [UInt8] in [
      [], [0x0A, 15] + id.bytes, [0x0A, 15] + id.bytes.dropLast(), [0x0A, 2, 1, 2],
    ] {
      #expect(throws: WireError.self) {
        var arena = RequestArena()
        _ = try RequestCodec.decode(.getDeal, bytes.span, arena: &arena)
      }
    }
  }
}
