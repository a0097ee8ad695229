// SPDX-License-Identifier: Apache-2.0
// How a call ended and why a connection ends. Numbers are gRPC's and wire.md 2.11's.

package enum StatusCode: UInt8, Sendable, CaseIterable {
  case ok = 0
  case cancelled = 1
  case unknown = 2
  case invalidArgument = 3
  case deadlineExceeded = 4
  case notFound = 5
  case alreadyExists = 6
  case permissionDenied = 7
  case resourceExhausted = 8
  case failedPrecondition = 9
  case aborted = 10
  case outOfRange = 11
  case unimplemented = 12
  case `internal` = 13
  case unavailable = 14
  case dataLoss = 15
  case unauthenticated = 16
}

package enum GoAwayReason: UInt8, Sendable, CaseIterable {
  case noError = 0
  case draining = 1
  case protocolError = 2
  case frameTooLarge = 3
  case authFailed = 4
  case version = 5
  case idle = 6
  case slowConsumer = 7
  case calm = 8
  case `internal` = 9
  case maxAge = 10

  /// What a client tells the calls that died with the connection.
  package var statusOfLostCalls: StatusCode {
    switch self {
    case .authFailed: .unauthenticated
    case .version: .unimplemented
    case .protocolError, .frameTooLarge: .internal
    case .noError, .draining, .idle, .slowConsumer, .calm, .internal, .maxAge: .unavailable
    }
  }
}
