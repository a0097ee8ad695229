// SPDX-License-Identifier: Apache-2.0
// A shell that keeps its variables between the steps of a page.

import Foundation

final class Shell {
  private static let mark = "--step-ends-here--"
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var unread = Data()

  init(_ environment: [String: String]) throws {
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["--noprofile", "--norc"]
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Types commands; gives the lines that came out of them, errors too.
  func type(_ commands: String) throws -> [String] {
    let line = "{ \(commands)\n} 2>&1; printf '\\n%s\\n' \(Self.mark)\n"
    try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    let end = Data("\n\(Self.mark)\n".utf8)
    while true {
      if let place = unread.range(of: end) {
        let text = String(decoding: unread[..<place.lowerBound], as: UTF8.self)
        unread = Data(unread[place.upperBound...])
        return text.split(separator: "\n").map(String.init)
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else {
        throw ProcessFailure(
          description: "the shell ended: \(String(decoding: unread, as: UTF8.self))")
      }
      unread += more
    }
  }
}
