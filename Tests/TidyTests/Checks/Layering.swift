// SPDX-License-Identifier: Apache-2.0
// The layers, bottom up, and the checks that hold manifest and imports to them.

/// One row per target in `Sources`, in building order.
enum Layering {
  struct Layer: Sendable {
    let name: String
    let below: Set<String>
  }

  private static let core: Set<String> = [
    "TandemPrimitives", "TandemDomain", "TandemWire", "TandemPlatform",
  ]
  private static let runtime = core.union(["TandemJournal", "TandemRuntime"])

  /// What a target may know.
  ///
  /// docs/ARCHITECTURE.md has the reasons; the manifest may use less.
  static let layers: [Layer] = [
    Layer(name: "CProtobufC", below: []),
    Layer(name: "CLinux", below: []),
    Layer(name: "CTandemWire", below: ["CProtobufC"]),
    Layer(name: "TandemPrimitives", below: []),
    Layer(name: "TandemDomain", below: ["TandemPrimitives"]),
    Layer(
      name: "TandemWire", below: ["TandemPrimitives", "TandemDomain", "CTandemWire", "CProtobufC"]),
    Layer(name: "TandemPlatform", below: ["TandemPrimitives", "CLinux"]),
    Layer(name: "TandemJournal", below: ["TandemPrimitives", "TandemPlatform"]),
    Layer(name: "TandemRuntime", below: core.union(["TandemJournal"])),
    Layer(name: "TandemServer", below: runtime),
    Layer(name: "TandemClient", below: core),
    Layer(name: "TandemCommand", below: core.union(["TandemJournal", "TandemClient"])),
    Layer(name: "TandemSimulation", below: runtime.union(["TandemServer", "TandemClient"])),
    Layer(name: "tandemd", below: runtime.union(["TandemServer"])),
    Layer(name: "tandem", below: core.union(["TandemCommand"])),
    Layer(
      name: "tandem-sim",
      below: runtime.union(["TandemSimulation", "TandemServer", "TandemClient"])),
  ]

  /// Modules of the system that the pure layers do without.
  private static let systemModules: Set<String> = [
    "Glibc", "Foundation", "FoundationEssentials", "Dispatch",
  ]
  private static let pureLayers: Set<String> = ["TandemPrimitives", "TandemDomain"]

  /// Every arrow of the table points to an earlier row.
  static func checkOrder(_ layers: [Layer]) -> [Violation] {
    var earlier: Set<String> = []
    var found: [Violation] = []
    for layer in layers {
      for name in layer.below.subtracting(earlier).sorted() {
        found.append(
          Violation(path: "layers", line: 0, message: "\(layer.name) looks up to \(name)"))
      }
      earlier.insert(layer.name)
    }
    return found
  }

  /// The manifest names the targets of the table and no arrow beyond it.
  static func checkManifest(_ manifest: Manifest, against layers: [Layer]) -> [Violation] {
    var found: [Violation] = []
    for layer in layers {
      guard let used = manifest.targets[layer.name] else {
        found.append(
          Violation(
            path: "Package.swift", line: 0,
            message: "target \(layer.name) is gone; remove its layer"))
        continue
      }
      for name in used.subtracting(layer.below).sorted() {
        let message = "\(layer.name) must not depend on \(name); see docs/ARCHITECTURE.md"
        found.append(Violation(path: "Package.swift", line: 0, message: message))
      }
    }
    for name in manifest.targets.keys.sorted() where !layers.contains(where: { $0.name == name }) {
      found.append(
        Violation(
          path: "Package.swift", line: 0, message: "target \(name) has no layer in Layering.swift"))
    }
    return found
  }

  /// Imports name only what the manifest gives the target, so that a transitive module cannot be used by accident.
  static func checkImports(_ file: SourceFile, manifest: Manifest) -> [Violation] {
    let parts = file.path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources", let known = manifest.targets[String(parts[1])]
    else { return [] }
    var found: [Violation] = []
    for (number, line) in file.codeLines.enumerated() {
      guard let module = importedModule(line) else { continue }
      let ours = manifest.targets[module] != nil
      if ours && !known.contains(module) {
        let message = "\(parts[1]) must not import \(module): the manifest does not name it"
        found.append(Violation(path: file.path, line: number + 1, message: message))
      } else if systemModules.contains(module) && pureLayers.contains(String(parts[1])) {
        let message = "\(parts[1]) is pure and imports no \(module); pass the value in"
        found.append(Violation(path: file.path, line: number + 1, message: message))
      }
    }
    return found
  }

  /// The module of an import line, whatever its access level, attributes or kind.
  static func importedModule(_ line: Substring) -> String? {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "." })
    guard let position = words.firstIndex(of: "import") else { return nil }
    let access: Set<Substring> = ["package", "internal", "public", "private", "fileprivate"]
    guard words[..<position].allSatisfy({ $0.hasPrefix("@") || access.contains($0) }) else {
      return nil
    }
    let kinds: Set<Substring> = [
      "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
    return words[(position + 1)...].first { !kinds.contains($0) }.map(String.init)
  }
}
