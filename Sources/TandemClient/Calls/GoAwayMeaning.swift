// SPDX-License-Identifier: Apache-2.0
// What a GOAWAY means for the calls that died with it (wire.md 2.11).

/// Reasons of a GOAWAY as far as they change what the client does.
package enum GoAwayMeaning {
  /// The status that calls get whose connection ended with this reason.
  package static func code(forReason reason: UInt32) -> TandemError.Code {
    switch reason {
    case 4: .unauthenticated
    case 5: .unimplemented
    case 2, 3: .internal
    default: .unavailable
    }
  }

  /// The word for a reason.
  package static func name(ofReason reason: UInt32) -> String {
    let names = [
      "NO_ERROR", "DRAINING", "PROTOCOL_ERROR", "FRAME_TOO_LARGE", "AUTH_FAILED", "VERSION", "IDLE",
      "SLOW_CONSUMER", "CALM", "INTERNAL", "MAX_AGE",
    ]
    return reason < UInt32(names.count) ? names[Int(reason)] : "REASON_\(reason)"
  }

  /// Reasons that end the connection politely: what runs is still answered.
  package static func letsCallsFinish(_ reason: UInt32) -> Bool { [0, 1, 6, 10].contains(reason) }
}
