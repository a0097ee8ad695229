// SPDX-License-Identifier: Apache-2.0
// Files of deals as texts: cells, JSON and the notation of people and solutions, without a server.

import TandemClient
import TandemCommand
import Testing

struct BulkTextTests {
  /// Rows of a text that comes in pieces of so many bytes.
  private func rows(_ text: String, piece: Int = 3, bytesMax: Int = 1_000) throws -> [[String]] {
    var reader = CSVReader(Self.pieces(Array(text.utf8), piece), recordBytesMax: bytesMax)
    var rows: [[String]] = []
    while let record = try reader.next() {
      #expect(record.unreadableCell == nil)
      rows.append(record.cells)
    }
    return rows
  }

  private static func pieces(_ bytes: [UInt8], _ count: Int) -> ByteStream {
    var rest = bytes[...]
    return ByteStream {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }

  @Test(arguments: [1, 2, 3, 100])
  func `cells are read with quotes, newlines, marks and any line ends`(piece: Int) throws {
    let text =
      "\u{FEFF}a,b,\"c\"\r\n\"x, \"\"y\"\"\",\"one\r\ntwo\nthree\",\n\n\r\n,,ü🚀\n\"\"\nlast,,"
    #expect(
      try rows(text, piece: piece) == [
        ["a", "b", "c"], ["x, \"y\"", "one\r\ntwo\nthree", ""], ["", "", "ü🚀"], [""],
        ["last", "", ""],
      ])
    #expect(try rows("", piece: piece) == [])
    #expect(try rows("\u{FEFF}", piece: piece) == [])
    #expect(try rows("one", piece: piece) == [["one"]])
  }

  @Test(arguments: [
    ("a,b\nü,x\"y", "line 2, column 4: a quotation mark inside a cell"),
    ("a\n\"x\"y,z", "line 2, column 4: text behind the quotation mark"),
    ("a\n1,\"x\ny", "line 2, column 3: the quotation mark that opens here is never closed"),
    ("a\rb", "line 1, column 3: a carriage return without a newline"),
    ("a\n\"" + String(repeating: "x", count: 1_000), "has more than 1000 bytes"),
  ])
  func `what is no CSV is refused with its line and column`(text: String, part: String) {
    let error = #expect(throws: (any Error).self) { try rows(text) }
    #expect(error.map { "\($0)" }?.contains(part) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func `a cell that is no UTF-8 is named, and the next row is read`() throws {
    var reader = CSVReader(
      Self.pieces(Array("a,b\nx,".utf8) + [0xFF, 0x0A] + Array("c,d".utf8), 4))
    let records = [try reader.next(), try reader.next(), try reader.next()]
    #expect(records.map { $0?.unreadableCell } == [nil, 2, nil])
    #expect(records.map { $0?.line } == [1, 2, 3])
    #expect(records[2]?.cells == ["c", "d"])
  }

  @Test(arguments: [
    "", "plain", "=1+1", "+49", "-5.00 EUR", "@me", "\ttab", "\rreturn", "'=quoted", "''-twice",
    "'plain", "'", "a,b", "say \"hi\"", "\"\u{301}accent", "one\ntwo", "one\r\ntwo", " spaced ",
    "ü🚀", "a'=b",
  ])
  func `a cell comes back as it was, and no spreadsheet runs it`(text: String) throws {
    let line = CSVText.line([text, "end"])
    #expect(line.unicodeScalars.last == "\r")
    let cells = try rows(line + "\n")[0]
    #expect(CSVText.plain(cells[0]).utf8.elementsEqual(text.utf8))
    #expect(!["=", "+", "-", "@", "\t", "\r"].contains(cells[0].unicodeScalars.first ?? " "))
  }

  @Test(arguments: [
    "Ada Berg <ada@x.example> +49 40 1234", "Ada van der Berg <ada@x.example>",
    "Berg, Ada Maria <ada@x.example> +49 40 1234, Head of sales", "Berg,  <b@x.example>",
    ", Ada <a@x.example>, Chief", "<nobody@x.example>", "<>", "A\\;B C\\,D <a\\<b@x> 1\\,2, x\\, y",
    "Back\\\\slash X\\  <x@y>", "Ünal Ö\u{308} <ü@x.example>",
  ])
  func `people are written as they are read`(text: String) throws {
    let person = try ItemNotation.person(text)
    let written = ItemNotation.text(of: person)
    #expect(written.filter { $0 != " " }.utf8.elementsEqual(text.filter { $0 != " " }.utf8))
    #expect(try ItemNotation.person(written) == person)
  }

