// SPDX-License-Identifier: Apache-2.0
// What a client wants next: a request, and what is known of it beforehand.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct Wish {
  let request: TenantRequest
  /// An OK answer means that something was journaled.
  var alwaysChanges = false
  /// The unique name of the deal that it creates.
  var name: Text?

  init(_ query: Query) { request = .query(query) }

  init(_ command: Command, changes: Bool, name: Text? = nil) {
    request = .command(command, returnDeal: false)
    alwaysChanges = changes
    self.name = name
  }

  /// The same without any effect.
  var rehearsed: Wish {
    guard case .command(let command, returnDeal: _) = request else { return self }
    return Wish(.rehearse(command, wrong: []), changes: false)
  }
}

extension Simulation {
  /// Draws what somebody of an organisation asks for.
  func wish(of organisation: SimulatedOrganisation) -> Wish? {
    let wish = draw(organisation)
    return chance(6) ? wish?.rehearsed : wish
  }

  private func draw(_ own: SimulatedOrganisation) -> Wish? {
    let choice = number(0...99)
    if chance(own.kind == .vendor ? 35 : own.leads.isEmpty ? 8 : 18) { return wishAboutLeads(own) }
    guard let deal = pick(Array(own.known.suffix(12))).flatMap({ own.deal($0) }) else {
      return choice < 60 ? wishForDeal(own) : wishToRead(own)
    }
    let waiting = own.known.suffix(30).compactMap { own.deal($0) }.filter(\.status.isNew)
    if choice < 45, let invitation = pick(waiting), chance(60) {
      // Sooner than it may be.
      if chance(8) { return Wish(.winDeal(win(invitation)), changes: true) }
      return answer(invitation, own)
    }
    switch choice {
    case 0..<15: return wishForDeal(own)
    case 15..<52: return wish(about: deal, own)
    case 52..<75: return wishToRead(own)
    case 75..<92: return wishToRead(about: deal, own)
    default: return wishAboutOrganisation(own)
    }
  }

  /// Who asks: mostly the administrator.
  func principal(of own: SimulatedOrganisation) -> Principal {
    switch number(0...99) {
    case 0..<12: .user(own.colleague, via: nil, readOnly: false)
    case 12..<18: .user(own.viewer, via: nil, readOnly: false)
    case 18..<22: .user(own.colleague, via: own.service, readOnly: false)
    case 22..<25: .user(own.user, via: own.service, readOnly: false)
    case 25..<27: .user(own.user, via: own.colleague, readOnly: false)
    case 27..<29: .user(own.user, via: nil, readOnly: true)
    default: own.principal
    }
  }
}
