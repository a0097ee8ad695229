// SPDX-License-Identifier: Apache-2.0
// Gets connections, gives calls to them and hears what becomes of them.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// One try of every endpoint, in turn, until one answers.
struct ConnectingRound {
  /// The connection being made.
  var number: Int
  var triesLeft: Int
}

extension ClientCore {
  /// Makes sure that a connection exists or comes.
  func connect() async throws(TandemError) {
    // The cheapest call proves the connection and obeys the retry rules.
    _ = try await perform(
      CallRequest(method: Method.health.rawValue, body: []), timeoutMilliseconds: nil)
  }

  /// Gives waiting calls to the connection; asks for one when there is none.
  func pump() {
    guard !waiting.isEmpty else { return }
    guard let current, let connection = connections[current] else {
      if connecting == nil { startRound() }
      return
    }
    while connection.hasRoom, let number = waiting.first {
      waiting.removeFirst()
      if let slot = slots[number] { place(number, slot, on: connection) }
    }
  }

  private func place(_ number: UInt64, _ slot: CallSlot, on connection: Connection) {
    let request = slot.request
    let size = request.body.count + request.key.count + 64
    let limit = Int(connection.limits.frameBytesMax)
    guard limit == 0 || size <= limit else {
      var error = TandemError(
        .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
        message: "the request has \(size) bytes; the server takes \(limit)")
      error.notExecuted = true
      return finish(number, .failed(error, .final))
    }
    let id = connection.send(
      method: request.method, body: request.body, meta: request.meta,
      timeoutMilliseconds: timeout(of: slot), slot: number, isStream: request.isStream)
    slot.place = CallSlot.Place(connection: connection.number, id: id)
  }

  /// The time that is left, never the values with a special meaning.
  private func timeout(of slot: CallSlot) -> UInt32 {
    guard let deadline = slot.deadline else { return .max }
    guard deadline > now else { return 1 }
    let left = (deadline.nanoseconds - now.nanoseconds) / 1_000_000
    return UInt32(clamping: min(max(left, 1), UInt64(UInt32.max - 1)))
  }

  // MARK: Rounds

  private func startRound() {
    connecting = ConnectingRound(number: 0, triesLeft: settings.endpoints.count)
    tryNextEndpoint(
      ConnectionLoss(reason: "NOT_CONNECTED", message: "there is no server to connect to"))
  }

  private func tryNextEndpoint(_ last: ConnectionLoss) {
    var loss = last
    while var round = connecting, round.triesLeft > 0 {
      round.triesLeft -= 1
      lastConnection += 1
      round.number = lastConnection
      connecting = round
      let address = settings.endpoints[nextEndpoint % settings.endpoints.count]
      do {
        connections[round.number] = try Connection(
          number: round.number, to: address, hello: hello(), on: executor, core: self)
        return
      } catch {
        nextEndpoint += 1
        loss = ConnectionLoss(
          reason: "NOT_CONNECTED", message: "cannot connect to \(address): \(error)")
      }
    }
    failRound(loss)
  }

  private func failRound(_ loss: ConnectionLoss) {
    connecting = nil
    let error = TandemError(loss, notExecuted: true, peer: "")
    let outcome: AttemptOutcome =
      loss.isFinal
      ? .final : .neverWritten(retryAfterMilliseconds: loss.retryAfterMilliseconds)
    let all = waiting
    waiting = []
    for number in all { finish(number, .failed(error, outcome)) }
  }

  private func hello() -> Hello {
    var hello = Hello()
    hello.client = settings.clientName
    hello.tenant = settings.tenant
    hello.credential = settings.key.isEmpty ? .none : .apiKey(settings.key)
    // Keeps servers used to features that they do not know.
    hello.features = ["grease-\(random.next() % 10_000)"]
    hello.frameBytesMax = UInt32(Connection.frameBytesMax)
    hello.streamWindow = UInt32(Connection.streamWindow)
    return hello
  }

  // MARK: Events

