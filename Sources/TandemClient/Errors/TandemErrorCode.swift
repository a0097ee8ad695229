// SPDX-License-Identifier: Apache-2.0
// The kinds of failure a caller can meet: the seventeen status codes and two that are made locally.

extension TandemError {
  /// What kind of failure it was.
  ///
  /// Open: a newer server may send numbers that have no name here.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The number on the wire, 0 to 16; local kinds are above 100.
    public let rawValue: Int

    /// Makes a code from its number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The caller cancelled.
    public static let cancelled = Code(rawValue: 1)
    /// The outcome is not known, not even to the server.
    public static let unknown = Code(rawValue: 2)
    /// The request is wrong; `violations` say where.
    public static let invalidArgument = Code(rawValue: 3)
    /// The server gave up because the deadline was reached.
    public static let deadlineExceeded = Code(rawValue: 4)
    /// No such thing, or not visible to this key.
    public static let notFound = Code(rawValue: 5)
    /// A unique value is taken.
    public static let alreadyExists = Code(rawValue: 6)
    /// The key may not do this.
    public static let permissionDenied = Code(rawValue: 7)
    /// A rate, quota or limit of the caller is used up.
    public static let resourceExhausted = Code(rawValue: 8)
    /// The thing is in a state that does not allow this.
    public static let failedPrecondition = Code(rawValue: 9)
    /// Somebody else changed the same thing.
    public static let aborted = Code(rawValue: 10)
    /// A place in a feed or history that is no longer kept.
    public static let outOfRange = Code(rawValue: 11)
    /// The server does not know this method or version.
    public static let unimplemented = Code(rawValue: 12)
    /// A bug, of the server or of this library.
    public static let `internal` = Code(rawValue: 13)
    /// The server cannot serve now.
    public static let unavailable = Code(rawValue: 14)
    /// Data was lost.
    public static let dataLoss = Code(rawValue: 15)
    /// The key is missing, wrong or revoked.
    public static let unauthenticated = Code(rawValue: 16)
    /// Local: no connection could be made, or it was lost.
    public static let connection = Code(rawValue: 101)
    /// Local: the deadline of the call passed on this side.
    public static let timeout = Code(rawValue: 102)

    /// The word used in messages, for example `NOT_FOUND`.
    public var name: String { Self.names[self] ?? "CODE_\(rawValue)" }

    private static let names: [Code: String] = [
      .cancelled: "CANCELLED", .unknown: "UNKNOWN", .invalidArgument: "INVALID_ARGUMENT",
      .deadlineExceeded: "DEADLINE_EXCEEDED", .notFound: "NOT_FOUND",
      .alreadyExists: "ALREADY_EXISTS", .permissionDenied: "PERMISSION_DENIED",
      .resourceExhausted: "RESOURCE_EXHAUSTED", .failedPrecondition: "FAILED_PRECONDITION",
      .aborted: "ABORTED", .outOfRange: "OUT_OF_RANGE", .unimplemented: "UNIMPLEMENTED",
      .internal: "INTERNAL", .unavailable: "UNAVAILABLE", .dataLoss: "DATA_LOSS",
      .unauthenticated: "UNAUTHENTICATED", .connection: "CONNECTION", .timeout: "TIMEOUT",
    ]
  }
}

extension TandemError.Code: CustomStringConvertible {
  /// The same as ``name``.
  public var description: String { name }
}
