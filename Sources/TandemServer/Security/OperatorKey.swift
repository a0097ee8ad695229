// SPDX-License-Identifier: Apache-2.0
// The operator's key and the file it lives in. Only its hash stays in memory.

package import TandemPlatform
package import TandemPrimitives

/// Recognises the operator's key in constant time.
package struct OperatorKey: Sendable {
  private let hash: Digest

  package init(_ text: OperatorKeyText) { hash = SHA256.digest(of: text.secret[...]) }

  /// False for anything that is not the key, after the same work.
  package func matches(_ text: String) -> Bool {
    let secret = OperatorKeyText(text)?.secret ?? [UInt8](repeating: 0, count: 32)
    let isEqual = constantTimeEqual(hash, SHA256.digest(of: secret[...]))
    return isEqual && OperatorKeyText(text) != nil
  }
}

/// The key as a private file of one line.
package enum OperatorKeyFile {
  package enum Fault: Error, Sendable, Equatable {
    case file(FileError)
    case unreadable(String)
  }

  /// Reads the key, or makes one when there is no file.
  package static func load(
    _ name: String, in files: any FileSystem, entropy: any EntropySource
  ) throws(Fault) -> OperatorKeyText {
    do throws(FileError) {
      guard try files.exists(name) else { return try make(name, in: files, entropy: entropy) }
      let file = try files.open(name, .read)
      let bytes = try file.read(at: 0, count: 256)
      let line = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
      if let key = OperatorKeyText(line) { return key }
    } catch {
      throw .file(error)
    }
    throw .unreadable("\(name) holds no operator key; remove it to get a new one")
  }

  private static func make(
    _ name: String, in files: any FileSystem, entropy: any EntropySource
  ) throws(FileError) -> OperatorKeyText {
    let key = OperatorKeyText(secret: entropy.bytes(32))
    let file = try files.open(name, .createNew)
    try file.write(ArraySlice((key.text + "\n").utf8), at: 0)
    try file.sync()
    try files.syncDirectory(".")
    return key
  }
}
