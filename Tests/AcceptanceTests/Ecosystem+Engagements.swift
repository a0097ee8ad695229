// SPDX-License-Identifier: Apache-2.0
// What several themes begin with: more companies, deals that others were invited to.

import Foundation
import TandemClient

extension Ecosystem {
  /// Another organisation of the same realm, which sells nothing yet.
  func join(
    _ name: String, _ kind: OrganisationKind = .partner,
    _ change: (inout NewOrganisation) -> Void = { _ in }
  ) async throws -> Company {
    var organisation = NewOrganisation(
      kind, name: name, country: "DE", administrator: .named("Ada"))
    change(&organisation)
    let made = try await registrar.registerOrganisation(organisation)
    guard let id = made.organisation, let administrator = made.administrator,
      let everywhere = made.globalLocation
    else { throw NeverCame() }
    let client = try Client(contoso.url, key: made.key)
    _ = try await eventually { try? await client.getOrganisation() }
    return Company(
      name: name, id: id, client: client, administrator: administrator, everywhere: everywhere,
      solution: contoso.solution, url: contoso.url)
  }

  /// Contoso's deal, complete and private.
  func deal(_ change: (inout NewDeal) -> Void = { _ in }) async throws -> ID {
    var deal = NewDeal.complete(for: contoso)
    change(&deal)
    guard let id = try await contoso.client.createDeal(deal).id else { throw NeverCame() }
    return id
  }

  /// Invites an organisation to Contoso's deal, with everything that an invitation can say.
  func invite(_ company: Company, to id: ID, _ change: (inout NewInvitation) -> Void = { _ in })
    async throws
  {
    let deal = try await contoso.client.getDeal(id).deal
    var invitation = NewInvitation(
      company.id, help: .technicalArchitecture, solutionLines: deal.solutions.map(\.line))
    invitation.value = Money("5000 EUR")
    invitation.closeDate = Moment(day: "2099-05-31")
    invitation.notes = "architecture is needed"
    change(&invitation)
    _ = try await contoso.client.inviteToDeal(id, invitation)
  }

  /// Contoso's deal with Fabrikam invited, and Fabrikam's copy of it.
  func invited(_ change: (inout NewDeal) -> Void = { _ in }) async throws -> (deal: ID, copy: ID) {
    let id = try await deal(change)
    try await invite(fabrikam, to: id)
    return (id, try await copy(of: id, at: fabrikam))
  }

  /// Contoso's deal with the vendor's help asked, and the desk's copy of it.
  func asked(_ change: (inout NewDeal) -> Void = { _ in }) async throws -> (deal: ID, copy: ID) {
    let id = try await deal { deal in
      deal.help = .proofOfConcept
      deal.isVisibleToVendor = true
      deal.notesToVendor = "a proof of concept is wanted"
      change(&deal)
    }
    return (id, try await copy(of: id, at: vendor))
  }

  /// Contoso's deal that the vendor only reads, and the desk's copy of it.
  func shown(_ change: (inout NewDeal) -> Void = { _ in }) async throws -> (deal: ID, copy: ID) {
    let id = try await deal { deal in
      deal.isVisibleToVendor = true
      change(&deal)
    }
    return (id, try await copy(of: id, at: vendor))
  }

  /// Another organisation's copy of Contoso's deal, once it has come.
  func copy(of deal: ID, at company: Company) async throws -> ID {
    guard let engagement = try await contoso.client.getDeal(deal).deal.engagement else {
      throw NeverCame()
    }
    var filter = DealFilter()
    filter.allOf = [[.ids(.engagement, [engagement])]]
    return try await eventually {
      for try await row in company.client.listDeals(filter) { return row.deal.id }
      return nil
    }
  }
}

extension Company {
  /// Everything that a list gives, in its order.
  func list(_ change: (inout DealFilter) -> Void = { _ in }) async throws -> [Deal] {
    try await client.list(change)
  }
}

extension Client {
  /// Everything that a list gives, in its order.
  func list(_ change: (inout DealFilter) -> Void = { _ in }) async throws -> [Deal] {
    var filter = DealFilter()
    change(&filter)
    var deals: [Deal] = []
    for try await row in listDeals(filter) { deals.append(row.deal) }
    return deals
  }

  /// Every change of a deal.
  func history(of deal: ID) async throws -> [DealHistoryEntry] {
    var entries: [DealHistoryEntry] = []
    for try await entry in dealHistory(deal) { entries.append(entry) }
    return entries
  }
}

extension DealPatch {
  /// A patch that says one thing.
  static func only(_ change: (inout DealPatch) -> Void) -> DealPatch {
    var patch = DealPatch()
    change(&patch)
    return patch
  }
}

/// Everything that a value holds, as text to search in.
func text(of value: some Encodable) throws -> String {
  String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}
