// SPDX-License-Identifier: Apache-2.0
// One non-blocking TCP connection. Must not buffer: that is for `InputBuffer` and `OutputBuffer`.

import CLinux

/// What a read found.
package enum ReadOutcome: Equatable, Sendable {
  /// At least one byte was read.
  case bytes(Int)
  /// Nothing has come yet; the loop tells when something has.
  case wouldBlock
  /// The peer has finished writing.
  case endOfStream
  case failed(Errno)
}

/// What a write did.
package enum WriteOutcome: Equatable, Sendable {
  /// So many bytes were taken; fewer than given when the kernel's buffer is full.
  case bytes(Int)
  /// The kernel's buffer is full; the loop tells when it has room.
  case wouldBlock
  case failed(Errno)
}

/// A connected, or connecting, TCP socket; it closes when the last reference goes.
package final class StreamSocket: Sendable {
  /// For `EventLoop.register`.
  package let descriptor: FileDescriptor
  package let peer: SocketAddress

  init(_ descriptor: consuming FileDescriptor, peer: SocketAddress) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Starts to connect.
  ///
  /// When the socket becomes writable, `connectionError` tells how it went.
  package static func connect(to address: SocketAddress) throws(Errno) -> StreamSocket {
    var raw = address.raw
    let number = try checked(unsafe linux_connect(&raw))
    return StreamSocket(FileDescriptor(owning: number), peer: address)
  }

  /// Why a connection attempt failed, nil when it succeeded.
  package var connectionError: Errno? {
    let result = linux_connect_result(descriptor.number)
    return result < 0 ? Errno(code: -result) : nil
  }

  package var localAddress: SocketAddress {
    get throws(Errno) {
      var raw = linux_address()
      _ = try checked(unsafe linux_local_address(descriptor.number, &raw))
      return SocketAddress(raw)
    }
  }

  /// Sends small writes at once (TCP_NODELAY) and gives up on a peer that acknowledges nothing for
  /// so long (TCP_USER_TIMEOUT; 0 leaves the kernel's default).
  package func tune(userTimeoutMilliseconds: UInt32) throws(Errno) {
    _ = try checked(linux_tune(descriptor.number, userTimeoutMilliseconds))
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    // An empty read would look like the end of the stream.
    guard buffer.count > 0 else { return .wouldBlock }
    return outcome(unsafe linux_receive(descriptor.number, buffer.baseAddress, buffer.count))
  }

  /// Reads what the next read, or `discard`, will find again.
  ///
  /// A read that empties a socket in which more than one segment lay sends an acknowledgement at
  /// once, a packet of its own. Looking does not, and what is sent before `discard` carries it along.
  package func peek(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    guard buffer.count > 0 else { return .wouldBlock }
    return outcome(unsafe linux_peek(descriptor.number, buffer.baseAddress, buffer.count))
  }

  /// Takes bytes that were looked at; false when they are not there, after which the stream makes no
  /// sense.
  package func discard(_ byteCount: Int) -> Bool {
    linux_discard(descriptor.number, byteCount) == byteCount
  }

  private func outcome(_ result: Int64) -> ReadOutcome {
    if result > 0 { return .bytes(Int(result)) }
    if result == 0 { return .endOfStream }
    let error = Errno(code: Int32(-result))
    return error == .wouldBlock ? .wouldBlock : .failed(error)
  }

  /// Writes with one send; a broken connection is an error here, never a signal.
  package func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome {
    let result = unsafe linux_send(descriptor.number, bytes.baseAddress, bytes.count)
    if result >= 0 { return .bytes(Int(result)) }
    let error = Errno(code: Int32(-result))
    return error == .wouldBlock ? .wouldBlock : .failed(error)
  }

  /// Tells the peer that nothing more will be written; reading goes on.
  package func shutdownWrite() throws(Errno) {
    _ = try checked(linux_shutdown_write(descriptor.number))
  }
}
