// SPDX-License-Identifier: Apache-2.0
// Judges frames in the exact order of wire.md 2.12. Holds no bytes and does no IO: the owner of the
// read buffer shows what is unread and consumes what the verdict says.

internal import TandemPrimitives

/// What the decoder must ask of the connection that it serves.
package protocol FrameContext: ~Copyable {
  /// Server: HELLO was read. Client: WELCOME was read.
  var isIntroduced: Bool { get }
  /// A call id that has a REQUEST and no RESPONSE yet.
  func isInFlight(_ call: UInt32) -> Bool
}

/// A fault that ends the connection.
package struct FatalFrame: Error, Sendable, Equatable {
  package var reason: GoAwayReason
  package var text: String
  package init(_ reason: GoAwayReason, _ text: String) {
    self.reason = reason
    self.text = text
  }
}

/// What is to be done with the unread bytes.
package enum FrameVerdict: Sendable, Equatable {
  /// Wait; at least this many bytes must be unread before the next look can tell more.
  case needMore(Int)
  /// A whole frame: `payload` lies in the unread bytes; consume up to its end.
  case frame(FrameHeader, payload: Range<Int>)
  /// A REQUEST above the limit: answer MESSAGE_TOO_LARGE, consume `consume` bytes now; the decoder
  /// swallows the rest of its payload by itself.
  case oversized(FrameHeader, consume: Int)
  /// Bytes of a frame that nobody wants: consume them.
  case skip(Int)
  case fatal(FatalFrame)
}

