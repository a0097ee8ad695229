// SPDX-License-Identifier: Apache-2.0
import TandemPlatform
import Testing

struct SocketAddressTests {
  @Test(arguments: ["127.0.0.1:80", "0.0.0.0:0", "[::1]:7000", "[2001:db8::2:1]:65535"])
  func `an address is printed as it was read`(_ text: String) {
    #expect(SocketAddress(text)?.description == text)
  }

  @Test(arguments: [
    "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+80", "127.0.0.1:-1",
    "::1:80", "[127.0.0.1]:80", "[::1]", "example.org:80", "256.0.0.1:80", "[::1:80", "1:2:3",
  ])
  func `what is no address is refused`(_ text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test(arguments: [
    ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("localhost:1", true),
    ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false),
    ("128.0.0.1:1", false), ("[::ffff:10.0.0.1]:1", false), ("[fe80::1]:1", false),
  ])
  func `loopback addresses are known`(_ text: String, _ isLoopback: Bool) throws {
    #expect(try #require(SocketAddress(text)).isLoopback == isLoopback)
  }
}
