// SPDX-License-Identifier: Apache-2.0
// Users, places, keys, names of stages, routing, what is sold, and what people want to be told.

import TandemDomain
import TandemPrimitives

extension Simulation {
  func wishAboutOrganisation(_ own: SimulatedOrganisation) -> Wish {
    let number = operations.count + 1
    switch self.number(0...25) {
    case 0, 1:
      return Wish(
        .addLocation(
          AddLocation(
            name: chance(90) ? Text("Place \(number)") : "Branch",
            country: Requests.country("US"), partnerID: Text("partner-\(number)"),
            address: chance(50) ? Requests.address(chance(90) ? "US" : "DE") : nil)
        ), changes: true)
    case 2, 3: return Wish(.addUser(newUser(number, own)), changes: true)
    case 4, 5: return Wish(.setUserGrants(grants(own)), changes: false)
    case 6, 7, 22, 23, 24, 25:
      let known = pick(own.keys)
      // Without any it is nobody's; few live long enough to have one of their own.
      guard chance(known == nil ? 50 : 60) else { return Wish(newKey(own), changes: true) }
      let nobodys = KeyID(high: 1, low: 3)
      return Wish(
        .revokeKey(RevokeKey(key: chance(90) ? known ?? nobodys : nobodys)), changes: false)
    case 8, 9: return Wish(.setStageNames(stageNames()), changes: false)
    case 11, 12: return Wish(.setRoutingRules(routing(own)), changes: false)
    case 13, 14, 15: return Wish(.publishSolution(solution(number, own)), changes: false)
    case 16, 17, 18:
      return wishAboutInbox(own)
    case 10, 19:
      let topics = chance(40) ? [] : [pick(NotificationTopic.allCases) ?? .dealReceived]
      return Wish(.muteTopics(MuteTopics(topics: topics, validateOnly: false)), changes: false)
    default:
      return Wish(
        .setNotificationSettings(
          SetNotificationSettings(
            settings: NotificationSettings(tellsInvitationSent: chance(70)), validateOnly: false)),
        changes: false)
    }
  }

  private func newKey(_ own: SimulatedOrganisation) -> Command {
    .issueKey(
      IssueKey(
        user: pick([own.colleague, own.viewer, own.service]) ?? own.user, label: "key",
        readOnly: chance(30), secretHash: [UInt8](repeating: 7, count: 32)))
  }

  /// Looks into the inbox before it marks what it saw.
  private func wishAboutInbox(_ own: SimulatedOrganisation) -> Wish {
    let foreign = NotificationID(high: 1, low: 4)
    let seen = chance(90) ? pick(own.notifications) : foreign
    guard let seen = seen ?? (chance(40) ? foreign : nil) else {
      return Wish(.listNotifications(ListNotifications(unreadOnly: false, pageSize: 10)))
    }
    return Wish(
      .markNotificationsRead(MarkNotificationsRead(notifications: [seen])), changes: false)
  }

  private func newUser(_ number: Int, _ own: SimulatedOrganisation) -> AddUser {
    let role: Role = own.kind == .vendor ? .seller : pick([.referralsAdmin, .viewer]) ?? .viewer
    // One person twice is refused.
    let name = chance(85) ? "new\(number)" : "cid\(own.index)"
    return AddUser(
      isService: false, person: Requests.person(name),
      grants: [RoleGrant(role: role, locations: scope(own))], mayActAsUser: chance(6))
  }

  /// One place, or the entire organisation.
  private func scope(_ own: SimulatedOrganisation) -> [LocationID] {
    let places = own.places.filter { $0 != own.location }
    return chance(50) ? [] : pick(places).map { [$0] } ?? []
  }

  /// The viewer is given more or less to see, or is away for a while.
  private func grants(_ own: SimulatedOrganisation) -> SetUserGrants {
    let role = pick([Role.viewer, .viewer, .referralsUser, .referralsAdmin]) ?? .viewer
    let user = chance(92) ? own.viewer : UserID(high: 1, low: 5)
    return SetUserGrants(
      user: user, grants: [RoleGrant(role: role, locations: scope(own))], isActive: chance(80))
  }

  private func stageNames() -> SetStageNames {
    let percent = UInt32(pick([20, 40, 60, 80]) ?? 20)
    let names = [SetStageNames.Name(name: "In talks", percent: percent)]
    return SetStageNames(names: chance(80) ? names : names + names)
  }

  private func routing(_ own: SimulatedOrganisation) -> SetRoutingRules {
    let place = pick(own.places) ?? own.location
    let markets = [Requests.country("US")].compactMap { $0 }
    let solutions = [RoutedSolution(id: .zero, name: "Rack")]
    let rules = [
      RoutingRule(name: "market", markets: markets, solutions: [], location: place),
      RoutingRule(name: "both", markets: markets, solutions: solutions, location: own.location),
      RoutingRule(name: "solution", markets: [], solutions: solutions, location: place),
    ]
    return SetRoutingRules(
      rules: rules.filter { _ in chance(50) },
      defaultLocation: chance(50) ? .zero : pick(own.places) ?? .zero, validateOnly: false)
  }

  /// A new product, or an old one that is sold no more; never the one that others sell too.
  private func solution(_ number: Int, _ own: SimulatedOrganisation) -> PublishSolution {
    let old = chance(40) ? pick(own.products) : nil
    let isReady = chance(70)
    return PublishSolution(
      solution: old ?? .zero, name: Text("Product \(number)"), type: .device,
      isCoSellReady: isReady, incentives: isReady && chance(40) ? [.intellectualProperty] : [],
      isActive: chance(80), validateOnly: false)
  }
}
