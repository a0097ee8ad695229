// SPDX-License-Identifier: Apache-2.0
// The client that applications hold. Methods are in Methods/.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// What a single call may be told.
public struct CallOptions: Sendable {
  /// For the whole call with all its attempts; nil for the client's.
  public var deadline: Duration?
  /// Makes a change safe to repeat, also after a restart of the application.
  ///
  /// 8 to 64 bytes derived from what the change is about. Empty: the library makes a fresh one per
  /// call.
  public var idempotencyKey: [UInt8] = []
  /// The user in whose name the call is made; nil for the client's.
  ///
  /// For keys of service users that may act as others. History names both.
  public var actingAs: ID?

  /// Makes options; without arguments the usual ones.
  public init(deadline: Duration? = nil, idempotencyKey: [UInt8] = [], actingAs: ID? = nil) {
    self.deadline = deadline
    self.idempotencyKey = idempotencyKey
    self.actingAs = actingAs
  }
}

/// A connection to Tandem that heals itself.
///
/// Making one does no input or output; the first call connects. Any number of tasks may share it.
/// Cancelling a task cancels its call. Dropping the last reference ends the connection at once;
/// ``close(drain:)`` lets running calls finish.
public final class Client: Sendable {
  let core: ClientCore

  /// Makes a client.
  ///
  /// - Parameters:
  ///   - url: `tdm://127.0.0.1:7420/?timeout=10s`, several servers separated by commas; nil takes
  ///     `TANDEM_URL`, or the default port of this machine.
  ///   - key: an access key; nil takes `TANDEM_API_KEY`.
  ///   - application: name and version of the program, shown to the operator.
  ///   - actingAs: the user in whose name a service user makes all calls and watches.
  /// - Throws: `INVALID_ARGUMENT` when the URL cannot be read.
  public init(
    _ url: String? = nil, key: String? = nil, application: String = "", actingAs: ID? = nil
  ) throws(TandemError) {
    let text = url ?? Environment.value("TANDEM_URL") ?? "tdm://localhost"
    let parsed = try ServerURL(text)
    var addresses: [SocketAddress] = []
    for endpoint in parsed.endpoints {
      guard let address = SocketAddress("\(endpoint.host):\(endpoint.port)") else {
        var error = TandemError(
          .invalidArgument, reason: "BAD_URL",
          message: "\"\(endpoint.host)\" is no IP address; names other than localhost "
            + "are not looked up")
        error.notExecuted = true
        throw error
      }
      addresses.append(address)
    }
    var settings = ClientSettings(endpoints: addresses)
    settings.tenant = parsed.tenant
    settings.key = key ?? Environment.value("TANDEM_API_KEY") ?? ""
    settings.actingAs = actingAs
    settings.timeoutMilliseconds = parsed.timeoutMilliseconds
    if !application.isEmpty { settings.clientName += " \(application)" }
    core = ClientCore(settings, on: try ClientLoop.shared())
  }

  deinit {
    let core = core
    core.executor.post { core.assumeIsolated { $0.endAll() } }
  }

  /// Connects now instead of with the first call.
  public func connect() async throws(TandemError) { try await core.connect() }

  /// Refuses new calls, lets running ones finish for so long, then ends the connection.
  public func close(drain: Duration = .seconds(5)) async {
    await core.close(drainMilliseconds: drain.wholeMilliseconds)
  }

  /// Calls a method by its number with an encoded message and returns the encoded reply.
  public func raw(
    method: UInt16, body: [UInt8], options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [UInt8] {
    try await answer(method, body, options).body
  }

  func answer(
    _ method: UInt16, _ body: [UInt8], _ options: CallOptions
  ) async throws(TandemError) -> Answer {
    let request = CallRequest(
      method: method, body: body, key: options.idempotencyKey,
      actingAs: options.actingAs ?? core.settings.actingAs)
    return try await core.perform(
      request, timeoutMilliseconds: options.deadline?.wholeMilliseconds)
  }

  /// Calls a method and reads its reply.
  func call<Reply: ReadMessage>(
    _ method: Method, _ options: CallOptions, _ write: (inout ProtoWriter) -> Void = { _ in }
  ) async throws(TandemError) -> Reply {
    try await callNotingReplay(method, options, write).reply
  }

  func callNotingReplay<Reply: ReadMessage>(
    _ method: Method, _ options: CallOptions, _ write: (inout ProtoWriter) -> Void
  ) async throws(TandemError) -> (reply: Reply, isReplayed: Bool) {
    var writer = ProtoWriter()
    write(&writer)
    let answer = try await answer(method.rawValue, writer.bytes, options)
    do {
      return (try Reply(decoding: answer.body[...]), answer.isReplayed)
    } catch {
      var unreadable = TandemError(
        .internal, reason: "MALFORMED_REPLY", message: "the reply cannot be read: \(error.text)")
      unreadable.method = method.name
      throw unreadable
    }
  }
}

/// Runs a body with a client and closes the client afterwards.
public func withClient<Result>(
  _ url: String? = nil, key: String? = nil, application: String = "", actingAs: ID? = nil,
  _ body: (Client) async throws -> Result
) async throws -> Result {
  let client = try Client(url, key: key, application: application, actingAs: actingAs)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close(drain: .zero)
    throw error
  }
}

/// The one thread that serves all clients of a process.
enum ClientLoop {
  private static let started: Result<EventLoop, Errno> = {
    do throws(Errno) {
      let loop = try EventLoop(name: "tandem-client", core: nil)
      try loop.start()
      return .success(loop)
    } catch {
      return .failure(error)
    }
  }()

  static func shared() throws(TandemError) -> EventLoop {
    switch started {
    case .success(let loop): return loop
    case .failure(let error):
      throw TandemError(
        .internal, reason: "NO_THREAD", message: "the client's thread cannot start: \(error)")
    }
  }
}
