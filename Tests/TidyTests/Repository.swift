// SPDX-License-Identifier: Apache-2.0
// The working copy that the checks run over: every file that git tracks or would track.

import Foundation

struct Repository: Sendable, CustomStringConvertible {
  let files: [SourceFile]
  var description: String { "\(files.count) files" }

  /// Read once; every check sees the same files.
  static let this = load()

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }
  func files(under folder: String) -> [SourceFile] { files.filter { $0.path.hasPrefix(folder) } }
  var swift: [SourceFile] { files.filter { $0.path.hasSuffix(".swift") } }

  private static func load() -> Repository {
    let files = paths().compactMap { path -> SourceFile? in
      let url = root.appending(path: path)
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
        attributes[.type] as? FileAttributeType == .typeRegular,
        let data = FileManager.default.contents(atPath: url.path)
      else { return nil }
      let mode = attributes[.posixPermissions] as? Int ?? 0
      return SourceFile(path: path, text: Array(data), isExecutable: mode & 0o111 != 0)
    }
    return Repository(files: files)
  }

  private static func paths() -> [String] {
    let git = Process()
    let output = Pipe()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = [
      "git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z", "--cached", "--others",
      "--exclude-standard", "--deduplicate",
    ]
    git.standardOutput = output
    guard (try? git.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else {
      return []
    }
    git.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\0").map(String.init).sorted()
  }
}
