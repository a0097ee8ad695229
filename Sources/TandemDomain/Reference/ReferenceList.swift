// SPDX-License-Identifier: Apache-2.0
// Reference data (product.md 3, ruling 9): named lists, each with a version and the day since when it
// holds. DescribeRules tells the very entries that requests are checked against.

package import TandemPrimitives

package struct ReferenceList: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    /// The number that requests carry; zero where they carry the word.
    package let code: UInt32
    /// For programs, for ever: a name of the schema in lower case, or a standard's letters.
    package let word: String
    /// For people.
    package let text: String
    /// Nothing is written with it before.
    package var from: Timestamp?
    /// Nothing is written with it from then on; what has it stays as it is.
    package var until: Timestamp?
    /// Of a currency.
    package var decimals: UInt8 = 0
    /// Of a kind of help: words with which notes name it.
    package var namedBy: [String] = []

    package init(_ code: UInt32, _ word: String, _ text: String) {
      self.code = code
      self.word = word
      self.text = text
    }
  }

  package let name: String
  /// Counts the changes of the entries; zero for what the organisation itself sets.
  package let version: UInt32
  /// Since when this version holds.
  package let effective: Timestamp?
  package let entries: [Entry]

  init(_ name: String, version: UInt32, since effective: Timestamp?, _ entries: [Entry]) {
    self.name = name
    self.version = version
    self.effective = effective
    self.entries = entries
  }
}

/// A closed list that requests carry by number.
package protocol ReferenceCode: RawRepresentable<UInt8>, CaseIterable, Sendable {
  /// The name in the schema, in lower case.
  var word: String { get }
  /// What it means, for people.
  var meaning: String { get }
}

extension ReferenceCode {
  package var word: String { "\(self)".snakeCased }

  static var entries: [ReferenceList.Entry] {
    allCases.map { ReferenceList.Entry(UInt32($0.rawValue), $0.word, $0.meaning) }
  }
}

extension String {
  /// `proofOfConcept` becomes `proof_of_concept`.
  fileprivate var snakeCased: String {
    String(flatMap { $0.isUppercase ? ["_", Character($0.lowercased())] : [$0] })
  }
}
