// SPDX-License-Identifier: Apache-2.0
// Runs command lines in this process and keeps what they said.

import Synchronization
import TandemCommand

/// Lines from any thread; a test may wait for the next one.
final class Recorder: Sendable {
  private let said = Mutex<[String]>([])
  private let complained = Mutex<[String]>([])
  /// Every line that was said, as it comes.
  let lines: AsyncStream<String>
  private let sink: AsyncStream<String>.Continuation

  init() { (lines, sink) = AsyncStream.makeStream() }

  var console: Console {
    Console(
      say: { line in
        self.said.withLock { $0.append(line) }
        self.sink.yield(line)
      },
      complain: { line in self.complained.withLock { $0.append(line) } })
  }

  var text: String { said.withLock { $0.joined(separator: "\n") } }
  var complaint: String { complained.withLock { $0.joined(separator: "\n") } }
}

/// What a command line led to.
struct Ended {
  let code: Int32
  let text: String
  let complaint: String

  var lines: [Substring] { text.split(separator: "\n") }
}

func tandem(_ words: [String]) async -> Ended {
  let recorder = Recorder()
  let code = await ClientCommand.run(words, recorder.console)
  return Ended(code: code, text: recorder.text, complaint: recorder.complaint)
}

func tandem(_ words: String...) async -> Ended { await tandem(words) }

/// Splits at spaces that stand outside quotation marks.
func words(of line: String) -> [String] {
  line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap {
    place, part in
    place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
  }
}
