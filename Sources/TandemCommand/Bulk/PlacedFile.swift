// SPDX-License-Identifier: Apache-2.0
// A file that a command writes: where its path says, on the disk when it says so.

import Foundation
import TandemPlatform

struct PlacedFile {
  let path: String
  let name: String
  let folder: PosixFileSystem

  /// Names a file of a folder that there is.
  init(_ path: String) throws(FileProblem) {
    let url = URL(fileURLWithPath: path)
    let parent = url.deletingLastPathComponent()
    guard Self.isFolder(parent) else {
      throw FileProblem("\(path): there is no folder \(parent.path)")
    }
    guard !Self.isFolder(url) else { throw FileProblem("\(path) is a folder") }
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard type == nil || type == .typeRegular else {
      throw FileProblem("\(path) is no file of its own, but a link or a device; name another")
    }
    self.path = path
    name = url.lastPathComponent
    do {
      folder = try PosixFileSystem(root: parent.path)
    } catch { throw FileProblem("\(path) cannot be written: \(error)") }
  }

  private static func isFolder(_ url: URL) -> Bool {
    let path = url.resolvingSymlinksInPath().path
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    return facts?[.type] as? FileAttributeType == .typeDirectory
  }

  /// Runs a part of the work; failures name the file.
  func with<Value>(_ body: (PosixFileSystem) throws -> Value) throws -> Value {
    do {
      return try body(folder)
    } catch let error as FileError {
      throw FileProblem("\(path) cannot be written: \(error)")
    }
  }
}
