// SPDX-License-Identifier: Apache-2.0
// Nothing that one organisation keeps for itself reaches another: every body, error and feed item is
// searched for the marks that others put into their private fields.

struct TenantsAreIsolated {
  static let name = "tenants are isolated"
  private static let mark = Array("secret-of-".utf8)

  /// Searches what an organisation was given.
  static func check(_ bytes: [UInt8], givenTo index: Int) -> String? {
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
      if owner != index { return "organisation \(index) was given a text of organisation \(owner)" }
    }
    return nil
  }
}
