// SPDX-License-Identifier: Apache-2.0
// Turns arguments and environment into a configuration, or into a sentence that says what is wrong.

import TandemPrimitives

/// What the arguments ask for.
package enum Invocation: Sendable, Equatable {
  case run(ServerConfiguration)
  case help(String)
  case version(String)
}

/// Why the arguments cannot be used; the text is for the operator.
package struct ConfigurationError: Error, Sendable, Equatable {
  package let text: String
  package init(text: String) { self.text = text }
}

package let productVersion = "0.1.0"

/// Reads the environment first, then the arguments, which win.
package func readInvocation(
  arguments: [String], environment: [String: String]
) throws(ConfigurationError) -> Invocation {
  if arguments.contains("--help") || arguments.contains("-h") { return .help(helpText()) }
  if arguments.contains("--version") { return .version("tandemd \(productVersion)") }
  var configuration = ServerConfiguration()
  for option in ServerOption.all {
    guard let value = environment[option.environmentName] else { continue }
    try apply(option, value, named: option.environmentName, to: &configuration)
  }
  var index = 0
  while index < arguments.count {
    index += try readArgument(arguments[index...], into: &configuration)
  }
  if let contradiction = configuration.contradiction {
    throw ConfigurationError(text: contradiction)
  }
  return .run(configuration)
}

/// The variables that `readInvocation` looks for.
package var environmentNames: [String] { ServerOption.all.map(\.environmentName) }

/// Reads one option and says how many arguments it took.
private func readArgument(
  _ rest: ArraySlice<String>, into configuration: inout ServerConfiguration
) throws(ConfigurationError) -> Int {
  let argument = rest[rest.startIndex]
  let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
  let name = String(parts[0])
  guard let option = ServerOption.all.first(where: { $0.name == name }) else {
    throw ConfigurationError(text: unknownOption(name))
  }
  if case .flag(let store) = option.form {
    guard parts.count == 1 else {
      throw ConfigurationError(text: "\(name) takes no value, found \(parts[1])")
    }
    store(&configuration, true)
    return 1
  }
  if parts.count == 2 {
    try apply(option, String(parts[1]), named: name, to: &configuration)
    return 1
  }
  guard rest.count > 1 else {
    throw ConfigurationError(text: "\(name) needs a value: \(name) \(option.value ?? "VALUE")")
  }
  try apply(option, rest[rest.startIndex + 1], named: name, to: &configuration)
  return 2
}

private func apply(
  _ option: ServerOption, _ value: String, named name: String,
  to configuration: inout ServerConfiguration
) throws(ConfigurationError) {
  switch option.form {
  case .flag(let store):
    switch value {
    case "1", "true", "yes": store(&configuration, true)
    case "0", "false", "no", "": store(&configuration, false)
    default: throw ConfigurationError(text: "\(name) is \(value), expected 1 or 0")
    }
  case .count(let range, let store):
    guard let count = Int(value), range.contains(count) else {
      throw ConfigurationError(
        text: "\(name) is \(value), expected a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    store(&configuration, count)
  case .text(let store):
    guard store(&configuration, value) else {
      throw ConfigurationError(
        text: "\(name) is \"\(value)\", expected \(option.value ?? "a value"): \(option.meaning)")
    }
  }
}

private func unknownOption(_ name: String) -> String {
  let names = ServerOption.all.map(\.name) + ["--help", "--version"]
  let near = nearWords(to: name, among: names)
  let hint = near.isEmpty ? "see tandemd --help" : "did you mean \(near.joined(separator: ", "))?"
  return "unknown option \(name); \(hint)"
}

package func helpText() -> String {
  var lines = [
    "tandemd \(productVersion): co-sell deal server", "", "usage: tandemd [options]", "",
  ]
  for option in ServerOption.all {
    let head = option.value.map { "\(option.name) \($0)" } ?? option.name
    let gap = String(repeating: " ", count: max(2, 32 - head.utf8.count))
    lines.append("  \(head)\(gap)\(option.meaning)")
  }
  lines += [
    "  --help, --version", "",
    "Every option may be given as TANDEM_<NAME> in the environment, for example TANDEM_LISTEN.",
    "", "examples:",
    "  tandemd --demo                                 a world to try things in",
    "  tandemd --data /var/lib/tandem                 an empty server for this machine",
    "  tandemd --listen 127.0.0.1:0 --data \"$(mktemp -d)\"   a free port, for tests",
  ]
  return lines.joined(separator: "\n")
}
