// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Every Swift target in `Sources` is built under the same strict rules.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Tests keep the language rules; the testing macros expand to code that strict memory safety refuses.
let strictTests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func module(
  _ name: String, on below: [Target.Dependency] = [], excluding documents: [String] = []
) -> Target {
  .target(name: name, dependencies: below, exclude: documents, swiftSettings: strict)
}
/// Programs that carry the Swift runtime with them: it need not be installed where they run, and calls
/// into it are direct.
func program(
  _ name: String, on below: [Target.Dependency], carriesRuntime: Bool = true
) -> Target {
  .executableTarget(
    name: name, dependencies: below, swiftSettings: strict,
    linkerSettings: carriesRuntime
      ? [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))] : [])
}
func tests(
  _ name: String, on subjects: [Target.Dependency], excluding data: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: subjects, exclude: data, swiftSettings: strictTests)
}
/// Checks that several test targets run; no test target of its own.
func suite(_ name: String, on subjects: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: subjects, path: "Tests/\(name)",
    swiftSettings: strictTests + [.enableUpcomingFeature("InternalImportsByDefault")])
}

let package = Package(
  name: "tandem",
  products: [
    .library(name: "TandemClient", targets: ["TandemClient"]),
    .executable(name: "tandemd", targets: ["tandemd"]),
    .executable(name: "tandem", targets: ["tandem"]),
    .executable(name: "tandem-sim", targets: ["tandem-sim"]),
  ],
  targets: [
    // Bottom up: a line may only name targets above it. Tests/TidyTests holds the imports to this order.
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .target(name: "CLinux", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CTandemWire", dependencies: ["CProtobufC"]),
    module("TandemPrimitives"),
    module("TandemDomain", on: ["TandemPrimitives"]),
    module("TandemWire", on: ["TandemPrimitives", "TandemDomain", "CTandemWire", "CProtobufC"]),
    module("TandemPlatform", on: ["TandemPrimitives", "CLinux"]),
    module("TandemJournal", on: ["TandemPrimitives", "TandemPlatform"], excluding: ["FORMAT.md"]),
    module(
      "TandemRuntime",
      on: ["TandemPrimitives", "TandemDomain", "TandemWire", "TandemPlatform", "TandemJournal"]),
    module(
      "TandemServer",
      on: [
        "TandemPrimitives", "TandemDomain", "TandemWire", "TandemPlatform", "TandemJournal",
        "TandemRuntime",
      ]),
    module(
      "TandemClient", on: ["TandemPrimitives", "TandemDomain", "TandemWire", "TandemPlatform"]),
    module(
      "TandemCommand",
      on: ["TandemClient", "TandemJournal", "TandemPlatform", "TandemPrimitives"]),
    module(
      "TandemSimulation",
      on: [
        "TandemPrimitives", "TandemDomain", "TandemWire", "TandemPlatform", "TandemJournal",
        "TandemRuntime",
      ]),
    program("tandemd", on: ["TandemServer", "TandemPlatform"]),
    // Foundation brings libraries of its own; this program is not one to be fast.
    program("tandem", on: ["TandemCommand", "TandemPlatform"], carriesRuntime: false),
    program("tandem-sim", on: ["TandemSimulation"]),
    suite(
      "Fuzzing",
      on: [
        "JournalConformance", "TandemJournal", "TandemPlatform", "TandemPrimitives",
        "TandemSimulation", "TandemWire", "WireSamples",
      ]),
    suite(
      "GoldenFiles",
      on: ["TandemJournal", "TandemPlatform", "TandemRuntime", "TandemServer", "TandemWire"]),
    suite("JournalConformance", on: ["TandemJournal", "TandemPrimitives"]),
    suite(
      "RunningServer",
      on: [
        "TandemServer", "TandemRuntime", "TandemJournal", "TandemPlatform", "TandemPrimitives",
      ]),
    suite("StartedPrograms", on: []),
    suite("TestThreads", on: ["TandemPlatform"]),
    suite("WireSamples", on: ["TandemDomain", "TandemPrimitives", "TandemWire"]),
    .executableTarget(
      name: "tandem-fuzz", dependencies: ["Fuzzing", "TandemPlatform"], path: "Tests/tandem-fuzz",
      swiftSettings: strictTests),
    .executableTarget(
      name: "tandem-golden",
      dependencies: [
        "GoldenFiles", "TandemDomain", "TandemPlatform", "TandemPrimitives", "TandemWire",
      ],
      path: "Tests/tandem-golden", swiftSettings: strictTests),
    .executableTarget(
      name: "codec-bench",
      dependencies: [
        "CProtobufC", "CTandemWire", "GoldenFiles", "TandemDomain", "TandemPrimitives",
        "TandemRuntime", "TandemWire",
      ],
      path: "Tests/codec-bench", swiftSettings: strictTests),
    tests("FuzzingTests", on: ["Fuzzing"]),
    tests(
      "GoldenTests",
      on: [
        "GoldenFiles", "TandemDomain", "TandemJournal", "TandemPlatform", "TandemPrimitives",
        "TandemWire",
      ]),
    tests("AcceptanceTests", on: ["TandemClient", "RunningServer", "TandemWire"]),
    tests(
      "TandemClientTests",
      on: [
        "TandemClient", "TandemDomain", "TandemPlatform", "TandemPrimitives", "TandemWire",
        "TestThreads",
      ]),
    tests(
      "TandemCommandTests",
      on: [
        "TandemCommand", "JournalConformance", "RunningServer", "TandemClient", "TandemJournal",
        "TandemPlatform", "TandemPrimitives", "TestThreads",
      ]),
    tests("TandemDomainTests", on: ["TandemDomain", "TandemPrimitives"]),
    tests(
      "TandemJournalTests",
      on: [
        "TandemJournal", "JournalConformance", "TandemPlatform", "TandemPrimitives",
        "TandemSimulation", "TestThreads",
      ]),
    tests(
      "TandemPlatformTests",
      on: ["TandemPlatform", "TandemPrimitives", "CLinux", "TestThreads"]),
    tests("TandemPrimitivesTests", on: ["TandemPrimitives"]),
    tests(
      "TandemProcessTests",
      on: [
        "TandemClient", "TandemPlatform", "TandemPrimitives", "TandemWire", "StartedPrograms",
        "tandem", "tandemd",
      ]),
    tests("TandemRecordTests", on: ["TandemWire", "TandemDomain", "TandemPrimitives"]),
    tests(
      "TandemRuntimeTests",
      on: [
        "TandemDomain", "TandemJournal", "TandemPlatform", "TandemPrimitives", "TandemRuntime",
        "TandemWire", "TestThreads",
      ]),
    tests(
      "TandemServerTests",
      on: [
        "TandemServer", "TandemRuntime", "TandemJournal", "TandemPlatform", "TandemWire",
        "TandemDomain", "TandemPrimitives", "RunningServer",
      ]),
    tests(
      "TandemSimulationTests",
      on: ["TandemSimulation", "StartedPrograms", "TestThreads", "tandem-sim"]),
    tests(
      "TandemWireTests",
      on: [
        "TandemPrimitives", "TandemDomain", "TandemWire", "CTandemWire", "CProtobufC",
        "WireSamples",
      ],
      excluding: ["Golden"]),
    tests("TidyTests", on: ["StartedPrograms"]),
  ],
  cLanguageStandard: .c11
)
