// SPDX-License-Identifier: Apache-2.0
// The patch that integrations send most: one text, set. Read where it lies. Must not judge any other
// shape: those are for the guard and protobuf-c, which say the same of this one.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

package enum PlainPatch {
  /// `PathEdit` that sets a field: a path of one number, and the action.
  private static let editBytes = 7

  /// Reads a whole `PatchDealRequest`; nil when it has another shape, or a text that is none.
  package static func read(_ body: borrowing RawSpan) -> TenantRequest? {
    let end = body.byteCount
    // deal_id
    guard end > 18, body.byte(at: 0) == 0x0A, body.byte(at: 1) == 16 else { return nil }
    var at = 18
    var baseVersion: UInt64 = 0
    if body.byte(at: at) == 0x10 {
      guard let number = body.number(after: &at, before: end) else { return nil }
      baseVersion = number
    }
    // values, with nothing but a text; one-byte lengths
    guard at + 4 <= end, body.byte(at: at) == 0x1A else { return nil }
    let valueTag = body.byte(at: at + 2)
    let count = Int(body.byte(at: at + 3))
    guard Int(body.byte(at: at + 1)) == count + 2, count + 2 < 128 else { return nil }
    let text = at + 4..<at + 4 + count
    at = text.upperBound
    // edits, one
    guard at + editBytes <= end, body.byte(at: at) == 0x22, body.byte(at: at + 1) == 5,
      body.byte(at: at + 2) == 0x0A, body.byte(at: at + 3) == 1,
      body.byte(at: at + 5) == 0x18, body.byte(at: at + 6) == 1
    else { return nil }
    let field = body.byte(at: at + 4)
    at += editBytes
    var returnDeal = false
    if at + 2 == end, body.byte(at: at) == 0x28, body.byte(at: at + 1) == 1 {
      returnDeal = true
      at += 2
    }
    guard at == end, field < 16, valueTag == field << 3 | 2,
      let edit = edit(field, body, text)
    else { return nil }
    var patch = PatchDeal(
      deal: DealID(high: body.bigEndian64(at: 2), low: body.bigEndian64(at: 10)),
      baseVersion: baseVersion, edits: ShortList(), validateOnly: false)
    patch.edits.append(edit)
    return .command(.patchDeal(consume patch), returnDeal: returnDeal)
  }

  private static func edit(
    _ field: UInt8, _ body: borrowing RawSpan, _ text: Range<Int>
  ) -> FieldEdit? {
    guard let field = DealField(rawValue: field) else { return nil }
    switch field {
    case .name: return self.text(body, text).map { .name($0) }
    case .crmID: return self.text(body, text).map { .crmID($0) }
    case .campaignID: return self.text(body, text).map { .campaignID($0) }
    case .notes: return self.text(body, text).map { .notes($0) }
    case .status, .baseKind, .partnerToPartner, .customer, .value, .closeDate, .team, .solutions,
      .location, .consent, .stage, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .remindAt,
      .closure,
      .invitation, .cards, .sharedView, .shownTo, .tags, .owner, .assessment:
      return nil
    }
  }

  private static func text(_ body: borrowing RawSpan, _ range: Range<Int>) -> Text? {
    if range.isEmpty { return .empty }
    return unsafe body.extracting(range).withUnsafeBytes { raw in
      // Safe: the bytes are lent for the call, and their count goes with them.
      let bytes = unsafe raw.bindMemory(to: UInt8.self)
      guard unsafe tandem_is_text(bytes.baseAddress, bytes.count) else { return nil }
      return unsafe Text(validated: [UInt8](bytes)[...])
    }
  }
}
