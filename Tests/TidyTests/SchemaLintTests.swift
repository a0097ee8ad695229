// SPDX-License-Identifier: Apache-2.0
// scripts/lint-proto notices what protobuf-c, the guard or the method registry cannot carry.

import Foundation
import StartedPrograms
import Testing

struct SchemaLintTests {
  private static let head = "syntax = \"proto3\";\npackage tandem.v1;\n"
  private static let service =
    "message A { bool validate_only = 1; }\nmessage Blind {}\nservice System { rpc Describe(A) returns (A); }\nservice Deals { rpc Get(A) returns (A); }\n"
  private static let registry = """
    enum Method {
      METHOD_UNSPECIFIED = 0;
      METHOD_DESCRIBE = 1;  // System.Describe NO_SIDE_EFFECTS
      METHOD_GET = 16;  // Deals.Get IDEMPOTENT
    }
    """

  @Test func `schemas within the rules are accepted`() throws {
    let answer = try lint(
      Self.service + "message B { A a = 1; oneof maybe { int32 n = 3; } reserved 2; }\n"
        + Self.registry)
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test(arguments: [
    ("message B { optional int32 n = 1; }", "is optional"),
    ("message B { map<string, int32> n = 1; }", "is a map"),
    ("message B { B b = 1; }", "tandem.v1.B → tandem.v1.B"),
    (
      "message B { C c = 1; }\nmessage C { repeated B b = 1; }",
      "tandem.v1.B → tandem.v1.C → tandem.v1.B"
    ),
    ("message B { int32 m = 2; int32 n = 1; }", "n = 1 follows 2"),
    ("message B { reserved 2; int32 n = 2; }", "reserved"),
    (
      "import \"elsewhere/empty.proto\";\nmessage B { elsewhere.Empty n = 1; }",
      "outside tandem/"
    ),
    ("message B {" + (1...65).map { "int32 n\($0) = \($0);" }.joined() + "}", "65 fields"),
    ("service Late { rpc Get(A) returns (A); }", "Late.Get has no number"),
    ("service Late { rpc Put(stream A) returns (A); }", "streams from the client"),
  ])
  func `a schema beyond the rules is found`(schema: String, message: String) throws {
    let answer = try lint(Self.service + schema + "\n" + Self.registry)
    #expect(answer.status == 1)
    #expect(answer.output.contains(message), "\(answer.output)")
  }

  @Test func `what changes something without a dry run is found`() throws {
    let answer = try lint(
      Self.service.replacing("rpc Get(A)", with: "rpc Get(Blind)") + Self.registry)
    #expect(answer.status == 1)
    #expect(answer.output.contains("has no validate_only"), "\(answer.output)")
  }

  @Test(arguments: [
    ("// Deals.Get IDEMPOTENT", "// Deals.Get", "kind ``"),
    ("// Deals.Get IDEMPOTENT", "// Deals.Gone IDEMPOTENT", "`Deals.Gone` is no rpc"),
    ("// Deals.Get IDEMPOTENT", "// System.Describe IDEMPOTENT", "has a number already"),
    ("= 16;", "= 15;", "1 to 15 belong to System"),
    ("METHOD_DESCRIBE = 1;", "METHOD_DESCRIBE = 17;", "follows 17"),
  ])
  func `a registry out of step with the services is found`(
    part: String, replacement: String, message: String
  ) throws {
    let answer = try lint(Self.service + Self.registry.replacing(part, with: replacement))
    #expect(answer.status == 1)
    #expect(answer.output.contains(message), "\(answer.output)")
  }

  private func lint(_ text: String) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "tandem-lint-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let schemas = folder.appending(path: "tandem/v1")
    try FileManager.default.createDirectory(at: schemas, withIntermediateDirectories: true)
    try Data((Self.head + text).utf8).write(to: schemas.appending(path: "methods.proto"))
    // A schema of somebody else; those that come with protoc are not installed everywhere.
    let foreign = folder.appending(path: "elsewhere")
    try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: true)
    try Data("syntax = \"proto3\";\npackage elsewhere;\nmessage Empty {}\n".utf8).write(
      to: foreign.appending(path: "empty.proto"))
    let lint = [Repository.root.appending(path: "scripts/lint-proto").path, folder.path]
    let (ending, output) = try StartedProgram.output(
      of: lint, errors: StartedProgram.errorsAmongOutput)
    guard case .code(let status) = ending else { throw ProcessFailure(description: output) }
    return (status, output)
  }
}
