// SPDX-License-Identifier: Apache-2.0
// The order in which a server stops, as data. Must not do any of it.

/// One step of stopping; each begins when the one before has ended or its time is over.
package enum ShutdownStep: Sendable, Equatable {
  case stopAccepting
  /// GOAWAY(DRAINING) to every connection; running calls may finish.
  case drain(graceMilliseconds: UInt32)
  case closeConnections(withinMilliseconds: UInt32)
  /// Makes everything durable and gives the data directory up.
  case stopNode(withinMilliseconds: UInt32)
  case exit(ExitCode)
}

/// A polite stop; a second signal ends the process at once, which is safe at every moment.
package struct ShutdownSequence: Sendable, Equatable {
  package let steps: [ShutdownStep]

  package init(graceMilliseconds: UInt32, lingerMilliseconds: UInt32) {
    steps = [
      .stopAccepting,
      .drain(graceMilliseconds: graceMilliseconds),
      .closeConnections(withinMilliseconds: lingerMilliseconds + 500),
      .stopNode(withinMilliseconds: 30_000),
      .exit(.success),
    ]
  }

  /// The longest the whole sequence may take.
  package var millisecondsMax: UInt64 {
    steps.reduce(0) { total, step in
      switch step {
      case .stopAccepting, .exit: total
      case .drain(let span), .closeConnections(let span), .stopNode(let span): total + UInt64(span)
      }
    }
  }
}

/// What the process tells its parent when it ends.
package enum ExitCode: Int32, Sendable, Equatable {
  case success = 0
  /// The arguments cannot be used.
  case usage = 64
  /// The address cannot be listened on.
  case portUnavailable = 69
  case internalFault = 70
  /// The data directory cannot be created or is damaged.
  case storageDamaged = 73
  /// Reading or writing the data directory failed.
  case storageFailed = 74
  /// Another process has the data directory.
  case locked = 75
}