  @Test func `names with spaces are told apart by a comma`() throws {
    let ada = try ItemNotation.person("Berg, Ada Maria <ada@x.example> +49 40 1, Head")
    #expect(ada.firstName == "Ada Maria" && ada.lastName == "Berg" && ada.email == "ada@x.example")
    #expect(ada.phone == "+49 40 1" && ada.title == "Head")
    let carl = try ItemNotation.person("Carl von Conte <c@x.example>")
    #expect(carl.firstName == "Carl" && carl.lastName == "von Conte" && carl.phone.isEmpty)
    for bad in ["Ada Berg", "Ada <a@x", "Ada a@x>", "A, B, C <x>", "A <x> 1, 2, 3", "A <x> 1\\"] {
      #expect(throws: Unreadable.self) { try ItemNotation.person(bad) }
    }
  }

  @Test func `solutions are written as they are read`() throws {
    for text in [
      "Rack", "Rack | quantity 2.5 | price 100.00 EUR", "A \\| B\\; C | quantity 1",
      "sol_00000000000000000000000001 | price -0.50 USD", "Rack | quantity 0.001",
    ] {
      #expect(try ItemNotation.text(of: ItemNotation.solution(text)) == text)
    }
    for bad in [
      "", " | quantity 1", "R | quantity 0", "R | quantity 1.2345", "R | colour red",
      "R | price 5", "R | quantity 1 | quantity 2",
    ] {
      #expect(throws: Unreadable.self) { try ItemNotation.solution(bad) }
    }
  }

  @Test func `lists in a cell come back whatever their words hold`() throws {
    let words = ["a", "b;c", "\\", "x\\;y", " spaced ", "two words", "\u{301}", "line\nend\n"]
    let cell = ItemNotation.joined(words.map(ItemNotation.text(ofWord:)))
    let back = try ItemNotation.split(cell).map(ItemNotation.word)
    #expect(back.count == words.count)
    for (one, other) in zip(back, words) { #expect(one.utf8.elementsEqual(other.utf8)) }
    #expect(try ItemNotation.split("a ;b;  c") == ["a", "b", "c"])
    for bad in ["a;;b", "a;", ";"] {
      #expect(throws: Unreadable.self) { try ItemNotation.split(bad) }
    }
  }

  @Test func `JSON is read strictly`() throws {
    let text = #" {"a" : "x\n\u00fc\ud83d\ude80\"\\\/", "b":[1,-2.5e3,true,null,{}],"c":{"d":[]}} "#
    #expect(
      try JSONNode(Array(text.utf8))
        == .object([
          .init(name: "a", value: .text("x\nü🚀\"\\/")),
          .init(
            name: "b",
            value: .list([.number("1"), .number("-2.5e3"), .flag(true), .null, .object([])])),
          .init(name: "c", value: .object([.init(name: "d", value: .list([]))])),
        ]))
    for nasty in ["", "\"\\\u{0}\u{1F}\t\r\n", "ü🚀\u{2028}"] {
      #expect(try JSONNode(Array(JSONNode.quoted(nasty).utf8)) == .text(nasty))
    }
  }

  @Test(arguments: [
    ("", "a value is missing"), ("{", "a name in quotation marks"), ("{\"a\":1,}", "a name in"),
    ("{\"a\":1,\"a\":2}", "column 11: \"a\" comes twice"), ("{\"a\" 1}", "a colon is missing"),
    ("[1 2]", "a comma or ]"), ("{\"a\":1", "a comma or }"), ("\"a", "a quotation mark"),
    ("\"\\x\"", "means nothing"), ("\"\\ud800\"", "half a character"), ("\"\\u12\"", "four digits"),
    ("01", "is no number"), ("1.", "is no number"), ("truth", "begins no value"),
    ("true x", "more text"), ("1 2", "more text"),
    ("nul", "begins no value"), ("\"\u{1}\"", "control character"),
    (String(repeating: "[", count: 9), "too deep"),
  ])
  func `what is no JSON is refused`(text: String, part: String) {
    let error = #expect(throws: JSONNode.Problem.self) { try JSONNode(Array(text.utf8)) }
    #expect(error?.text.contains(part) == true, "\(error?.text ?? "")")
  }

  @Test func `a line that is too long is passed over and told`() throws {
    let text = "one\n" + String(repeating: "x", count: 50) + "\nthree\nhalf"
    var reader = LineReader(Self.pieces(Array(text.utf8), 7), lineBytesMax: 10)
    var found: [String] = []
    while let line = try reader.next() {
      let bytes = line.bytes.map { String(decoding: $0, as: UTF8.self) } ?? "too long"
      found.append("\(line.number) \(bytes)\(line.isWhole ? "" : " torn")")
    }
    #expect(found == ["1 one", "2 too long", "3 three", "4 half torn"])
  }
}
