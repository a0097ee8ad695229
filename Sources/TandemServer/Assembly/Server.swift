// SPDX-License-Identifier: Apache-2.0
// The network side of a node: one lane per shard's loop, one accepting desk. Knows no journal.

package import TandemPlatform
import TandemPrimitives
package import TandemRuntime

package final class Server: Sendable {
  /// With the port that the kernel chose for port 0.
  package let address: SocketAddress
  private let listener: ListeningSocket
  private let lanes: [LoopConfined<Lane>]
  private let reception: LoopConfined<Reception>
  private let settings: LaneSettings

  /// Listens; `loops` are the executors of the node's shards, in their order, and run.
  package init(
    listen: SocketAddress, node: Node, loops: [EventLoop], connectionsMax: Int,
    settings: LaneSettings
  ) async throws(Errno) {
    invariant(loops.count == node.shards.count, "every shard has its loop")
    listener = try ListeningSocket(listen, reusePort: false, backlog: 1_024)
    address = listener.address
    self.settings = settings
    var lanes: [LoopConfined<Lane>] = []
    for (index, loop) in loops.enumerated() {
      let port = node.port(at: index)
      lanes.append(
        await Self.on(loop) {
          let lane = Lane(loop: loop, port: port, settings: settings)
          lane.start()
          return LoopConfined(lane, on: loop)
        })
    }
    let allLanes = lanes
    let placement = node.placement
    let listener = listener
    let opened: Result<LoopConfined<Reception>, Errno> = await Self.on(loops[0]) {
      let reception = Reception(
        lane: allLanes[0].value, lanes: allLanes, placement: placement,
        connectionsMax: connectionsMax)
      do throws(Errno) {
        try reception.open(listener)
        return .success(LoopConfined(reception, on: loops[0]))
      } catch {
        return .failure(error)
      }
    }
    self.lanes = lanes
    reception = try opened.get()
    settings.health.state = .serving
  }

  /// Accepts nothing more.
  package func stopAccepting() async {
    await withCheckedContinuation { continuation in
      reception.post {
        $0.close()
        continuation.resume()
      }
    }
  }

  /// Asks every client to go and returns when all have gone or the grace is over.
  package func drain(graceMilliseconds: UInt32) async {
    settings.health.state = .draining
    await withTaskGroup(of: Void.self) { group in
      for lane in lanes {
        group.addTask {
          await withCheckedContinuation { continuation in
            lane.post {
              $0.drain(graceMilliseconds: graceMilliseconds) { continuation.resume() }
            }
          }
        }
      }
    }
  }

  /// Closes what has not gone by itself.
  package func closeAll() async {
    for lane in lanes {
      await withCheckedContinuation { continuation in
        lane.post {
          $0.closeAll()
          continuation.resume()
        }
      }
    }
  }

  /// Runs work on a loop and brings its result back.
  private static func on<Result: Sendable>(
    _ loop: EventLoop, _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      loop.post { continuation.resume(returning: work()) }
    }
  }
}
