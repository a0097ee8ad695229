// SPDX-License-Identifier: Apache-2.0
// The accepting loop's desk: lets sockets in up to a bound, sends each to its organisation's loop.

import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

final class Reception {
  let lane: Lane
  let pages: Pages
  private let lanes: [LoopConfined<Lane>]
  private let placement: TenantPlacement
  private let authenticator: Authenticator
  private let connectionsMax: Int
  private var acceptor: Acceptor?

  init(
    lane: Lane, lanes: [LoopConfined<Lane>], placement: TenantPlacement, connectionsMax: Int
  ) {
    self.lane = lane
    self.lanes = lanes
    self.placement = placement
    self.connectionsMax = connectionsMax
    authenticator = Authenticator(
      operatorKey: lane.settings.operatorKey, demoKeys: lane.settings.demoKeys)
    pages = Pages(
      health: lane.settings.health, metrics: lane.settings.metrics,
      operatorKey: lane.settings.operatorKey)
  }

  /// On the lane's loop.
  func open(_ listener: ListeningSocket) throws(Errno) {
    let acceptor = Acceptor(listener, on: lane.loop) { [unowned self] in welcome($0) }
    try acceptor.start()
    self.acceptor = acceptor
  }

  func close() {
    acceptor?.stop()
    acceptor = nil
  }

  private func welcome(_ socket: StreamSocket) {
    guard lane.settings.metrics.takeConnection(max: connectionsMax) else {
      lane.metrics.add(.connectionsRefused)
      lane.settings.log.error("connection_refused", "limit=\(connectionsMax)")
      return
    }
    lane.metrics.add(.connectionsAccepted)
    Handshake(socket, at: self).start()
  }

  /// A handshake came to nothing.
  func ended() { lane.settings.metrics.giveConnectionBack() }

  func target(of hello: Hello) -> Authenticator.Target? { authenticator.target(of: hello) }

  func handOver(_ arrival: Arrival) {
    let owner = lanes[placement.shardIndex(of: arrival.target.tenant)]
    owner.post { $0.adopt(arrival) }
  }
}
