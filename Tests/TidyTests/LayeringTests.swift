// SPDX-License-Identifier: Apache-2.0
// The repository keeps to its layers, and the checks notice when it does not.

import Testing

struct LayeringTests {
  private static let manifest = Manifest(
    Repository.this.file("Package.swift").map { String(decoding: $0.text, as: UTF8.self) } ?? "")

  @Test func `every arrow of the table points down`() {
    #expect(Layering.checkOrder(Layering.layers) == [])
  }

  @Test func `the manifest has the targets of the table and no arrow beyond it`() {
    #expect(Self.manifest.targets.count >= Layering.layers.count)
    #expect(Layering.checkManifest(Self.manifest, against: Layering.layers) == [])
  }

  @Test func `targets import only what the manifest gives them`() {
    let sources = Repository.this.files(under: "Sources/").filter { $0.path.hasSuffix(".swift") }
    #expect(sources.count > 10)
    #expect(sources.flatMap { Layering.checkImports($0, manifest: Self.manifest) } == [])
  }

  @Test func `an arrow that points up is found`() {
    let layers = [
      Layering.Layer(name: "Low", below: ["High"]), Layering.Layer(name: "High", below: ["Low"]),
    ]
    #expect(Layering.checkOrder(layers).map(\.message) == ["Low looks up to High"])
  }

  @Test func `the manifest is read as it is written`() {
    let text = """
      products: [ .library(name: "X", targets: ["X"]) ],
      targets: [
        .systemLibrary(
          name: "CLib", pkgConfig: "lib", providers: [.apt(["Lib-dev"])]),
        .target(name: "CCode", dependencies: ["CLib"], linkerSettings: [.linkedLibrary("crypto")]),
        module("Low"),
        module(
          "High",
          on: ["Low", "CCode"]),
        program("tool", on: ["High"]),
        .target(name: "Suite", dependencies: ["Low"], path: "Tests/Suite", swiftSettings: strict),
        tests("LowTests", on: ["Low"]),
      ],
      cLanguageStandard: .c11
      """
    let manifest = Manifest(text)
    #expect(
      manifest.targets == [
        "CLib": [], "CCode": ["CLib"], "Low": [], "High": ["Low", "CCode"], "tool": ["High"],
      ])
    #expect(manifest.tests == ["LowTests", "Suite"])
  }

  @Test func `a manifest beyond the table is found`() {
    let manifest = Manifest(
      "targets: [\nmodule(\"Low\", on: [\"High\"]), module(\"New\"),\n], cLanguageStandard")
    let layers = [Layering.Layer(name: "Low", below: []), Layering.Layer(name: "Gone", below: [])]
    #expect(
      Layering.checkManifest(manifest, against: layers).map(\.message) == [
        "Low must not depend on High; see docs/ARCHITECTURE.md",
        "target Gone is gone; remove its layer",
        "target New has no layer in Layering.swift",
      ])
  }

  @Test(arguments: [
    "import CTandemWire", "package import TandemRuntime", "import struct TandemServer.Server",
    "@preconcurrency import CLinux", "import Glibc",
  ])
  func `an import that looks up or sideways is found`(line: String) {
    let file = SourceFile("Sources/TandemDomain/Deal.swift", "// import TandemWire\n\(line)\n")
    #expect(Layering.checkImports(file, manifest: Self.manifest).map(\.line) == [2])
  }

  @Test func `an import of a lower layer is fine`() {
    let file = SourceFile("Sources/TandemDomain/Deal.swift", "package import TandemPrimitives\n")
    #expect(Layering.checkImports(file, manifest: Self.manifest) == [])
  }
}
