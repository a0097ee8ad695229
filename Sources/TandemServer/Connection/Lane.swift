// SPDX-License-Identifier: Apache-2.0
// One loop's connections and what they share: buffers, the shard's port, the end-of-turn send,
// time. Confined to its loop.

import TandemPlatform
package import TandemPrimitives
import TandemRuntime
import TandemWire

/// What every lane of a server is told at its birth.
package struct LaneSettings: Sendable {
  package var limits: SessionLimits
  package var operatorKey: OperatorKey
  /// Published keys of the demo world; empty without it.
  package var demoKeys: DemoKeys
  package var health: ServerHealth
  package var metrics: ServerMetrics
  package var log: StandardLog
  package var entropy: any EntropySource

  package init(
    limits: SessionLimits, operatorKey: OperatorKey, demoKeys: DemoKeys, health: ServerHealth,
    metrics: ServerMetrics, log: StandardLog, entropy: any EntropySource
  ) {
    self.limits = limits
    self.operatorKey = operatorKey
    self.demoKeys = demoKeys
    self.health = health
    self.metrics = metrics
    self.log = log
    self.entropy = entropy
  }
}

/// The connections of one loop.
final class Lane {
  let loop: EventLoop
  let port: ShardPort
  let settings: LaneSettings
  let metrics: LaneMetrics
  let pool = BufferPool(bufferBytes: Limits.readBufferBytes, freeMaximum: 64)

  var desk = RequestDesk()

  private var connections: [UInt64: Connection] = [:]
  private var nextNumber: UInt64 = 1
  private var lingering = 0
  private var dirty = DirtyList()
  private var drainUntil: MonotonicInstant?
  private var whenEmpty: (@Sendable () -> Void)?

  init(loop: EventLoop, port: ShardPort, settings: LaneSettings) {
    self.loop = loop
    self.port = port
    self.settings = settings
    metrics = settings.metrics.lanes[port.index]
  }

  var now: MonotonicInstant { loop.turnTime.monotonic }

  /// On the loop, once, before any connection.
  func start() {
    let lane = LoopConfined(self, on: loop)
    loop.atEndOfTurn { lane.value.flush() }
    scheduleTick()
  }

  // MARK: Connections

  /// Takes over a socket whose HELLO was read elsewhere.
  func adopt(_ arrival: Arrival) {
    let number = nextNumber
    nextNumber += 1
    let connection = Connection(number: number, arrival, on: self)
    connections[number] = connection
    connection.authenticate()
  }

  var isDraining: Bool { drainUntil != nil }

  func forget(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.number) != nil else { return }
    settings.metrics.giveConnectionBack()
    tellIfEmpty()
  }

  func beganLingering() { lingering += 1 }

  func endedLingering() {
    lingering -= 1
    tellIfEmpty()
  }

  /// Ends the connections that were opened with a key.
  func revoke(_ key: KeyID, of tenant: TenantID) {
    for connection in inOrder where connection.uses(key, of: tenant) {
      connection.goAway(.authFailed, Authenticator.refusal)
    }
  }

  /// Ends the connections of a user who may do nothing any more.
  ///
  /// All connections of an organisation are on its shard's lane, so this reaches every one.
  func deactivate(_ user: UserID, of tenant: TenantID) {
    for connection in inOrder where connection.isOf(user, of: tenant) {
      connection.goAway(.authFailed, Authenticator.refusal)
    }
  }

  private var inOrder: [Connection] {
    connections.values.sorted { $0.number < $1.number }
  }

  // MARK: Sending once per turn

  func markDirty(_ connection: Connection) { dirty.add(connection) }

  private func flush() {
    // Sending may resume reading, which may produce answers at once.
    while var connections = dirty.take() {
      for connection in connections { connection.flush() }
      connections.removeAll(keepingCapacity: true)
      dirty.giveBack(connections)
    }
  }

  // MARK: Time

  /// Fine enough for the shortest of the bounds that are checked by it.
  private var tickMilliseconds: UInt64 {
    let limits = settings.limits
    let shortest = min(
      limits.idleTimeoutMilliseconds, limits.frameTimeoutMilliseconds,
      limits.stallTimeoutMilliseconds, 1_000)
    return UInt64(max(shortest / 4, 5))
  }

  private func scheduleTick() {
    let lane = LoopConfined(self, on: loop)
    loop.schedule(at: now.advanced(byMilliseconds: tickMilliseconds)) { lane.value.tick() }
  }

  private func tick() {
    for connection in inOrder { connection.tick() }
    scheduleTick()
  }

  // MARK: The end

  /// Tells every client to go, and calls back when the last one has gone.
  func drain(graceMilliseconds: UInt32, _ done: @escaping @Sendable () -> Void) {
    let until = now.advanced(byMilliseconds: UInt64(graceMilliseconds))
    drainUntil = until
    whenEmpty = done
    for connection in inOrder {
      connection.drain(until: until, graceMilliseconds: graceMilliseconds)
    }
    let lane = LoopConfined(self, on: loop)
    loop.schedule(at: until) {
      for connection in lane.value.inOrder { connection.tick() }
    }
    tellIfEmpty()
  }

  /// Closes what is left without a word.
  func closeAll() {
    for connection in inOrder { connection.abandon() }
  }

  private func tellIfEmpty() {
    guard connections.isEmpty, lingering == 0, let done = whenEmpty else { return }
    whenEmpty = nil
    done()
  }
}

/// Connections with unsent output.
private struct DirtyList {
  private var connections: [Connection] = []
  /// Empty; its memory is for the next round.
  private var spare: [Connection] = []

  mutating func add(_ connection: Connection) { connections.append(connection) }

  mutating func take() -> [Connection]? {
    if connections.isEmpty { return nil }
    var taken: [Connection] = []
    swap(&taken, &connections)
    swap(&connections, &spare)
    return taken
  }

  mutating func giveBack(_ memory: consuming [Connection]) { spare = memory }
}
