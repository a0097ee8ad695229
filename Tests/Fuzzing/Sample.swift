// SPDX-License-Identifier: Apache-2.0
// What mutations begin from, and what a reader may say to the result.

package import TandemPrimitives

/// A valid input, with the places where a change means something.
package struct Sample: Sendable {
  /// A number of one, two, four or eight bytes.
  package struct Field: Sendable {
    let offset: Int
    let width: Int
  }

  package var bytes: [UInt8]
  package var fields: [Field]
  /// Whole parts: frames, records, chunks, entries of an index.
  package var parts: [Range<Int>]

  package init(_ bytes: [UInt8], fields: [Field] = [], parts: [Range<Int>] = []) {
    self.bytes = bytes
    self.fields = fields
    self.parts = parts
  }

  /// Notes fields by their distance from an offset.
  mutating func note(at start: Int, _ fields: [(offset: Int, width: Int)]) {
    for field in fields {
      self.fields.append(Field(offset: start + field.offset, width: field.width))
    }
  }
}

package enum Verdict: Sendable, Equatable {
  case accepted
  /// Why the reader refused the bytes, without the numbers of this one input.
  case refused(String)
  /// The reader accepted the bytes and broke a promise.
  case broken(String)
}

/// A reader under test.
package protocol FuzzTarget: AnyObject {
  var name: String { get }
  /// Inputs from which the mutations begin.
  var samples: [Sample] { get }
  /// Changes a sample; the standard is the mutator's bytes.
  func vary(_ sample: Sample, _ mutator: inout Mutator) -> [UInt8]
  /// Makes checksums again, so that a change gets past them.
  func mend(_ bytes: inout [UInt8], _ random: inout SeededRandom)
  func read(_ bytes: [UInt8]) -> Verdict
}

extension FuzzTarget {
  package func vary(_ sample: Sample, _ mutator: inout Mutator) -> [UInt8] {
    mutator.changed(sample, donor: mutator.pick(samples))
  }
  package func mend(_ bytes: inout [UInt8], _ random: inout SeededRandom) {}
}

/// A refusal without numbers, paths and quotations, so that equal reasons count as one.
package func reason(_ text: String) -> String {
  let words = text.prefix { $0 != "'" }.split(separator: " ").filter { word in
    word == "UTF-8" || !word.utf8.contains { (48...57).contains($0) || $0 == 47 || $0 == 46 }
  }
  let sentence = words.joined(separator: " ")
  return sentence.hasSuffix("\")") ? String(sentence.dropLast(2)) : sentence
}
