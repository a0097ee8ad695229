// SPDX-License-Identifier: Apache-2.0
// Names as people look for them: without regard to case, accents and punctuation, from any word on.

/// A name in lower case and without accents, its words separated by one space.
///
/// Letters of the Latin script lose what is above, below and across them; other scripts only their case.
package struct FoldedName: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ text: Text) {
    var folder = Folder()
    folder.reserve(text.byteCount)
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      for byte in text.utf8 { folder.take(ascii: byte) }
    } else {
      for scalar in text.string.unicodeScalars { folder.take(scalar) }
    }
    bytes = folder.bytes
  }

  package var isEmpty: Bool { bytes.isEmpty }

  /// The first bytes, which decide most comparisons without a look at the rest.
  package struct Beginning: Sendable, Comparable {
    package static let bytes = 16
    private let high: UInt64
    private let low: UInt64

    fileprivate init(_ bytes: [UInt8], filler: UInt8) {
      func number(_ range: Range<Int>) -> UInt64 {
        range.reduce(0) { $0 << 8 | UInt64($1 < bytes.count ? bytes[$1] : filler) }
      }
      high = number(0..<8)
      low = number(8..<16)
    }

    package static func < (left: Beginning, right: Beginning) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }

  /// Of a shorter name filled up with a byte of the caller's.
  package func beginning(filledWith filler: UInt8 = 0) -> Beginning {
    Beginning(bytes, filler: filler)
  }

  /// Whether the name from one of its words on begins with what was typed.
  package func hasWord(beginningWith typed: FoldedName) -> Bool {
    Self.wordStarts(of: bytes).contains { bytes[$0...].starts(with: typed.bytes) }
  }

  /// One bit per beginning of a word, so that most names are passed over without a look at them.
  package var wordMarks: UInt64 {
    var marks: UInt64 = 0
    for start in Self.wordStarts(of: bytes) { marks |= Self.mark(of: bytes[start...]) }
    return marks
  }

  /// The marks of names in which a word may begin like this.
  package var marksOfMatches: UInt64 { bytes.count > 1 ? Self.mark(of: bytes[...]) : .max }

  private static func wordStarts(of bytes: [UInt8]) -> some Sequence<Int> {
    bytes.indices.lazy.filter { $0 == 0 || bytes[$0 - 1] == Folder.space }
  }

  private static func mark(of word: ArraySlice<UInt8>) -> UInt64 {
    let second = word.count > 1 ? word[word.startIndex + 1] : 0
    return 1 << UInt64((word[word.startIndex] &* 31 &+ second) & 63)
  }
}

extension FoldedName: Comparable {
  package static func < (left: FoldedName, right: FoldedName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

private struct Folder {
  static let space = UInt8(ascii: " ")
  private(set) var bytes: [UInt8] = []
  private var isBetweenWords = false

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func take(_ scalar: Unicode.Scalar) {
    // Marks that stand on the letter before.
    if (0x300...0x36F).contains(scalar.value) { return }
    if let letters = Self.latin(scalar.value) { return append(letters) }
    let properties = scalar.properties
    guard properties.isAlphabetic || properties.numericType != nil else {
      isBetweenWords = true
      return
    }
    append(properties.lowercaseMapping)
  }

  /// The same for the commonest letters, without a look at tables.
  mutating func take(ascii byte: UInt8) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      beginWord()
      bytes.append(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      beginWord()
      bytes.append(byte + 32)
    default: isBetweenWords = true
    }
  }

  private mutating func append(_ letters: String) {
    beginWord()
    bytes.append(contentsOf: letters.utf8)
  }

  private mutating func beginWord() {
    if isBetweenWords, !bytes.isEmpty { bytes.append(Self.space) }
    isBetweenWords = false
  }

  /// The plain letters of a letter between U+00C0 and U+021B.
  private static func latin(_ value: UInt32) -> String? {
    switch value {
    case 0xC0...0xC5, 0xE0...0xE5, 0x100...0x105: "a"
    case 0xC6, 0xE6: "ae"
    case 0xC7, 0xE7, 0x106...0x10D: "c"
    case 0xD0, 0xF0, 0x10E...0x111: "d"
    case 0xC8...0xCB, 0xE8...0xEB, 0x112...0x11B: "e"
    case 0x11C...0x123: "g"
    case 0x124...0x127: "h"
    case 0xCC...0xCF, 0xEC...0xEF, 0x128...0x131: "i"
    case 0x132, 0x133: "ij"
    case 0x134, 0x135: "j"
    case 0x136...0x138: "k"
    case 0x139...0x142: "l"
    case 0xD1, 0xF1, 0x143...0x14B: "n"
    case 0xD2...0xD6, 0xD8, 0xF2...0xF6, 0xF8, 0x14C...0x151: "o"
    case 0x152, 0x153: "oe"
    case 0x154...0x159: "r"
    case 0x15A...0x161, 0x17F, 0x218, 0x219: "s"
    case 0xDF: "ss"
    case 0x162...0x167, 0x21A, 0x21B: "t"
    case 0xDE, 0xFE: "th"
    case 0xD9...0xDC, 0xF9...0xFC, 0x168...0x173: "u"
    case 0x174, 0x175: "w"
    case 0xDD, 0xFD, 0xFF, 0x176...0x178: "y"
    case 0x179...0x17E: "z"
    default: nil
    }
  }
}
