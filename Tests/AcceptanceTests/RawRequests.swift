// SPDX-License-Identifier: Apache-2.0
// Requests that the library has no way to say, because they are refused.

import TandemClient
import TandemWire

extension Client {
  /// A patch that sets a field by the numbers of its path, whatever it is.
  func patch(_ deal: ID, path: [UInt32], validatesOnly: Bool = false) async throws {
    var writer = ProtoWriter()
    writer.blob(1, deal.bytes[...])
    writer.end(writer.begin(3))
    let edit = writer.begin(4)
    writer.packed(1, path)
    writer.unsigned(3, UInt64(1))
    writer.end(edit)
    writer.flag(6, validatesOnly)
    _ = try await raw(method: Method.patchDeal.rawValue, body: writer.bytes)
  }

  /// A review that says something else than yes or no.
  func review(_ organisation: ID, transacts: UInt64) async throws {
    var writer = ProtoWriter()
    writer.blob(1, organisation.bytes[...])
    writer.unsigned(3, transacts)
    _ = try await raw(method: Method.updateOrganisation.rawValue, body: writer.bytes)
  }
}
