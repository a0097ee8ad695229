// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import TandemPlatform
import TandemPrimitives
import Testing

/// Sends back what it reads, or only looks at before it has sent; pauses reading while output waits.
private final class Echo: ReadinessHandler {
  private let socket: StreamSocket
  private let loop: EventLoop
  private var input: InputBuffer
  private var output: OutputBuffer
  private var registration: Registration?
  private var hasEnded = false
  private let looksFirst: Bool

  init(
    _ socket: StreamSocket, on loop: EventLoop, pool: BufferPool, looksFirst: Bool
  ) throws {
    self.looksFirst = looksFirst
    self.socket = socket
    self.loop = loop
    input = InputBuffer(pool: pool)
    output = OutputBuffer(pool: pool)
    try socket.tune(userTimeoutMilliseconds: 10_000)
    registration = try loop.register(socket.descriptor, self, interest: .readable)
  }

  func ready(_ events: ReadinessEvents) {
    let count = events.contains(.readable) && output.isEmpty ? read() : 0
    flush()
    if looksFirst, count > 0 { #expect(socket.discard(count)) }
  }

  private func read() -> Int {
    switch looksFirst ? input.peek(at: socket) : input.fill(from: socket) {
    case .bytes(let count):
      input.withUnread { output.append($0) }
      input.consume(count)
      return count
    case .wouldBlock: break
    case .endOfStream: hasEnded = true
    case .failed: close()
    }
    return 0
  }

  private func flush() {
    guard let registration else { return }
    switch output.flush(to: socket) {
    case .failed: close()
    case .blocked: try? loop.update(registration, interest: .writable)
    case .empty:
      if hasEnded { close() } else { try? loop.update(registration, interest: .readable) }
    }
  }

  private func close() {
    if let registration { loop.deregister(registration) }
    registration = nil
    try? socket.shutdownWrite()
  }
}

/// Sends all its bytes, then ends, and collects what comes back until the peer ends.
private final class Caller: ReadinessHandler {
  private let socket: StreamSocket
  private let loop: EventLoop
  private var output: OutputBuffer
  private var received: [UInt8] = []
  private var registration: Registration?
  private var isOpen = true
  private let done: ([UInt8]) -> Void

  init(
    _ socket: StreamSocket, on loop: EventLoop, sending bytes: [UInt8],
    done: @escaping ([UInt8]) -> Void
  ) throws {
    self.socket = socket
    self.loop = loop
    self.done = done
    output = OutputBuffer(pool: BufferPool(bufferBytes: 1024, freeMaximum: 1))
    output.append(bytes)
    registration = try loop.register(
      socket.descriptor, self, interest: [.readable, .writable])
  }

  func ready(_ events: ReadinessEvents) {
    if events.contains(.writable), isOpen, output.flush(to: socket) == .empty {
      isOpen = false
      try? socket.shutdownWrite()
      if let registration { try? loop.update(registration, interest: .readable) }
    }
    guard events.contains(.readable) else { return }
    let outcome = withUnsafeTemporaryAllocation(byteCount: 3000, alignment: 1) { room in
      let outcome = socket.read(into: room)
      if case .bytes(let count) = outcome { received += room[..<count] }
      return outcome
    }
    switch outcome {
    case .bytes, .wouldBlock: break
    case .endOfStream, .failed:
      if let registration { loop.deregister(registration) }
      registration = nil
      done(received)
    }
  }
}

/// Counts how often it is told; lets a test act when it is.
private func listener() throws -> ListeningSocket {
  try ListeningSocket(.loopback(port: 0), reusePort: false, backlog: 64)
}

struct SocketTests {
  @Test(arguments: [0, 1, 5000, 3_000_000], [false, true])
  func `bytes come back over a real connection`(_ count: Int, looksFirst: Bool) async throws {
    let sent = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    try await withLoop { server in
      let listener = try listener()
      let address = listener.address
      #expect(address.port != 0)
      server.post {
        let pool = BufferPool(bufferBytes: 4096, freeMaximum: 2)
        let acceptor = Acceptor(listener, on: server) { socket in
          #expect(socket.peer.isLoopback)
          do {
            _ = try Echo(socket, on: server, pool: pool, looksFirst: looksFirst)
          } catch {
            Issue.record("no echo: \(error)")
          }
        }
        do { try acceptor.start() } catch { Issue.record("not listening: \(error)") }
      }
      try await withLoop { client in
        let received = await withCheckedContinuation { continuation in
          client.post {
            do {
              let socket = try StreamSocket.connect(to: address)
              _ = try Caller(socket, on: client, sending: sent) {
                continuation.resume(returning: $0)
              }
            } catch {
              Issue.record("not connected: \(error)")
              continuation.resume(returning: [])
            }
          }
        }
        #expect(received == sent)
      }
    }
  }

