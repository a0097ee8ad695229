// SPDX-License-Identifier: Apache-2.0
// Reads the targets and their dependencies out of Package.swift, which writes one call per target.

/// The graph of targets as the package manifest states it.
struct Manifest {
  /// Target name → the names of the targets that it depends on; tests apart.
  var targets: [String: Set<String>] = [:]
  var tests: Set<String> = []

  init(_ text: String) {
    guard let start = text.range(of: "targets: [\n"), let end = text.range(of: "cLanguageStandard")
    else { return }
    var rest = text[start.upperBound..<end.lowerBound]
    while let call = rest.firstMatch(
      of: #/(?:\b|\.)(module|program|tests|systemLibrary|target|executableTarget)\(/#)
    {
      let body = Manifest.arguments(rest[call.range.upperBound...])
      let names = body.matches(of: #/"([A-Za-z][A-Za-z0-9-]*)"/#).map { String($0.1) }
      if let name = names.first {
        // A target beside the tests is support for them and belongs to no layer.
        if call.1 == "tests" || body.contains("path: \"Tests/") {
          tests.insert(name)
        } else {
          targets[name] =
            call.1 == "systemLibrary"
            ? [] : Set(names.dropFirst()).filter { $0.first?.isUppercase == true }
        }
      }
      rest = rest[body.endIndex...]
    }
  }

  /// The text up to the parenthesis that closes the call.
  private static func arguments(_ text: Substring) -> Substring {
    var depth = 1
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return text[..<index] }
    }
    return text
  }
}
