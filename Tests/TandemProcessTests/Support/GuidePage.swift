// SPDX-License-Identifier: Apache-2.0
// A page of the guide as what it is to a reader: commands, and what they print.

import Foundation

struct GuidePage {
  /// Commands that are typed together, and what is promised of their output.
  struct Step: Sendable {
    let line: Int
    let commands: String
    let promised: [String]
    let isChecked: Bool

    /// Only asks, so that it may be asked again until counterparts were told.
    var onlyReads: Bool {
      let calls = commands.split(separator: "\n").filter { $0.contains("tandem ") }
      return calls.allSatisfy {
        $0.contains(
          #/tandem (deal (get|list|history)|(inbox|solution|lead) list|lead show|customer suggest) /#
        )
      }
        || calls.allSatisfy {
          $0.contains(#/tandem (deal (get|list|history)|(inbox|solution|lead) list|lead show)$/#)
        }
    }
  }

  let steps: [Step]

  init(_ text: String) {
    var steps: [Step] = []
    var fence = ""
    var start = 0
    var block: [String] = []
    for (number, line) in text.components(separatedBy: "\n").enumerated() {
      guard line.hasPrefix("```") else {
        block.append(line)
        continue
      }
      if fence.isEmpty {
        fence = String(line.dropFirst(3))
        start = number + 2
      } else {
        if fence == "sh" {
          steps.append(
            Step(
              line: start, commands: block.joined(separator: "\n"), promised: [], isChecked: false))
        } else if fence == "text", let last = steps.popLast() {
          steps.append(
            Step(line: last.line, commands: last.commands, promised: block, isChecked: true))
        }
        fence = ""
      }
      block = []
    }
    self.steps = steps
  }

  /// Whether lines are as promised: `…` in a line stands for anything, alone in the last for more lines.
  static func keeps(_ promised: [String], _ printed: [String]) -> Bool {
    let isOpen = promised.last == "…"
    let wanted = isOpen ? promised.dropLast() : promised[...]
    guard isOpen ? printed.count >= wanted.count : printed.count == wanted.count else {
      return false
    }
    return zip(wanted, printed).allSatisfy { matches($0, $1) }
  }

  private static func matches(_ promised: String, _ line: String) -> Bool {
    // Columns are as wide as what is in them, so blanks count as one.
    let parts = promised.components(separatedBy: "…").map(squeezed)
    var rest = squeezed(line)[...]
    for (index, part) in parts.enumerated() {
      let text = part.trimmingCharacters(in: .whitespaces)
      if index == 0 {
        guard rest.hasPrefix(text) else { return false }
        rest = rest.dropFirst(text.count)
      } else if index == parts.count - 1, !text.isEmpty {
        guard rest.hasSuffix(text) else { return false }
        rest = ""
      } else if let place = rest.range(of: text) {
        rest = rest[place.upperBound...]
      } else if !text.isEmpty {
        return false
      }
    }
    return parts.count > 1 || rest.isEmpty
  }

  private static func squeezed(_ text: String) -> String {
    text.split(separator: " ").joined(separator: " ")
  }
}
