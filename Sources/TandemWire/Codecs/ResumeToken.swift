// SPDX-License-Identifier: Apache-2.0
// The place in a feed that a token names. Opaque to clients; decoding is strict.

package import TandemPrimitives

package struct ResumeToken: Hashable, Sendable {
  private static let format: UInt8 = 1
  package static let byteCount = 1 + 16 + 16 + 8 + 8

  package var timeline: TimelineID
  package var tenant: TenantID
  package var commitSeq: UInt64
  package var selectorHash: UInt64

  package init(timeline: TimelineID, tenant: TenantID, commitSeq: UInt64, selectorHash: UInt64) {
    self.timeline = timeline
    self.tenant = tenant
    self.commitSeq = commitSeq
    self.selectorHash = selectorHash
  }

  package init?(bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard reader.integer(UInt8.self) == Self.format,
      let timeline = reader.identifier(TimelineKind.self),
      let tenant = reader.identifier(TenantKind.self), let commitSeq = reader.integer(UInt64.self),
      let selectorHash = reader.integer(UInt64.self), reader.remaining == 0
    else { return nil }
    self.init(
      timeline: timeline, tenant: tenant, commitSeq: commitSeq, selectorHash: selectorHash)
  }

  package func append(to output: inout [UInt8]) {
    output.append(Self.format)
    output.append(identifier: timeline)
    output.append(identifier: tenant)
    output.appendLittleEndian(commitSeq)
    output.appendLittleEndian(selectorHash)
  }

  /// The same for the same set of deals in any order; FNV-1a over their sorted ids.
  package static func selectorHash(of deals: [DealID]) -> UInt64 {
    var hash = FNV1a.start
    for id in Set(deals).sorted() {
      for byte in id.bytes { hash = FNV1a.next(hash, byte) }
    }
    return hash
  }
}
