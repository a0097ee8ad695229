// SPDX-License-Identifier: Apache-2.0
// Where the records of one segment lie, and their order in a run. The log holds each tenant's commits in
// order already, so the tenants are sorted and not the records. Must not copy records.

import TandemPrimitives

struct RecordPlaces {
  /// One tenant's records.
  struct Group {
    let tenant: TenantID
    /// Offsets in the segment, in the order of commits; never empty.
    let starts: ArraySlice<UInt32>
  }

  private struct Tenant {
    let id: TenantID
    var count = 0
    var lastCommitSeq: UInt64 = 0
  }

  private var numbers: [TenantID: Int] = [:]
  private var tenants: [Tenant] = []
  private var records: [(tenant: UInt32, start: UInt32)] = []

  init(room: Int) { records.reserveCapacity(room) }

  var count: Int { records.count }

  /// Notes the records of a batch; false when a tenant's commits do not ascend.
  mutating func take(_ entry: BatchEntry, in bytes: [UInt8]) -> Bool {
    var start = Int(entry.offset)
    let end = start + Int(entry.length)
    // Most batches are of one tenant.
    var number = -1
    while start < end, let range = RecordCodec.range(at: start, in: bytes, end: end) {
      let tenant = RecordCodec.tenant(of: range, in: bytes)
      if number < 0 || tenants[number].id != tenant { number = self.number(of: tenant) }
      let commitSeq = RecordCodec.commitSeq(of: range, in: bytes)
      guard commitSeq > tenants[number].lastCommitSeq else { return false }
      tenants[number].lastCommitSeq = commitSeq
      tenants[number].count += 1
      records.append((UInt32(number), UInt32(start)))
      start = range.end
    }
    return true
  }

  private mutating func number(of tenant: TenantID) -> Int {
    if let number = numbers[tenant] { return number }
    tenants.append(Tenant(id: tenant))
    numbers[tenant] = tenants.count - 1
    return tenants.count - 1
  }

  /// The records in the order of a run.
  func byTenant() -> [Group] {
    let order = tenants.indices.sorted { tenants[$0].id < tenants[$1].id }
    var ends = [Int](repeating: 0, count: tenants.count)
    var total = 0
    for number in order {
      ends[number] = total
      total += tenants[number].count
    }
    var starts = [UInt32](repeating: 0, count: total)
    for record in records {
      starts[ends[Int(record.tenant)]] = record.start
      ends[Int(record.tenant)] += 1
    }
    return order.map { number in
      Group(
        tenant: tenants[number].id,
        starts: starts[(ends[number] - tenants[number].count)..<ends[number]])
    }
  }
}
