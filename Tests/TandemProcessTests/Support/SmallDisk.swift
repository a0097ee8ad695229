// SPDX-License-Identifier: Apache-2.0
// A real file system with few bytes, in memory, mounted in a namespace of its own, so that it goes
// with the process that holds it and nothing is left on the machine.

import Foundation
import Glibc
import StartedPrograms

/// Mounted at `path` for programs that are started through `entrance`.
final class SmallDisk: Sendable {
  let path: String
  private let folder: TemporaryFolder
  private let holder: StartedProgram

  /// Root mounts in a mount namespace; anybody else needs a user namespace too.
  private static let isRoot = getuid() == 0
  private static let namespace = ["/usr/bin/env", "unshare", isRoot ? "-m" : "-Urm"]

  /// Whether this machine lets a test mount anything.
  static let isPermitted: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    let command = namespace + ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path]
    return (try? StartedProgram.output(of: command).ending) == .code(0)
  }()

  init(mebibytes: Int) async throws {
    folder = try TemporaryFolder()
    path = folder.path + "/disk"
    mkdir(path, 0o700)
    let script = "mount -t tmpfs -o size=\(mebibytes)m,mode=0700 tmpfs \"$0\""
    holder = try StartedProgram.start(
      Self.namespace + ["sh", "-c", script + " && echo mounted && exec sleep infinity", path],
      errors: folder.path + "/mount")
    _ = try await holder.line(with: "mounted")
  }

  /// What a command must begin with to see the disk.
  var entrance: [String] {
    ["/usr/bin/env", "nsenter", "-t", "\(holder.number)", "-m"]
      + (Self.isRoot ? [] : ["-U", "--preserve-credentials"])
  }

  /// The disk as this process sees it.
  private var view: String { "/proc/\(holder.number)/root\(path)" }

  var freeBytes: Int {
    var facts = statvfs()
    guard statvfs(view, &facts) == 0 else { return 0 }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  /// Takes every byte that is left.
  func fill() throws {
    let file = open(view + "/ballast", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw ProcessFailure(description: "no ballast: errno \(errno)") }
    defer { close(file) }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    for size in [zeros.count, 4_096] {
      while write(file, zeros, size) > 0 {}
    }
    guard errno == ENOSPC else { throw ProcessFailure(description: "ballast: errno \(errno)") }
  }

  /// Deletes a file of the disk, if it is there.
  func remove(_ name: String) { unlink(view + "/" + name) }

  /// Gives the bytes back.
  func empty() { unlink(view + "/ballast") }
}