  func connection(_ number: Int, did event: ConnectionEvent) {
    guard let connection = connections[number] else { return }
    switch event {
    case .introduced:
      connecting = nil
      current = number
      pump()
    case .response(let slot, let header, let payload):
      answered(slot, header, payload)
      roomWasMade(on: connection)
    case .item(let slot, let header, let payload): arrived(slot, header, payload)
    case .released: roomWasMade(on: connection)
    case .goAway(let goAway, let reason): farewell(connection, goAway, reason)
    case .lost(let loss): lost(connection, loss)
    }
  }

  private func roomWasMade(on connection: Connection) {
    if connection.isDraining, connection.table.inFlight == 0 {
      connection.closePolitely()
      connections[connection.number] = nil
    }
    pump()
  }

  private func answered(_ number: UInt64, _ header: FrameHeader, _ payload: [UInt8]) {
    var body = payload[...]
    if header.hasMeta {
      guard let split = try? Meta.split(payload[...]) else {
        let error = TandemError(
          .internal, reason: "MALFORMED_META", message: "the answer's meta cannot be read")
        return finish(number, .failed(error, .final))
      }
      body = split.body
    }
    guard header.argument != 0 else {
      let isReplayed = header.flags & FrameFlags.replayed.rawValue != 0
      return finish(number, .answered(Answer(body: Array(body), isReplayed: isReplayed)))
    }
    let error = TandemError(code: header.argument, body: body)
    let wish = UInt32(clamping: error.retryAfter?.wholeMilliseconds ?? 0)
    let outcome: AttemptOutcome =
      error.code == .deadlineExceeded
      ? .deadline
      : .answered(
        retryable: error.retryable, notExecuted: error.notExecuted, retryAfterMilliseconds: wish)
    finish(number, .failed(error, outcome))
  }

  private func arrived(_ number: UInt64, _ header: FrameHeader, _ payload: [UInt8]) {
    guard let slot = slots[number] else { return }
    let body = header.hasMeta ? (try? Meta.split(payload[...]).body) ?? [] : payload[...]
    if let consumer = slot.consumer.take() {
      consumed(slot, bytes: FrameHeader.byteCount + payload.count)
      consumer.resume(returning: .item(Array(body)))
    } else {
      slot.items.append(StreamItem(body: Array(body), cost: FrameHeader.byteCount + payload.count))
    }
  }

  func consumed(_ slot: CallSlot, bytes: Int) {
    guard let place = slot.place else { return }
    connections[place.connection]?.consumed(place.id, bytes: bytes)
  }

  private func farewell(_ connection: Connection, _ goAway: GoAway, _ reason: UInt32) {
    let word = GoAwayMeaning.name(ofReason: reason)
    let isPolite = GoAwayMeaning.letsCallsFinish(reason)
    if current == connection.number { current = nil }
    if isPolite, connecting?.number != connection.number {
      if connection.table.inFlight == 0 {
        connection.close()
        connections[connection.number] = nil
      }
      return pump()
    }
    let code = GoAwayMeaning.code(forReason: reason)
    connection.close()
    lost(
      connection,
      ConnectionLoss(
        code: code, reason: word, message: "\(connection.peer) says: \(goAway.message)",
        isFinal: code != .unavailable, retryAfterMilliseconds: goAway.retryAfterMilliseconds))
  }

  /// A connection has ended: what was on it is told, what waits goes elsewhere.
  private func lost(_ connection: Connection, _ loss: ConnectionLoss) {
    connections[connection.number] = nil
    if current == connection.number { current = nil }
    let error = TandemError(loss, notExecuted: false, peer: connection.peer)
    let outcome = loss.isFinal ? AttemptOutcome.final : .lostAfterWriting
    for number in connection.table.removeAll() { finish(number, .failed(error, outcome)) }
    if connecting?.number == connection.number {
      nextEndpoint += 1
      if loss.isFinal { failRound(loss) } else { tryNextEndpoint(loss) }
    } else {
      nextEndpoint += 1
      pump()
    }
  }
}
