// SPDX-License-Identifier: Apache-2.0
// Options, environment and the sentences that refuse them.

import TandemServer
import Testing

struct CommandLineTests {
  private func configuration(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> ServerConfiguration {
    guard case .run(let found) = try readInvocation(arguments: arguments, environment: environment)
    else { throw ConfigurationError(text: "not a run") }
    return found
  }

  private func refusal(_ arguments: [String], _ environment: [String: String] = [:]) -> String {
    do {
      _ = try readInvocation(arguments: arguments, environment: environment)
      return ""
    } catch {
      return error.text
    }
  }

  @Test func `without arguments every default holds`() throws {
    let found = try configuration([])
    #expect(found == ServerConfiguration())
    #expect(found.listen.text == "127.0.0.1:7420")
    #expect(found.operatorKeyPath == "./tandem-data/operator.key")
  }

  @Test func `both spellings of a value are read`() throws {
    let found = try configuration(["--max-frame", "65536", "--listen=127.0.0.1:0", "--demo"])
    #expect(found.limits.frameBytesMax == 65_536)
    #expect(found.listen.port == 0)
    #expect(found.demo)
  }

  @Test func `arguments win over the environment`() throws {
    let environment = ["TANDEM_MAX_IN_FLIGHT": "8", "TANDEM_LOG": "debug"]
    let found = try configuration(["--max-in-flight", "9"], environment)
    #expect(found.limits.inFlightMax == 9)
    #expect(found.logLevel == .debug)
  }

  @Test func `an unknown option names its neighbours`() {
    #expect(refusal(["--listn", "x"]) == "unknown option --listn; did you mean --listen?")
    #expect(refusal(["--zzzzzzzzzz"]).hasSuffix("see tandemd --help"))
  }

  @Test func `a value out of bounds is refused with the bounds`() {
    let text = "--shards is 0, expected a whole number from 1 to 256"
    #expect(refusal(["--shards", "0"]) == text)
    #expect(refusal([], ["TANDEM_SHARDS": "x"]).hasPrefix("TANDEM_SHARDS is x, expected"))
    #expect(refusal(["--shards"]) == "--shards needs a value: --shards N")
    #expect(refusal(["--demo=1"]) == "--demo takes no value, found 1")
  }

  @Test func `ruling 11 an address that others reach needs a word`() throws {
    #expect(refusal(["--listen", "0.0.0.0:7420"]).contains("--insecure-plaintext"))
    _ = try configuration(["--listen", "0.0.0.0:7420", "--insecure-plaintext"])
    #expect(
      refusal(["--listen", "0.0.0.0:1", "--insecure-plaintext", "--demo"]).contains("loopback"))
  }

  @Test func `a default timeout above the largest is refused`() {
    #expect(refusal(["--max-timeout-ms", "500"]).contains("--default-timeout-ms 10000"))
  }

  @Test func `help names every option it reads`() {
    for name in ["--listen", "--data", "--demo", "--accept-tail-loss", "--linger-ms"] {
      #expect(helpText().contains(name))
    }
  }
}