  @Test func `a refused connection says so`() async throws {
    // The port was free a moment ago and nobody listens there.
    let address = try listener().address
    try await withLoop { loop in
      let error: Errno? = await withCheckedContinuation { continuation in
        loop.post {
          do {
            let socket = try StreamSocket.connect(to: address)
            let registration = Mutex<Registration?>(nil)
            let told = Told {
              guard let live = registration.withLock({ $0.take() }) else { return }
              loop.deregister(live)
              continuation.resume(returning: socket.connectionError)
            }
            let added = try loop.register(socket.descriptor, told, interest: .writable)
            registration.withLock { $0 = added }
          } catch {
            continuation.resume(returning: error as? Errno)
          }
        }
      }
      #expect(error == .connectionRefused)
    }
  }

  @Test func `a second listener at the same address is refused unless both share it`() throws {
    let first = try listener()
    #expect(throws: Errno.addressInUse) {
      try ListeningSocket(first.address, reusePort: false, backlog: 1)
    }
    let shared = try ListeningSocket(.loopback(port: 0), reusePort: true, backlog: 1)
    let other = try ListeningSocket(shared.address, reusePort: true, backlog: 1)
    #expect(other.address == shared.address)
  }

  @Test func `the row of a closed descriptor does not know its next owner`() {
    var table = ReadinessTable()
    let first = Told {}
    let second = Told {}
    let stale = table.add(7, first)
    #expect(table.handler(of: stale) === first)
    let removals = [table.remove(stale), table.remove(stale)]
    #expect(removals == [true, false])
    let live = table.add(7, second)
    #expect(table.handler(of: stale) == nil)
    #expect(table.handler(of: live) === second)
    let removedAgain = table.remove(stale)
    #expect(!removedAgain)
    #expect(table.handler(of: live) === second)
  }

  @Test func `an event fetched before a descriptor was closed reaches nobody`() async throws {
    try await withLoop { loop in
      let listener = try listener()
      let sockets = [
        try StreamSocket.connect(to: listener.address),
        try StreamSocket.connect(to: listener.address),
      ]
      let told = Collected<Int>()
      await on(loop) {
        // Both are writable at once, so one poll fetches both events.
        var registrations: [Registration] = []
        for index in 0..<2 {
          let handler = Told {
            told.add(index)
            for registration in registrations { loop.deregister(registration) }
          }
          do {
            registrations.append(
              try loop.register(sockets[index].descriptor, handler, interest: .writable))
          } catch { Issue.record("not registered: \(error)") }
        }
      }
      // Each round trip is at least one more turn.
      for _ in 0..<3 { _ = await on(loop) { true } }
      #expect(told.all.count == 1)
    }
  }

  @Test func `accepting goes on after descriptors ran out`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try await withLoop { loop in
        let listener = try listener()
        let client = try StreamSocket.connect(to: listener.address)
        let accepted = Mutex(false)
        await withCheckedContinuation { continuation in
          loop.post {
            var before = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
            let free = open("/dev/null", O_RDONLY)
            close(free)
            var none = rlimit(rlim_cur: rlim_t(free), rlim_max: before.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
            // What another thread closes meanwhile would be room below the limit.
            while open("/dev/null", O_RDONLY) >= 0 {}
            let acceptor = Acceptor(listener, on: loop) { _ in
              accepted.withLock { $0 = true }
              continuation.resume()
            }
            try? acceptor.start()
            let later = loop.turnTime.monotonic.advanced(byMilliseconds: 30)
            let raised = before
            loop.schedule(at: later) {
              if accepted.withLock({ $0 }) { exit(8) }
              var raised = raised
              setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised)
            }
          }
        }
        withExtendedLifetime(client) {}
      }
      exit(7)
    }
  }
}
