// SPDX-License-Identifier: Apache-2.0
// Upper and lower case beyond ASCII, for comparing names: Latin, Greek, Cyrillic and Armenian letters, one by
// one. No letter changes how many bytes it has, so that texts equal but for case are equally long.

package enum CaseFolding {
  /// The bytes with letters beyond ASCII in lower case; ASCII stays as it is, and costs one look.
  ///
  /// A letter that is cut off at the end stays as it is.
  package static func beyondASCII(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.contains(where: { $0 >= 0x80 }) else { return text }
    var bytes = [UInt8](text)
    var place = 0
    while place < bytes.count {
      let first = bytes[place]
      if first >= 0xC2, first < 0xE0, place + 1 < bytes.count {
        let letter = UInt32(first & 0x1F) << 6 | UInt32(bytes[place + 1] & 0x3F)
        let folded = lowerOfTwoBytes(letter)
        bytes[place] = 0xC0 | UInt8(folded >> 6)
        bytes[place + 1] = 0x80 | UInt8(folded & 0x3F)
        place += 2
      } else if first >= 0xE0, first < 0xF0, place + 2 < bytes.count {
        let rest = UInt32(bytes[place + 1] & 0x3F) << 6 | UInt32(bytes[place + 2] & 0x3F)
        let folded = lowerOfThreeBytes(UInt32(first & 0x0F) << 12 | rest)
        bytes[place + 1] = 0x80 | UInt8(folded >> 6 & 0x3F)
        bytes[place + 2] = 0x80 | UInt8(folded & 0x3F)
        place += 3
      } else {
        place += 1
      }
    }
    return bytes[...]
  }

  private static func lowerOfTwoBytes(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0xD7: letter
    case 0xC0...0xDE: letter + 32
    case 0x178: 0xFF
    // Pairs of which the even one is upper case.
    case 0x100...0x12F, 0x132...0x137, 0x14A...0x177, 0x1DE...0x1EF, 0x1F8...0x21F, 0x222...0x233,
      0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F:
      letter | 1
    // Pairs of which the odd one is.
    case 0x139...0x148, 0x179...0x17E, 0x1CD...0x1DC, 0x4C1...0x4CE: letter + (letter & 1)
    case 0x386: 0x3AC
    case 0x388...0x38A: letter + 37
    case 0x38C: 0x3CC
    case 0x38E, 0x38F: letter + 63
    case 0x391...0x3A1, 0x3A3...0x3AB: letter + 32
    // A sigma at the end of a word is one.
    case 0x3C2: 0x3C3
    case 0x400...0x40F: letter + 80
    case 0x410...0x42F: letter + 32
    case 0x4C0: 0x4CF
    case 0x531...0x556: letter + 48
    default: letter
    }
  }

  private static func lowerOfThreeBytes(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0x1E00...0x1E95, 0x1EA0...0x1EFF: letter | 1
    // Full width.
    case 0xFF21...0xFF3A: letter + 32
    default: letter
    }
  }
}
