// SPDX-License-Identifier: Apache-2.0
// Notes that name the kind of help that is asked for, and notes that do not.

import TandemDomain
import TandemPrimitives
import Testing

struct HelpKindTests {
  private static let telling: [(HelpCode, Text)] = [
    (.workloadValueProposition, "We need the value proposition for analytics"),
    (.workloadValueProposition, "Why should they move? A BUSINESS CASE would convince them"),
    (.technicalArchitecture, "Please review the architecture."),
    (.technicalArchitecture, "Migration of 40 servers, security questions"),
    (.technicalArchitecture, "Zielarchitektur? Architektur!"),
    (.proofOfConcept, "a proof of concept with two trucks"), (.proofOfConcept, "PoC in May"),
    (.proofOfConcept, "They want to see a Démo first"), (.proofOfConcept, "pilot,test"),
    (.quotesOrLicensing, "How many licences for 40 seats?"), (.quotesOrLicensing, "pricing"),
    (.quotesOrLicensing, "an RFP is due"), (.postSalesSuccess, "onboarding of their staff"),
    (.postSalesSuccess, "post-sales care"), (.postSalesSuccess, "support after going live"),
    (.generalOrOther, "please"), (.generalOrOther, "?"),
  ]

  private static let silent: [(HelpCode, Text)] = [
    (.workloadValueProposition, "please help"), (.technicalArchitecture, "please help"),
    (.proofOfConcept, "please help"), (.quotesOrLicensing, "please help"),
    (.postSalesSuccess, "please help"), (.generalOrOther, ""), (.generalOrOther, "   "),
    (.proofOfConcept, ""), (.proofOfConcept, "pocket money"), (.proofOfConcept, "a trying day"),
    (.quotesOrLicensing, "buyers"), (.technicalArchitecture, "in the archive"),
  ]

  @Test(arguments: telling)
  func `ruling 22 notes that name the help explain it`(help: HelpCode, notes: Text) {
    #expect(help.isNamed(in: notes))
  }

  @Test(arguments: silent)
  func `ruling 22 other notes do not`(help: HelpCode, notes: Text) {
    #expect(!help.isNamed(in: notes))
  }

  @Test func `each word that is told names its kind, in any case of letters`() {
    for help in HelpCode.allCases {
      #expect(Set(help.namedBy).count == help.namedBy.count)
      for word in help.namedBy {
        #expect(help.isNamed(in: Text("(\(word.uppercased()))")), "\(word)")
        #expect(
          help.isNamed(in: Text("xx \(word)zz")) == (word.utf8.count > HelpCode.wholeWordLetters),
          "\(word)")
        #expect(!help.isNamed(in: Text("qq\(word)")), "\(word)")
      }
      // Whoever repeats what the list calls the kind is understood.
      #expect(help.isNamed(in: Text(help.meaning)))
      #expect(help.isNamed(in: Text(help.word.split(separator: "_").joined(separator: " "))))
    }
  }

  @Test func `the warning says which help is meant and how to name it`() throws {
    var (world, contoso, fabrikam, _, _) = try World.withInvitation()
    let deal = try world.create(contoso)
    var invitation = world.invite(deal, fabrikam)
    invitation.help = .quotesOrLicensing
    invitation.notes = "please look at it"
    invitation.validateOnly = true
    guard
      case .deal(_, _, let warnings) =
        try world.when(contoso, .inviteToDeal(invitation)).answer
    else { throw Unexpected() }
    let warning = try #require(warnings.first { $0.code == "HELP_NOT_EXPLAINED" })
    #expect(warning.text.contains("quotes or licensing") && warning.text.contains("pric"))
  }
}
