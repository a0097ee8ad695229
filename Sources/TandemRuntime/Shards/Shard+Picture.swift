// SPDX-License-Identifier: Apache-2.0
// What a tenant is at this moment, for comparing with what its log says. Changes nothing.

package import TandemDomain
import TandemPlatform
package import TandemPrimitives
import TandemWire

/// State and deals of one tenant; may hold commits that are not durable yet.
package struct TenantPicture: Sendable {
  package let tenant: TenantID
  package let state: TenantState
  /// Encoded deals in ascending order of their ids.
  package let deals: [(id: DealID, version: UInt64, bytes: [UInt8])]
}

extension Node {
  /// Wakes a tenant and pictures it; nil when it does not exist or the node stops.
  package func picture(of tenant: TenantID) async -> TenantPicture? {
    await shards[placement.shardIndex(of: tenant)].picture(of: tenant)
  }
}

extension Shard {
  func picture(of id: TenantID) async -> TenantPicture? {
    guard let entry = entries[id] else { return nil }
    enqueue(.beat, entry)
    while isServing {
      if case .awake(let tenant) = entry.stage {
        var image: TenantImage?
        TenantEntrance.image(tenant, &image)
        return image.map { Self.picture(of: id, $0) }
      }
      await pause(milliseconds: 1)
    }
    return nil
  }

  private static func picture(of id: TenantID, _ image: TenantImage) -> TenantPicture {
    var deals: [(id: DealID, version: UInt64, bytes: [UInt8])] = []
    for place in 0..<image.deals.count {
      let slot = image.deals[place]
      deals.append((slot.head.id, slot.head.version, slot.bytes))
    }
    return TenantPicture(
      tenant: id, state: image.state, deals: deals.sorted { $0.id < $1.id })
  }
}
