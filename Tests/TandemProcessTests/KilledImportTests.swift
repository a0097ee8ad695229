// SPDX-License-Identifier: Apache-2.0
// The promise of an import, on the real programs: killed with -9 where it happens to be, and run again
// until it ends, it makes every row's deal once.

import Foundation
import Glibc
import StartedPrograms
import TandemClient
import Testing

struct KilledImportTests {
  private static let key = "tdk_demo_contoso"
  private static let rows = 3_000

  @Test(.timeLimit(.minutes(5)))
  func `an import that is killed with -9 again and again makes every deal once`() async throws {
    let folder = try TemporaryFolder()
    let server = try await Tandemd.start(in: folder)
    let file = folder.path + "/deals.jsonl"
    try await withClient(server.url, key: Self.key) { client in
      let location = try #require(try await client.listLocations().first(where: \.isGlobal)?.id)
      try Self.write(file, location: "\(location)")
      for (life, lines) in [1, 900, 1_700].enumerated() {
        let program = try start(file, server, folder)
        await kill(program, onceIn: file + ".report.jsonl", areAtLeast: lines)
        #expect(await program.ending() == .signal(SIGKILL), "\(program.complaints)")
        // Once nothing is left but what the server remembers.
        if life == 1 { try FileManager.default.removeItem(atPath: file + ".report.jsonl") }
      }
      #expect(try await count(client) < Self.rows)
      let last = try start(file, server, folder)
      #expect(await last.ending() == .code(0), "\(last.complaints)")
      var names: [String] = []
      for try await view in client.listDeals(Self.filter) { names.append(view.deal.name) }
      #expect(names.count == Self.rows && Set(names).count == Self.rows)
      let report = try String(contentsOfFile: file + ".report.jsonl", encoding: .utf8)
      #expect(report.split(separator: "\n").count == Self.rows)
    }
    #expect(await server.stop() == .code(0))
  }

  private static var filter: DealFilter {
    var filter = DealFilter()
    filter.allOf = [[.text(.name, .begins, ["Row "])]]
    filter.pageSize = 1_000
    return filter
  }

  private static func write(_ file: String, location: String) throws {
    let lines = (1...rows).map { number in
      """
      {"name":"Row \(number)","location":"\(location)","customer":"Adatum","street":"Weg 1",\
      "city":"Hamburg","country":"DE","value":"100 EUR","closeDate":"2099-12-31",\
      "solutions":["Telemetry hub"],"team":["Kim Berg <kim@contoso.example> +49 40 5550199"],\
      "shareWithOthers":true}\n
      """
    }
    try lines.joined().write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func start(
    _ file: String, _ server: Tandemd, _ folder: TemporaryFolder
  ) throws -> StartedProgram {
    try StartedProgram.start(
      [
        try StartedProgram.path(of: "tandem"), "deal", "import", file, "--url", server.url, "--key",
        Self.key, "--in-flight", "8",
      ], errors: folder.path + "/import-errors")
  }

  /// On a thread of its own: other tests may keep a task waiting for longer than the whole import takes.
  private func kill(
    _ program: StartedProgram, onceIn report: String, areAtLeast lines: Int
  ) async {
    await onOwnThread {
      // Bounded, so that an import that reports nothing ends the test and not its time.
      var looks = 0
      while looks < 1_000_000, Self.lines(in: report) < lines {
        looks += 1
        sched_yield()
      }
      program.signal(SIGKILL)
    }
  }

  private static func lines(in file: String) -> Int {
    (try? Data(contentsOf: URL(fileURLWithPath: file)))?.count { $0 == UInt8(ascii: "\n") } ?? 0
  }

  private func count(_ client: Client) async throws -> Int {
    Int(try await client.aggregateDeals(Self.filter.allOf).total.count)
  }
}
