// SPDX-License-Identifier: Apache-2.0
// Yes, no, or nothing said; and what is said so of an organisation (tandem/storage/v1/record.proto).

package import TandemDomain
internal import TandemPrimitives

/// Numbers as in tandem.v1.Toggle, where 0 says nothing.
enum Toggle: UInt8 {
  case yes = 1
  case no = 2

  init(_ isYes: Bool) { self = isYes ? .yes : .no }

  var isYes: Bool { self == .yes }
}

extension ProtoWriter {
  package mutating func toggle(_ field: UInt32, _ value: Bool?) {
    if let value { enumeration(field, Toggle(value)) }
  }
}

extension ProtoReader {
  package mutating func toggle() throws(WireError) -> Bool? {
    let raw = try unsigned()
    guard raw != 0 else { return nil }
    guard let toggle = UInt8(exactly: raw).flatMap(Toggle.init(rawValue:)) else {
      throw WireError(.badValue, field: String(field), "value \(raw) is not known")
    }
    return toggle.isYes
  }
}

extension OrganisationUpdate: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.toggle(1, inEcosystem)
    writer.toggle(2, transacts)
    writer.toggle(3, isAssessmentVetted)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init()
    while try reader.next() {
      switch reader.field {
      case 1: inEcosystem = try reader.toggle()
      case 2: transacts = try reader.toggle()
      case 3: isAssessmentVetted = try reader.toggle()
      default: try reader.skip()
      }
    }
  }
}
