// SPDX-License-Identifier: Apache-2.0
// A shell that keeps its variables between the steps of a page.

import Foundation
import Glibc
import StartedPrograms

final class Shell {
  private static let mark = "--step-ends-here--"
  private let bash: StartedProgram
  private let input: FileHandle
  private var unread = Data()

  init(_ environment: [String: String]) throws {
    let pipe = Pipe()
    // Only the shell reads from it, and only while this has the other end.
    for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
      _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
    }
    bash = try StartedProgram.start(
      ["/bin/bash", "--noprofile", "--norc"], errors: StartedProgram.errorsAmongOutput,
      environment: environment, input: pipe.fileHandleForReading.fileDescriptor)
    input = pipe.fileHandleForWriting
  }

  deinit { try? input.close() }

  /// Types commands; gives the lines that came out of them, errors too.
  func type(_ commands: String) throws -> [String] {
    let line = "{ \(commands)\n} 2>&1; printf '\\n%s\\n' \(Self.mark)\n"
    try input.write(contentsOf: Data(line.utf8))
    let end = Data("\n\(Self.mark)\n".utf8)
    while true {
      if let place = unread.range(of: end) {
        let text = String(decoding: unread[..<place.lowerBound], as: UTF8.self)
        unread = Data(unread[place.upperBound...])
        return text.split(separator: "\n").map(String.init)
      }
      guard let more = bash.more() else {
        throw ProcessFailure(
          description: "the shell ended: \(String(decoding: unread, as: UTF8.self))")
      }
      unread += more
    }
  }
}
