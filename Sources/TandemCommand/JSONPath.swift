// SPDX-License-Identifier: Apache-2.0
// Names one part of a result, so that scripts need no other program to read it.

import Foundation

/// Names and places of lists with points between them, such as `0.deal.id`.
package struct JSONPath {
  let text: String

  package init(_ text: String) { self.text = text }

  /// The part as text: strings as they are, anything else as JSON.
  package func part(of json: String) throws -> String {
    var found = try JSONSerialization.jsonObject(
      with: Data(json.utf8), options: .fragmentsAllowed)
    var way = ""
    for step in text.split(separator: ".", omittingEmptySubsequences: false) {
      found = try next(found, String(step), way)
      way += way.isEmpty ? "\(step)" : ".\(step)"
    }
    if let text = found as? String { return text }
    let data = try JSONSerialization.data(
      withJSONObject: found,
      options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private func next(_ value: Any, _ step: String, _ way: String) throws -> Any {
    let place = way.isEmpty ? "the result" : "\(way) of the result"
    if let object = value as? [String: Any] {
      if let part = object[step] { return part }
      throw NoPart(
        "\(place) has no \"\(step)\"; it has \(object.keys.sorted().joined(separator: ", "))")
    }
    if let list = value as? [Any] {
      if let index = Int(step), list.indices.contains(index) { return list[index] }
      throw NoPart(
        list.isEmpty
          ? "\(place) is an empty list"
          : "\(place) is a list with places 0 to \(list.count - 1), and \"\(step)\" is none")
    }
    throw NoPart("\(place) is a value and has no parts such as \"\(step)\"")
  }

  /// A part that a result does not have.
  struct NoPart: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
  }
}
