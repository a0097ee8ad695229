// SPDX-License-Identifier: Apache-2.0
// The heads of HTTP requests, whole, cut and wrong.

import TandemServer
import Testing

struct HttpRequestHeadTests {
  private func read(_ text: String) -> HttpRequestHead.Reading {
    HttpRequestHead.read(ArraySlice(text.utf8))
  }

  @Test func `a head is read with its bearer and without its query`() {
    let text = "GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\nauthorization: Bearer tdo_1\r\n\r\nrest"
    let head = HttpRequestHead(method: "GET", path: "/metrics", bearer: "tdo_1")
    #expect(read(text) == .head(head))
  }

  @Test func `every cut of a head is incomplete`() {
    let text = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    for count in 0..<text.utf8.count {
      #expect(HttpRequestHead.read(Array(text.utf8)[..<count]) == .incomplete)
    }
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "GET / FTP/1\r\n\r\n", "GET / HTTP/1.1\r\nbad\r\n\r\n",
  ])
  func `what is no head is malformed`(text: String) {
    #expect(read(text) == .malformed)
  }

  @Test func `an endless head is malformed at its bound`() {
    let endless = String(repeating: "a", count: HttpRequestHead.bytesMax)
    #expect(read(endless) == .malformed)
    #expect(read(String(endless.dropLast())) == .incomplete)
  }

  @Test func `a page says its length`() {
    let page = HttpPage.text(200, "OK", "ok\n")
    let text = String(decoding: page.bytes(withBody: true), as: UTF8.self)
    #expect(text.contains("Content-Length: 3\r\n") && text.hasSuffix("\r\n\r\nok\n"))
    #expect(String(decoding: page.bytes(withBody: false), as: UTF8.self).hasSuffix("\r\n\r\n"))
  }
}
