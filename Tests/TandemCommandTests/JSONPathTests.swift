// SPDX-License-Identifier: Apache-2.0
import TandemCommand
import Testing

struct JSONPathTests {
  private let json =
    #"{"id":"deal_1","list":[{"n":1,"is":true},{"n":2.5}],"none":[],"text":"a/b"}"#

  @Test(arguments: [
    ("id", "deal_1"), ("list.0.n", "1"), ("list.0.is", "true"), ("list.1.n", "2.5"),
    ("list.0", #"{"is":true,"n":1}"#), ("text", "a/b"), ("none", "[]"),
  ])
  func `parts are found by names and places`(path: String, part: String) throws {
    #expect(try JSONPath(path).part(of: json) == part)
  }

  @Test(arguments: [
    ("name", "has no \"name\"; it has id, list, none, text"), ("list.2", "places 0 to 1"),
    ("list.x", "\"x\" is none"), ("none.0", "none of the result is an empty list"),
    ("id.x", "id of the result is a value"), ("", "has no \"\""),
  ])
  func `what is not there is named with what is`(path: String, complaint: String) {
    do {
      _ = try JSONPath(path).part(of: json)
      Issue.record("\(path) was found")
    } catch {
      #expect("\(error)".contains(complaint), "\(error)")
    }
  }
}
