// SPDX-License-Identifier: Apache-2.0
// The little of HTTP/1.1 that health and metrics pages need: one request without a body.

/// Method, path and the one header that matters.
package struct HttpRequestHead: Sendable, Equatable {
  package var method: String
  package var path: String
  package var bearer: String?

  package init(method: String, path: String, bearer: String?) {
    self.method = method
    self.path = path
    self.bearer = bearer
  }

  package static let bytesMax = 8 * 1024

  package enum Reading: Sendable, Equatable {
    case incomplete
    case malformed
    case head(HttpRequestHead)
  }

  /// Reads up to the empty line that ends a head.
  package static func read(_ bytes: ArraySlice<UInt8>) -> Reading {
    guard let end = endOfHead(bytes) else {
      return bytes.count >= bytesMax ? .malformed : .incomplete
    }
    let text = String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.first else { return .malformed }
    let words = first.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .malformed }
    var head = HttpRequestHead(method: String(words[0]), path: String(words[1]), bearer: nil)
    if let query = head.path.firstIndex(of: "?") { head.path = String(head.path[..<query]) }
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return .malformed }
      guard line[..<colon].lowercased() == "authorization" else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      if value.lowercased().hasPrefix("bearer ") { head.bearer = String(value.dropFirst(7)) }
    }
    return .head(head)
  }

  private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    guard bytes.count >= mark.count else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - mark.count)
    where bytes[start] == 13 && bytes[start..<start + 4].elementsEqual(mark) {
      return start
    }
    return nil
  }
}

/// A page with its status.
package struct HttpPage: Sendable, Equatable {
  package var status: Int
  package var phrase: String
  package var type: String
  package var body: String

  package init(status: Int, phrase: String, type: String, body: String) {
    self.status = status
    self.phrase = phrase
    self.type = type
    self.body = body
  }

  package static func text(_ status: Int, _ phrase: String, _ body: String) -> HttpPage {
    HttpPage(status: status, phrase: phrase, type: "text/plain; charset=utf-8", body: body)
  }

  /// The whole response; a HEAD request gets no body.
  package func bytes(withBody: Bool) -> [UInt8] {
    let head =
      "HTTP/1.1 \(status) \(phrase)\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(body.utf8.count)\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    return Array(head.utf8) + (withBody ? Array(body.utf8) : [])
  }
}
