// SPDX-License-Identifier: Apache-2.0
import TandemPlatform
import TandemPrimitives
import Testing

struct DigestTests {
  private func hexadecimal(_ digest: Digest) -> String {
    digest.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// From FIPS 180-4 examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `known vectors`(_ text: String, _ expected: String) {
    #expect(hexadecimal(SHA256.digest(of: Array(text.utf8)[...])) == expected)
  }

  @Test func `a million letters, in pieces`() {
    var hash = SHA256()
    let piece = [UInt8](repeating: 0x61, count: 997)
    var left = 1_000_000
    while left > 0 {
      hash.update(piece[..<min(left, piece.count)])
      left -= piece.count
    }
    #expect(
      hexadecimal(hash.finish())
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `copies of a hash go separate ways`() {
    var first = SHA256()
    first.update(Array("a".utf8)[...])
    var second = first
    first.update(Array("bc".utf8)[...])
    second.update(Array("b".utf8)[...])
    second.update(Array("c".utf8)[...])
    #expect(first.finish() == SHA256.digest(of: Array("abc".utf8)[...]))
    #expect(second.finish() == SHA256.digest(of: Array("abc".utf8)[...]))
  }

  @Test func `a digest survives its bytes`() {
    let digest = SHA256.digest(of: [1, 2, 3])
    #expect(Digest(bytes: digest.bytes[...]) == digest)
    #expect(Digest(bytes: digest.bytes.dropLast()) == nil)
  }

  @Test func `secrets are equal when every byte is`() {
    let secret: [UInt8] = Array(1...32)
    #expect(constantTimeEqual(secret[...], secret[...]))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual(secret[...], secret.dropLast()))
    for index in secret.indices {
      var other = secret
      other[index] ^= 0x80
      #expect(!constantTimeEqual(secret[...], other[...]))
      #expect(
        constantTimeEqual(SHA256.digest(of: secret[...]), SHA256.digest(of: other[...])) == false)
    }
    #expect(constantTimeEqual(SHA256.digest(of: secret[...]), SHA256.digest(of: secret[...])))
  }

  @Test func `entropy has the asked length and does not repeat`() {
    let entropy = SystemEntropy()
    #expect(entropy.bytes(0).isEmpty)
    #expect(entropy.bytes(1000).count == 1000)
    #expect(entropy.bytes(32) != entropy.bytes(32))
  }

  @Test func `the monotonic clock does not go back`() {
    let time = SystemTime()
    var last = time.monotonic
    for _ in 0..<1000 {
      let next = time.monotonic
      #expect(next >= last)
      last = next
    }
    #expect(time.wall.milliseconds > 1_700_000_000_000)
  }
}
