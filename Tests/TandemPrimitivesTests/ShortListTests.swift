// SPDX-License-Identifier: Apache-2.0
import TandemPrimitives
import Testing

struct ShortListTests {
  @Test(arguments: 0...4)
  func `holds what was appended, in order`(_ count: Int) {
    var list = ShortList<String>()
    let given = (0..<count).map { "element \($0)" }
    for element in given { list.append(element) }
    #expect(list.count == count)
    #expect(list.isEmpty == (count == 0))
    #expect(Array(list) == given)
    #expect(list.indices.map { list[$0] } == given)
    #expect(Array(list.reversed()) == given.reversed())
    #expect(list == ShortList(given))
  }

  @Test func `lists are equal when all elements are`() {
    let list: ShortList = [1, 2, 3]
    #expect(list == [1, 2, 3])
    #expect(list != [1, 2])
    #expect(list != [1, 2, 4])
    #expect(list != [])
    #expect(ShortList<Int>() == [])
  }

  @Test func `a copy goes its own way`() {
    let list: ShortList = [1]
    var copy = list
    copy.append(2)
    #expect(list == [1])
    #expect(copy == [1, 2])
  }

  @Test func `an index outside stops the process`() async {
    await #expect(processExitsWith: .failure) { _ = ShortList<Int>()[0] }
    await #expect(processExitsWith: .failure) { _ = ShortList([1])[1] }
    await #expect(processExitsWith: .failure) { _ = ShortList([1])[-1] }
  }
}
