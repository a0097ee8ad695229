// SPDX-License-Identifier: Apache-2.0
// Counters of one loop, and their page. No tenant, user or deal may appear here.

import Synchronization
import TandemPrimitives

/// Written by one loop, read by any; relaxed, since each number stands alone.
package final class LaneMetrics: Sendable {
  private static let count = 12
  private let values: InlineArray<12, Atomic<UInt64>>

  package enum Name: Int, CaseIterable, Sendable {
    case connectionsAccepted, connectionsRefused, handshakesFailed, requests, answersOK
    case answersError, callsRefused, items, bytesRead, bytesWritten, goAwaysSent, readingPaused

    var text: String {
      switch self {
      case .connectionsAccepted: "connections_accepted_total"
      case .connectionsRefused: "connections_refused_total"
      case .handshakesFailed: "handshakes_failed_total"
      case .requests: "requests_total"
      case .answersOK: "answers_ok_total"
      case .answersError: "answers_error_total"
      case .callsRefused: "calls_refused_total"
      case .items: "stream_items_total"
      case .bytesRead: "bytes_read_total"
      case .bytesWritten: "bytes_written_total"
      case .goAwaysSent: "goaways_sent_total"
      case .readingPaused: "reading_paused_total"
      }
    }
  }

  package init() {
    invariant(Name.allCases.count == Self.count, "every counter has its place")
    values = InlineArray { _ in Atomic(0) }
  }

  /// Only the loop adds, so that reading and storing need not be one step.
  package func add(_ name: Name, _ amount: Int = 1) {
    let sum = values[name.rawValue].load(ordering: .relaxed) &+ UInt64(amount)
    values[name.rawValue].store(sum, ordering: .relaxed)
  }

  package func read(_ name: Name) -> UInt64 { values[name.rawValue].load(ordering: .relaxed) }
}

/// All that the pages tell of a process.
package final class ServerMetrics: Sendable {
  package let lanes: [LaneMetrics]
  private let open = Atomic<Int>(0)

  package init(lanes count: Int) { lanes = (0..<count).map { _ in LaneMetrics() } }

  package var openConnections: Int { open.load(ordering: .relaxed) }

  /// False when there are as many as there may be.
  func takeConnection(max: Int) -> Bool {
    let before = open.wrappingAdd(1, ordering: .relaxed).oldValue
    if before < max { return true }
    giveConnectionBack()
    return false
  }

  func giveConnectionBack() { open.wrappingSubtract(1, ordering: .relaxed) }

  /// In Prometheus' text format.
  package var page: String {
    var lines = [
      "# TYPE tandem_connections_open gauge", "tandem_connections_open \(openConnections)",
    ]
    for name in LaneMetrics.Name.allCases {
      let total = lanes.reduce(UInt64(0)) { $0 &+ $1.read(name) }
      lines.append("# TYPE tandem_\(name.text) counter")
      lines.append("tandem_\(name.text) \(total)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Whether calls are served, for every loop and the health page.
package final class ServerHealth: Sendable {
  package enum State: UInt8, Sendable {
    case starting = 1
    case serving = 2
    case draining = 3
  }

  private let raw = Atomic<UInt8>(State.starting.rawValue)

  package init() {}

  package var state: State {
    get { State(rawValue: raw.load(ordering: .relaxed)) ?? .starting }
    set { raw.store(newValue.rawValue, ordering: .relaxed) }
  }
}
