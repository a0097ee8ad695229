// SPDX-License-Identifier: Apache-2.0
// Nothing that one organisation keeps for itself reaches another: every body, error and feed item is
// searched for the marks that others put into their private fields.

import TandemDomain

struct TenantsAreIsolated {
  static let name = "tenants are isolated"
  private static let secret = Array("secret-of-".utf8)
  private static let notes = Array("notes-of-".utf8)

  /// Searches what an organisation was given; notes are for the vendor too (G15).
  static func check(_ bytes: [UInt8], givenTo organisation: SimulatedOrganisation) -> String? {
    let found = owners(of: secret, in: bytes)
    let noted = organisation.kind == .vendor ? [] : owners(of: notes, in: bytes)
    guard let owner = (found + noted).first(where: { $0 != organisation.index }) else { return nil }
    return "organisation \(organisation.index) was given a text of organisation \(owner)"
  }

  /// Whose marks are there.
  private static func owners(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
    var owners: [Int] = []
    var place = 0
    while place + mark.count < bytes.count {
      guard bytes[place] == mark[0], bytes[place...].starts(with: mark) else {
        place += 1
        continue
      }
      place += mark.count
      var owner = 0
      while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
        owner = owner * 10 + Int(bytes[place] - 0x30)
        place += 1
      }
      owners.append(owner)
    }
    return owners
  }
}
