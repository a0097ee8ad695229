// SPDX-License-Identifier: Apache-2.0
import TandemPrimitives
import Testing

struct NearWordsTests {
  private let known = [
    "--listen", "--log", "--linger-ms", "--data", "--max-frame", "--max-in-flight",
  ]

  @Test(arguments: [
    ("--listn", ["--listen"]), ("--lisetn", ["--listen"]), ("--lsn", []), ("--lgo", ["--log"]),
    ("--dataa", ["--data"]), ("--max", ["--max-frame", "--max-in-flight"]), ("", []), ("--zzz", []),
    ("--log", ["--log"]),
  ])
  func `a word a few letters away, or part of a known one, is near`(word: String, near: [String]) {
    #expect(nearWords(to: word, among: known) == near)
  }
}
