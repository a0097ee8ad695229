// SPDX-License-Identifier: Apache-2.0
// What server URLs mean, and what is said about those that mean nothing.

import Testing

import TandemClient

struct ServerURLTests {
  @Test func `hosts, ports, tenant and timeout are read`() throws {
    let url = try ServerURL("tdm://acme@one:7421,[::1]:9,two/?timeout=500ms")
    #expect(url.tenant == "acme")
    #expect(url.endpoints.map(\.host) == ["one", "[::1]", "two"])
    #expect(url.endpoints.map(\.port) == [7421, 9, 7420])
    #expect(url.timeoutMilliseconds == 500)
    #expect(try ServerURL("tdm://[::1]").endpoints == [.init(host: "[::1]", port: 7420)])
    #expect(try ServerURL("tdm://localhost").timeoutMilliseconds == 10_000)
  }

  @Test(arguments: [
    ("http://one", "must begin with tdm://"), ("tdm://", "a host is missing"),
    ("tdm://one,,two", "a host is missing"), ("tdm://:7420", "a host is missing before :7420"),
    ("tdm://one:0", "not a port"), ("tdm://one:99999", "not a port"), ("tdm://one/x", "a path"),
    ("tdm://a:secret@one", "keys do not belong"), ("tdm://one/?timeout=10", "written as 500ms"),
    ("tdm://one/?speed=1", "unknown option \"speed\"; known: timeout"),
  ])
  func `a wrong URL is refused by name`(text: String, part: String) {
    let error = #expect(throws: TandemError.self) { try ServerURL(text) }
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
  }
}
