// SPDX-License-Identifier: Apache-2.0
// The working copy that the checks run over: every file that git tracks or would track.

import Foundation
import StartedPrograms

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
    let git = [
      "/usr/bin/env", "git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z",
      "--cached", "--others", "--exclude-standard", "--deduplicate",
    ]
    guard let (_, files) = try? StartedProgram.output(of: git) else { return [] }
    return files.split(separator: "\0").map(String.init).sorted()
  }
}