@frozen
@usableFromInline
package struct FrameDecoder: Sendable {
  @frozen
  @usableFromInline
  package enum Role: Sendable {
    case server
    case client
  }

  @usableFromInline let role: Role
  /// Largest payload this side accepts.
  ///
  /// A server begins with the bound that holds before WELCOME.
  @usableFromInline package var frameBytesMax: Int
  /// Payload of a skipped frame that has not arrived yet.
  @usableFromInline var swallowing = 0

  package init(role: Role, frameBytesMax: Int) {
    self.role = role
    self.frameBytesMax = frameBytesMax
  }

  /// Looks at the unread bytes from an offset on; ranges and counts in the verdict are absolute
  /// in `unread` and relative to `offset` respectively.
  package mutating func next(
    _ unread: borrowing RawSpan, from offset: Int = 0,
    context: borrowing some FrameContext & ~Copyable
  ) -> FrameVerdict {
    let available = unread.byteCount - offset
    if swallowing > 0 {
      guard available > 0 else { return .needMore(1) }
      let count = min(swallowing, available)
      swallowing -= count
      return .skip(count)
    }
    guard available >= FrameHeader.byteCount else { return .needMore(FrameHeader.byteCount) }
    let header = FrameHeader(reading: unread, at: offset)
    let length = Int(header.length)
    guard length <= Limits.frameBytesCeiling else {
      return fatal(.frameTooLarge, "frame of \(length) bytes; no frame may reach 16777216")
    }
    guard let type = header.kind else {
      return unknown(header, available: available, isIntroduced: context.isIntroduced)
    }
    if let fault = fault(in: header, of: type, context: context) { return .fatal(fault) }
    if length > frameBytesMax, type == .request {
      let consume = min(FrameHeader.byteCount + length, available)
      swallowing = FrameHeader.byteCount + length - consume
      return .oversized(header, consume: consume)
    }
    let bound = bytesMax(of: type)
    guard length <= bound else {
      return fatal(.frameTooLarge, "\(type) of \(length) bytes; the limit is \(bound)")
    }
    guard available >= FrameHeader.byteCount + length else {
      return .needMore(FrameHeader.byteCount + length)
    }
    let start = offset + FrameHeader.byteCount
    if header.hasMeta {
      guard length >= 4, Int(unread.littleEndian32(at: start)) <= length - 4 else {
        return fatal(.protocolError, "meta_len does not fit into a payload of \(length) bytes")
      }
      guard Int(unread.littleEndian32(at: start)) <= Limits.metaBytes else {
        return fatal(.protocolError, "meta is longer than \(Limits.metaBytes) bytes")
      }
    }
    return .frame(header, payload: start..<start + length)
  }

  /// The header of a REQUEST that lies whole at an offset and in which nothing is wrong, as far as
  /// header and length tell; nil for all else, which is for `next`.
  ///
  /// Whether its Meta fits and its call is free is for the caller to see, before it takes the frame.
  @inlinable
  package func wholeRequest(_ unread: borrowing RawSpan, at offset: Int) -> FrameHeader? {
    let available = unread.byteCount - offset
    guard swallowing == 0, role == .server, available >= 16 else { return nil }
    let header = FrameHeader(reading: unread, at: offset)
    guard header.type == 0x03, header.flags & ~0x05 == 0, header.call != 0,
      header.length < 1 << 24, Int(header.length) <= min(frameBytesMax, available - 16)
    else { return nil }
    return header
  }

  private mutating func unknown(
    _ header: FrameHeader, available: Int, isIntroduced: Bool
  ) -> FrameVerdict {
    guard header.type >= FrameType.firstIgnorable else {
      return fatal(.protocolError, "unknown frame type \(header.type)")
    }
    guard isIntroduced else {
      return fatal(.protocolError, "frame type \(header.type) before the introduction")
    }
    guard Int(header.length) <= Limits.ignorableFrameBytes else {
      return fatal(
        .frameTooLarge,
        "ignorable frame of \(header.length) bytes; the limit is \(Limits.ignorableFrameBytes)")
    }
    let whole = FrameHeader.byteCount + Int(header.length)
    let consume = min(whole, available)
    swallowing = whole - consume
    return .skip(consume)
  }

  /// Introduction, flags, agreement of call and type, call in flight: in this order.
  private func fault(
    in header: FrameHeader, of type: FrameType, context: borrowing some FrameContext & ~Copyable
  ) -> FatalFrame? {
    guard isFromPeer(type) else {
      return FatalFrame(.protocolError, "\(type) must not be sent by a \(peerName)")
    }
    if let fault = introductionFault(type, context: context) { return fault }
    let unknownFlags = header.flags & ~allowedFlags(of: type).rawValue
    guard unknownFlags == 0 else {
      return FatalFrame(.protocolError, "flags \(unknownFlags) are not allowed on \(type)")
    }
    guard type.isOfConnection == (header.call == 0) else {
      return FatalFrame(.protocolError, "\(type) on call \(header.call)")
    }
    if type.isOfConnection, header.method != 0 {
      return FatalFrame(.protocolError, "\(type) with method \(header.method)")
    }
    return callFault(header, type, context: context)
  }

  private func introductionFault(
    _ type: FrameType, context: borrowing some FrameContext & ~Copyable
  ) -> FatalFrame? {
    let introduction: FrameType = role == .server ? .hello : .welcome
    if type == introduction {
      return context.isIntroduced ? FatalFrame(.protocolError, "\(type) twice") : nil
    }
    // A refusal may come instead of WELCOME.
    if type == .goAway && role == .client { return nil }
    return context.isIntroduced ? nil : FatalFrame(.protocolError, "\(type) before \(introduction)")
  }

  private func callFault(
    _ header: FrameHeader, _ type: FrameType, context: borrowing some FrameContext & ~Copyable
  ) -> FatalFrame? {
    switch type {
    case .request:
      guard context.isInFlight(header.call) else { return nil }
      return FatalFrame(.protocolError, "call \(header.call) is in flight already")
    case .response, .item:
      guard !context.isInFlight(header.call) else { return nil }
      return FatalFrame(.protocolError, "\(type) for unknown call \(header.call)")
    case .credit:
      guard header.argument == 0 || header.argument > Limits.streamCreditCeiling else { return nil }
      return FatalFrame(.protocolError, "credit of \(header.argument) bytes")
    case .hello, .welcome, .cancel, .ping, .pong, .goAway: return nil
    }
  }

  private var peerName: String { role == .server ? "client" : "server" }

  private func isFromPeer(_ type: FrameType) -> Bool {
    switch type {
    case .hello, .request, .credit, .cancel: role == .server
    case .welcome, .response, .item: role == .client
    case .ping, .pong, .goAway: true
    }
  }

  private func allowedFlags(of type: FrameType) -> FrameFlags {
    switch type {
    case .request: [.meta, .barrier]
    case .response: [.meta, .replayed]
    case .item: [.meta]
    case .hello, .welcome, .credit, .cancel, .ping, .pong, .goAway: []
    }
  }

  private func bytesMax(of type: FrameType) -> Int {
    switch type {
    case .hello: Limits.helloBytes
    case .welcome: Limits.welcomeBytes
    case .request, .response, .item: frameBytesMax
    case .credit, .cancel: 0
    case .ping, .pong: Limits.pingBytes
    case .goAway: Limits.goAwayBytes
    }
  }

  private func fatal(_ reason: GoAwayReason, _ text: String) -> FrameVerdict {
    .fatal(FatalFrame(reason, text))
  }
}
