// SPDX-License-Identifier: Apache-2.0
// `bench quick`: the first thing to type. A closed loop, so its times are service times.
// For an open loop at a given rate there is scripts/bench.

import TandemClient
import TandemPlatform
import TandemPrimitives

enum BenchCommand {
  static let command = Command(
    name: "bench", summary: "measure a server for ten seconds",
    help: """
      tandem bench quick [--seconds 10] [--in-flight 64] [--write-percent 10]
      Reads deals of the caller's organisation, and creates deals named "bench" in its global
      location: use a sandbox or the demo world, or --write-percent 0. Each answer is awaited
      before the next call of the same slot, so this shows capacity, not what users would feel at
      a given rate.

        tandem bench quick
        tandem bench quick --seconds 3 --in-flight 256 --write-percent 0 --json
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("quick", quick)])
  }

  private static func quick(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let seconds = try arguments.number("seconds", UInt64.self) ?? 10
    let inFlight = try arguments.number("in-flight", Int.self) ?? 64
    let writePercent = try arguments.number("write-percent", UInt64.self) ?? 10
    guard (1...3_600).contains(seconds), (1...1_024).contains(inFlight), writePercent <= 100 else {
      throw UsageError("--seconds is 1 to 3600, --in-flight 1 to 1024, --write-percent 0 to 100")
    }
    return try await withServer(&arguments) { client in
      let run = BenchRun(
        client: client, writePercent: writePercent, sample: try await sample(of: client),
        deals: try await deals(of: client))
      guard !run.deals.isEmpty || writePercent == 100 else {
        throw UsageError("the organisation has no deal to read; use --write-percent 100 first")
      }
      let clock = SystemTime()
      let began = clock.monotonic
      let tally = await run.run(
        slots: inFlight, until: began.advanced(byMilliseconds: seconds * 1_000))
      let spent = Double(clock.monotonic.nanoseconds - began.nanoseconds) / 1_000_000_000
      let result = BenchResult(tally, seconds: spent, inFlight: inFlight)
      try output.show(result) { result.lines }
    }
  }

  private static func deals(of client: Client) async throws -> [ID] {
    var found: [ID] = []
    for try await row in client.listDeals() {
      if let id = row.deal.id { found.append(id) }
      if found.count == 1_000 { break }
    }
    return found
  }

  /// A deal that passes every rule of the server.
  private static func sample(of client: Client) async throws -> NewDeal {
    var person = Person(firstName: "Bea", lastName: "Bench", email: "bea@bench.example")
    person.phone = "+49 40 1234"
    var deal = NewDeal()
    deal.name = "bench"
    deal.location = try await client.listLocations().first(where: \.isGlobal)?.id
    deal.customer.name = "Bench"
    deal.customer.size = 1
    deal.customer.address.line1 = "Weg 1"
    deal.customer.address.city = "Hamburg"
    deal.customer.address.state = "HH"
    deal.customer.address.postalCode = "20095"
    deal.customer.address.country = "DE"
    deal.customer.contacts = [TeamMember(person)]
    deal.value = Money(units: 1_000, currency: "EUR")
    let now = try await client.getRealm().now?.milliseconds ?? 0
    deal.closeDate = Moment(milliseconds: now + 90 * 86_400_000)
    deal.team = [TeamMember(person)]
    var line = SolutionLine()
    line.solution = try await solution(of: client)
    deal.solutions = [line]
    deal.consent.customerContact = true
    deal.consent.shareWithOthers = true
    return deal
  }
}

extension BenchCommand {
  /// One that the organisation sells already, else a new one.
  private static func solution(of client: Client) async throws -> ID? {
    let own = try await client.listSolutions(ownOnly: true).rows.map(\.solution)
    if let ready = own.first(where: { $0.isActive && $0.isCoSellReady }) { return ready.id }
    return try await client.publishSolution(
      NewSolution(name: "Bench", type: .service, isCoSellReady: true))
  }
}

/// Times of calls in microseconds, and what went wrong.
private struct Tally: Sendable {
  var reads: [UInt64] = []
  var writes: [UInt64] = []
  var errors = 0
  var firstError = ""

  mutating func add(_ other: Tally) {
    reads += other.reads
    writes += other.writes
    errors += other.errors
    if firstError.isEmpty { firstError = other.firstError }
  }
}

private struct BenchRun: Sendable {
  let client: Client
  let writePercent: UInt64
  let sample: NewDeal
  let deals: [ID]

  func run(slots: Int, until end: MonotonicInstant) async -> Tally {
    await withTaskGroup(of: Tally.self) { group in
      for slot in 0..<slots {
        group.addTask { await self.work(seed: UInt64(slot), until: end) }
      }
      var all = Tally()
      for await tally in group { all.add(tally) }
      return all
    }
  }

  private func work(seed: UInt64, until end: MonotonicInstant) async -> Tally {
    var random = SeededRandom(seed: seed)
    var tally = Tally()
    let clock = SystemTime()
    var began = clock.monotonic
    while began < end {
      let isWrite = random.next() % 100 < writePercent
      do throws(TandemError) {
        if isWrite {
          _ = try await client.createDeal(sample)
        } else {
          _ = try await client.getDeal(deals[Int(random.next() % UInt64(deals.count))])
        }
        let ended = clock.monotonic
        let time = (ended.nanoseconds - began.nanoseconds) / 1_000
        if isWrite { tally.writes.append(time) } else { tally.reads.append(time) }
      } catch {
        tally.errors += 1
        if tally.firstError.isEmpty { tally.firstError = "\(error)" }
        // A server that refuses everything must not be hammered for the rest of the time.
        if tally.errors >= 100 { return tally }
      }
      began = clock.monotonic
    }
    return tally
  }
}

private struct BenchResult: Encodable {
  struct Times: Encodable {
    let calls: Int
    let p50: Double
    let p99: Double
    let longest: Double

    /// From microseconds to milliseconds.
    init(_ times: [UInt64]) {
      let sorted = times.sorted()
      func at(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let place = Int(share * Double(sorted.count - 1))
        return Double(sorted[place]) / 1_000
      }
      calls = sorted.count
      p50 = at(0.5)
      p99 = at(0.99)
      longest = at(1)
    }

    var text: String { "p50 \(p50) ms, p99 \(p99) ms, longest \(longest) ms, \(calls) calls" }
  }

  let seconds: Double
  let inFlight: Int
  let callsPerSecond: Int
  let errors: Int
  let firstError: String
  let readMilliseconds: Times
  let writeMilliseconds: Times

  init(_ tally: Tally, seconds: Double, inFlight: Int) {
    self.seconds = seconds
    self.inFlight = inFlight
    callsPerSecond = Int(Double(tally.reads.count + tally.writes.count) / seconds)
    errors = tally.errors
    firstError = tally.firstError
    readMilliseconds = Times(tally.reads)
    writeMilliseconds = Times(tally.writes)
  }

  var lines: [String] {
    let tenths = (seconds * 10).rounded() / 10
    var lines = [
      "\(callsPerSecond) calls/s for \(tenths) s, \(inFlight) in flight (closed loop), "
        + "\(errors) errors",
      "reads   \(readMilliseconds.text)", "writes  \(writeMilliseconds.text)",
    ]
    if !firstError.isEmpty { lines.append("first error: \(firstError)") }
    return lines
  }
}
