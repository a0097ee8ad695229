// SPDX-License-Identifier: Apache-2.0
// Help, and the sentences and exit codes for command lines that cannot be run.

import TandemCommand
import TestThreads
import Testing

@Suite(.on(.sockets)) struct CommandLineTests {
  @Test(arguments: ClientCommand.helpTopics)
  func `the help of a command begins with its use and ends with examples`(name: String) async {
    let ended = await tandem(words(of: name) + ["--help"])
    #expect(ended.code == 0)
    #expect(ended.complaint.isEmpty)
    #expect(ended.text.hasPrefix("tandem \(name)"))
    let examples = examples(of: ended.text)
    #expect(!examples.isEmpty)
    #expect(examples.allSatisfy { $0.starts(with: ["tandem"] + words(of: name)) })
  }

  /// Nobody listens at port 1, so that an example which is understood ends with 1.
  @Test(arguments: ClientCommand.helpTopics.filter { $0 != "journal" })
  func `every example is understood`(name: String) async {
    for example in examples(of: await tandem(words(of: name) + ["--help"]).text) {
      let typed = example.dropFirst().map { word in
        word.replacing(#/(deal|lead|user|key|note|loc|org)_01j…/#) {
          "\($0.output.1)_" + String(repeating: "0", count: 25) + "1"
        }
      }
      let known = typed.filter { !$0.hasSuffix("…") && !["--from", "--url", "--key"].contains($0) }
        .filter { !$0.hasPrefix("tdm:") }
      let ended = await tandem(known + ["--url", "tdm://127.0.0.1:1"])
      #expect(ended.code == 1, "\(typed): \(ended.complaint)")
    }
  }

  @Test func `the short word for help is understood behind a command, and makes no file`() async {
    for line in [["deal", "-h"], ["deal", "export", "-h"], ["watch", "-h"]] {
      let ended = await tandem(line)
      #expect(ended.code == 0 && ended.text.hasPrefix("tandem \(line[0])"))
    }
  }

  @Test(arguments: [
    ("deal create --nme x", "--name is missing; there is no --nme"),
    ("deal create --place x", "--name is missing"),
    ("deal list --max 0", "--max: 0 is too few; say 1 or more"),
  ])
  func `a command line that lacks something is told what`(line: String, complaint: String) async {
    let ended = await tandem(words(of: line))
    #expect(ended.code == 64)
    #expect(ended.complaint.hasPrefix("tandem deal: \(complaint)\n"), "\(ended.complaint)")
  }

  @Test func `help names every command and the exit codes`() async {
    for word in ["--help", "-h", "help"] {
      let ended = await tandem(word)
      #expect(ended.code == 0)
      for name in ClientCommand.names { #expect(ended.text.contains("\n  \(name) ")) }
      #expect(ended.text.contains("64 for a wrong command line"))
    }
    let silent = await tandem()
    #expect(silent.code == 64)
    #expect(silent.text.isEmpty)
    #expect(silent.complaint.hasPrefix("tandem: talks to a Tandem server"))
  }

  @Test(arguments: [
    ("dael", "tandem: there is no command \"dael\"; did you mean deal?"),
    ("deals", "tandem: there is no command \"deals\"; did you mean deal?"),
    ("organisation", "tandem: there is no command \"organisation\"; see tandem --help"),
    ("descr", "tandem: there is no command \"descr\"; did you mean describe?"),
    ("kye", "tandem: there is no command \"kye\"; did you mean key?"),
  ])
  func `an unknown command is refused, with its neighbour if it has one`(
    word: String, complaint: String
  ) async {
    let ended = await tandem(word, "list")
    #expect(ended.code == 64)
    #expect(ended.complaint == complaint)
    #expect(ended.text.isEmpty)
  }

  private static let deal = "deal_" + String(repeating: "0", count: 25) + "1"

  @Test(arguments: [
    ("deal lsit", "\"lsit\" is none of create, get, list,"),
    ("deal histor", "did you mean history?"),
    ("deal", "what to do (create, get, list,"),
    ("deal list --favourite", "--favourite means nothing here; did you mean --favourites?"),
    ("deal list --favorites", "--favorites means nothing here; did you mean --favourites?"),
    ("deal list --stauts won", "--stauts means nothing here; did you mean --status?"),
    ("ping --jsno", "--jsno means nothing here; did you mean --json?"),
    ("ping --zzzzzzzz 1", "--zzzzzzzz means nothing here"),
    ("ping again", "\"again\" is one word too many"),
    ("ping --json=yes", "--json takes no value"),
    ("ping --url a --url b", "--url is given 2 times"),
    ("ping --url", "--url needs a value"),
    ("deal create --name", "--name needs a value"),
    ("watch --deal", "--deal needs a value"),
    ("deal create", "--name is missing"),
    ("deal get", "the id (deal_…) is missing"),
    ("deal get loc_1", "\"loc_1\" is no id of the form deal_ and 26 digits"),
    ("deal list --max many", "--max: \"many\" is no number that fits"),
    ("deal list --status ,", "--status: \",\" has an empty part"),
    ("deal list --status won,,lost", "--status: \"won,,lost\" has an empty part"),
    ("deal count --location=", "--location is empty; give a value or leave it out"),
    ("deal count --by=", "--by is empty; give a value or leave it out"),
    ("deal list --crm-id=", "--crm-id is empty; give a value or leave it out"),
    ("deal list --text=", "--text is empty; give a value or leave it out"),
    ("deal list --stage 60,", "--stage: \"60,\" has an empty part"),
    ("deal list --status gone", "--status: \"gone\" is none of pending, received,"),
    ("deal patch \(deal)", "nothing is to be changed"),
    ("deal patch \(deal) --value 12", "--value is written as \"1234.50 EUR\", not \"12\""),
    ("deal patch \(deal) --close-date 2027-02-30", "--close-date is written as 2027-01-31"),
    ("deal patch \(deal) --add-member Ada", "written as \"First Last <mail@host> +49 40 1234\""),
    ("deal patch \(deal) --remove-member x", "--remove-member: \"x\" is no number"),
    ("deal lose \(deal)", "--reason is missing"),
    ("realm advance --hours 0", "--hours is 1 to 876000, not 0"),
    ("watch --from ?", "--from is a token that watch has printed"),
    ("bench quick --seconds 0", "--seconds is 1 to 3600"),
  ])
  func `a wrong command line is explained and ends with 64`(line: String, part: String) async {
    let ended = await tandem(line.split(separator: " ").map(String.init))
    #expect(ended.code == 64)
    #expect(ended.text.isEmpty)
    let lines = ended.complaint.split(separator: "\n")
    let name = line.prefix { $0 != " " }
    #expect(lines.first?.hasPrefix("tandem \(name): ") == true)
    #expect(lines.first?.contains(part) == true, "\(ended.complaint)")
    #expect(lines.last == "see tandem \(name) --help")
  }

  @Test func `an address that nobody serves ends with 1 and says so`() async {
    let ended = await tandem("ping", "--url", "tdm://127.0.0.1:1")
    #expect(ended.code == 1)
    #expect(ended.complaint.contains("CONNECTION"), "\(ended.complaint)")
    #expect(ended.text.isEmpty)
  }

  /// The words of the commands in the last paragraph of a help text.
  private func examples(of help: String) -> [[String]] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    let last = lines.suffix(while: { !$0.isEmpty }).map(String.init).joined(separator: "\n")
    return last.replacing("\\\n", with: "").split(separator: "\n").map { words(of: String($0)) }
  }
}

extension BidirectionalCollection {
  /// The longest end whose elements all satisfy a condition.
  fileprivate func suffix(while holds: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex {
      let before = index(before: start)
      guard holds(self[before]) else { break }
      start = before
    }
    return self[start...]
  }
}
