// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct SearchingOrganisationsTests {
  private func entry(
    _ number: UInt64, _ name: Text, _ responsiveness: Responsiveness = .unproven,
    kind: OrganisationKind = .partner, inEcosystem: Bool = true, transacts: Bool = true
  ) -> OrganisationEntry {
    var entry = OrganisationEntry(
      id: TenantID(high: 0, low: number), kind: kind, name: name, country: .de,
      inEcosystem: inEcosystem, transacts: transacts)
    entry.responsiveness = responsiveness
    return entry
  }

  private func directory(_ entries: OrganisationEntry...) -> RealmDirectory {
    var directory = RealmDirectory()
    directory.put(entries)
    return directory
  }

  @Test func `R-204 search lists those who may be invited, by name`() {
    let directory = directory(
      entry(1, "beta"), entry(2, "Beacon"), entry(3, "Bed", inEcosystem: false),
      entry(4, "Bee", transacts: false),
      entry(5, "BEND", kind: .vendor, inEcosystem: false, transacts: false), entry(6, "Alpha"),
      entry(7, "Beyond", kind: .directory))
    #expect(
      directory.find(namePrefix: "BE", max: 10).map(\.name) == ["Beacon", "BEND", "beta"])
    #expect(directory.find(namePrefix: .empty, max: 2).map(\.name) == ["Alpha", "Beacon"])
    // The operator finds also those who may not be invited, behind the others.
    #expect(
      directory.findEverybody(namePrefix: "BE", max: 10).map(\.name)
        == ["Beacon", "BEND", "beta", "Bed", "Bee"])
    #expect(directory.findEverybody(namePrefix: "BE", max: 4).count == 4)
  }

  @Test func `R-305 who answers quickly comes first, then the name decides, then the id`() {
    let directory = directory(
      entry(1, "Nord A"), entry(2, "Nord C", .swift), entry(3, "Nord B", .swift),
      entry(4, "Nord D", .steady), entry(6, "Nord E", .prompt), entry(5, "nord e", .prompt))
    #expect(directory.find(namePrefix: "nord", max: 9).map(\.id.low) == [3, 2, 5, 6, 4, 1])
    #expect(directory.find(namePrefix: "nord", max: 3).map(\.id.low) == [3, 2, 5])
  }

  @Test(
    arguments: [
      ("energie", [1]), ("ÉNERGIE s", [1]), ("sol", [1, 2]), ("solaire", [1]), ("olaire", []),
      ("energie sud", []), ("muller", [2]), ("Müller-s", [2]), ("strasse", [3]), ("o", [3]),
      ("  sol", [1, 2]), ("!?", []), ("日本", [4]), ("киев", [4]),
    ] as [(Text, [UInt64])])
  func `section 13 any word's beginning is found, whatever case, accents and punctuation`(
    typed: Text, found: [UInt64]
  ) {
    // The third and fourth accents are marks of their own.
    let directory = directory(
      entry(1, "Énergie  (Solaire) SA"), entry(2, "Mu\u{308}ller & So\u{301}l"),
      entry(3, "Große Straße O'Neill"), entry(4, "日本 КИЕВ"))
    #expect(directory.find(namePrefix: typed, max: 9).map(\.id.low) == found)
  }

  @Test func `section 13 one by one or all at once, in any order, the search finds the same`() {
    var random = SeededRandom(seed: 5)
    var entries = (1...300).map { number in
      entry(
        UInt64(number), Text("N\(random.next() % 40) W\(random.next() % 9)"),
        Responsiveness.allCases[Int(random.next() % 4)], inEcosystem: random.next() % 5 > 0)
    }
    var single = RealmDirectory()
    for entry in entries { single.put([entry]) }
    for index in entries.indices where random.next() % 3 == 0 {
      entries[index].responsiveness = Responsiveness.allCases[Int(random.next() % 4)]
      entries[index].transacts = random.next() % 2 == 0
      single.put([entries[index]])
    }
    var together = RealmDirectory()
    together.put(entries.shuffled(using: &random))
    for typed: Text in [.empty, "n1", "w3", "n12 w", "x"] {
      let wanted = together.find(namePrefix: typed, max: 1_000)
      #expect(single.find(namePrefix: typed, max: 1_000) == wanted)
      let naive = entries.filter {
        $0.isInvitable
          && (typed.isEmpty || FoldedName($0.name).hasWord(beginningWith: FoldedName(typed)))
      }
      #expect(Set(naive) == Set(wanted) && naive.count == wanted.count)
    }
  }
}
