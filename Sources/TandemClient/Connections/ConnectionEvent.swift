// SPDX-License-Identifier: Apache-2.0
// What a connection tells the core. Slots are the core's own numbers of its calls.

import TandemWire

enum ConnectionEvent: Sendable {
  case introduced(Welcome)
  case response(slot: UInt64, FrameHeader, payload: [UInt8])
  case item(slot: UInt64, FrameHeader, payload: [UInt8])
  /// The answer of a call whose caller has gone arrived: an id is free again.
  case released
  case goAway(GoAway, reason: UInt32)
  case lost(ConnectionLoss)
}

/// Why a connection is no more.
struct ConnectionLoss: Sendable {
  var code = TandemError.Code.connection
  let reason: String
  let message: String
  /// The calls on it must not be repeated: a side of it does not keep to the protocol.
  var isFinal = false
  var retryAfterMilliseconds: UInt32 = 0
}
