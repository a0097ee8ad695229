// SPDX-License-Identifier: Apache-2.0
// Listens for TCP connections and accepts them on a loop, also when descriptors run out.

import CLinux
import TandemPrimitives

/// A listening TCP socket; it closes when the last reference goes.
package final class ListeningSocket: Sendable {
  /// For `EventLoop.register`.
  package let descriptor: FileDescriptor
  /// The address in use, with the port that the kernel chose for port 0.
  package let address: SocketAddress

  /// Listens at an address; with `reusePort` several sockets share it and the kernel spreads peers.
  package init(_ address: SocketAddress, reusePort: Bool, backlog: Int32) throws(Errno) {
    var raw = address.raw
    let number = try checked(unsafe linux_listen(&raw, reusePort, backlog))
    let listening = FileDescriptor(owning: number)
    _ = try checked(unsafe linux_local_address(number, &raw))
    descriptor = listening
    self.address = SocketAddress(raw)
  }

  /// The next waiting connection, nil when there is none.
  ///
  /// A connection that its peer has given up already is passed over.
  package func accept() throws(Errno) -> StreamSocket? {
    while true {
      var raw = linux_address()
      let result = unsafe linux_accept(descriptor.number, &raw)
      if result >= 0 {
        return StreamSocket(FileDescriptor(owning: result), peer: SocketAddress(raw))
      }
      switch Errno(code: -result) {
      case .wouldBlock: return nil
      case .connectionAborted: continue
      case let error: throw error
      }
    }
  }
}

/// Accepts connections on a loop and hands each to a closure there.
///
/// Confined to its loop.
package final class Acceptor: ReadinessHandler {
  /// Accepted in one turn, so that open connections keep their turn.
  private static let acceptsPerTurn = 64
  /// Pause when the system cannot give another descriptor; polling would only find the same again.
  private static let pauseMilliseconds: UInt64 = 100

  private let listener: ListeningSocket
  private let loop: EventLoop
  private let accepted: (StreamSocket) -> Void
  private var registration: Registration?

  package init(
    _ listener: ListeningSocket, on loop: EventLoop, accepted: @escaping (StreamSocket) -> Void
  ) {
    self.listener = listener
    self.loop = loop
    self.accepted = accepted
  }

  package func start() throws(Errno) {
    invariant(registration == nil, "an acceptor starts once")
    registration = try loop.register(listener.descriptor, self, interest: .readable)
  }

  /// Accepts nothing more; waiting peers are refused when the listening socket closes.
  package func stop() {
    guard let registration else { return }
    loop.deregister(registration)
    self.registration = nil
  }

  package func ready(_: ReadinessEvents) {
    do {
      for _ in 0..<Self.acceptsPerTurn where registration != nil {
        guard let socket = try listener.accept() else { return }
        accepted(socket)
      }
    } catch {
      pause()
    }
  }

  /// Leaves peers in the backlog for a while.
  private func pause() {
    listen(for: [])
    let resumed = LoopConfined(self, on: loop)
    let instant = loop.turnTime.monotonic.advanced(byMilliseconds: Self.pauseMilliseconds)
    loop.schedule(at: instant) { resumed.value.listen(for: .readable) }
  }

  private func listen(for interest: ReadinessInterest) {
    guard let registration else { return }
    do {
      try loop.update(registration, interest: interest)
    } catch {
      fatalError("the listening socket \(listener.address) cannot be polled: \(error)")
    }
  }
}
