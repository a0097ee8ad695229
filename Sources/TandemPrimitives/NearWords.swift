// SPDX-License-Identifier: Apache-2.0
// Which known words somebody may have meant with an unknown one.

/// The known words that lie a few letters from a word, or contain it; in ascending order.
package func nearWords(to word: String, among known: [String]) -> [String] {
  // A short word is near to anything: at most a third of its letters may be wrong.
  let wrongMax = min(3, max(1, word.utf8.count / 3))
  return known.filter { name in
    // Words whose lengths differ by more are not near, however long they take to compare.
    abs(name.utf8.count - word.utf8.count) <= wrongMax && editDistance(name, word) <= wrongMax
      || (word.utf8.count > 3 && name.contains(word))
  }.sorted()
}

/// How many letters must be changed, added, left out or swapped with their neighbour.
private func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left.utf8), Array(right.utf8))
  var rows = [Array(0...right.count)]
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      let change = rows[row][column] + (letter == other ? 0 : 1)
      var least = min(change, rows[row][column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        least = min(least, rows[row - 1][column - 1] + 1)
      }
      current.append(least)
    }
    rows.append(current)
  }
  return rows[left.count][right.count]
}
