// SPDX-License-Identifier: Apache-2.0
// Requests about leads.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum LeadRequests {
  static func read(
    _ method: LeadMethod, _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    switch method {
    case .send: return .command(unsafe send(message, &reader), returnDeal: false)
    case .get:
      let request = unsafe message.as(Tandem__V1__GetLeadRequest.self)
      return .query(.getLead(unsafe reader.required(request.lead_id, "lead_id")))
    case .list: return .query(.listLeads(unsafe list(message, &reader)))
    case .accept: return .command(unsafe accept(message, &reader), returnDeal: false)
    case .decline:
      let request = unsafe message.as(Tandem__V1__DeclineLeadRequest.self)
      let command = unsafe EndLead(
        lead: reader.required(request.lead_id, "lead_id"), reason: reader.reason(request.reason),
        notes: reader.text(request.notes))
      return .command(
        .declineLead(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    case .win:
      let request = unsafe message.as(Tandem__V1__WinLeadRequest.self)
      let command = unsafe MoveLead(
        lead: reader.required(request.lead_id, "lead_id"))
      return .command(
        .winLead(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    case .lose:
      let request = unsafe message.as(Tandem__V1__LoseLeadRequest.self)
      let command = unsafe EndLead(
        lead: reader.required(request.lead_id, "lead_id"), reason: reader.reason(request.reason),
        notes: reader.text(request.notes))
      return .command(
        .loseLead(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    case .archive:
      let request = unsafe message.as(Tandem__V1__ArchiveLeadRequest.self)
      let command = unsafe MoveLead(
        lead: reader.required(request.lead_id, "lead_id"))
      return .command(
        .archiveLead(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    case .convert: return unsafe convert(message, &reader)
    case .setFavourite:
      let request = unsafe message.as(Tandem__V1__SetLeadFavouriteRequest.self)
      let command = unsafe SetLeadFavourite(
        lead: reader.required(request.lead_id, "lead_id"), isFavourite: request.favourite != 0)
      return .command(
        .setLeadFavourite(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    }
  }

  private static func send(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__SendLeadRequest.self)
    var lead = unsafe SendLead(
      partner: reader.identifier(request.partner_id, "partner_id"),
      leadClass: reader.choice(request.lead_class.rawValue, "lead_class"),
      origin: reader.choice(request.origin.rawValue, "origin"),
      customerName: reader.text(request.customer_name),
      country: reader.country(request.country, "country"), city: reader.text(request.city),
      contact: reader.person(request.contact))
    unsafe lead.source = reader.choice(request.source.rawValue, "source")
    unsafe lead.callToAction = reader.choice(request.call_to_action.rawValue, "call_to_action")
    unsafe lead.quality = reader.choice(request.quality.rawValue, "quality") ?? .unknown
    unsafe lead.emailValidity =
      reader.choice(request.email_validity.rawValue, "email_validity") ?? .unknown
    unsafe lead.phoneValidity =
      reader.choice(request.phone_validity.rawValue, "phone_validity") ?? .unknown
    unsafe lead.wantsContact = request.wants_contact != 0
    unsafe lead.solution = reader.identifier(request.solution_id, "solution_id")
    unsafe lead.campaignID = reader.text(request.campaign_id)
    unsafe lead.text = reader.text(request.text)
    return .sendLead(lead).rehearsed(if: unsafe request.validate_only)
  }

  /// The deal is read as the request that it would be on its own.
  private static func convert(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.as(Tandem__V1__ConvertLeadRequest.self)
    let lead: LeadID = unsafe reader.required(request.lead_id, "lead_id")
    var deal = CreateDeal.open
    if let start = unsafe request.deal {
      unsafe reader.begin("deal.")
      let nested = unsafe UnpackedMessage(start: .init(start), memory: message.memory)
      let asked = unsafe DealRequests.read(.createDeal, nested, &reader)
      if case .command(.createDeal(let given), let returnsDeal) = asked {
        deal = given
        if returnsDeal {
          unsafe reader.wrong(
            "return_deal", "FIELD_NOT_ALLOWED", "is for the conversion as a whole; set it there")
        }
        if given.validateOnly {
          unsafe reader.wrong(
            "validate_only", "FIELD_NOT_ALLOWED", "is for the conversion as a whole; set it there")
        }
      }
      unsafe reader.begin("")
    }
    deal.validateOnly = unsafe request.validate_only != 0
    return .command(
      .convertLead(ConvertLead(lead: lead, deal: deal)),
      returnDeal: unsafe request.return_deal != 0)
  }

  private static func accept(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__AcceptLeadRequest.self)
    let command = unsafe AcceptLead(
      lead: reader.required(request.lead_id, "lead_id"), name: reader.text(request.name),
      value: reader.money(request.value, "value"), closeDate: reader.time(request.close_date_ms),
      notes: reader.text(request.notes),
      team: reader.team(request.n_team, request.team, "team"))
    return .acceptLead(command).rehearsed(if: unsafe request.validate_only)
  }

  private static func list(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> ListLeads {
    let request = unsafe message.as(Tandem__V1__ListLeadsRequest.self)
    let after: LeadID = unsafe reader.identifier(request.cursor, "cursor")
    var list = unsafe ListLeads(
      tab: reader.choice(request.tab.rawValue, "tab"),
      pageSize: reader.pageSize(
        request.page_size, PageDefaults.rows, atMost: Limits.leadsPerPage),
      after: after.isZero ? nil : after)
    unsafe list.callsToAction = reader.choices(
      request.n_calls_to_action, "calls_to_action"
    ) { unsafe request.calls_to_action[$0].rawValue }
    if unsafe reader.isWithin(Limits.filterValues, count: request.n_countries, "countries") {
      for index in 0..<(unsafe request.n_countries) {
        let country = unsafe reader.country(request.countries?[index], "countries[\(index)]")
        if let country { list.countries.append(country) }
      }
    }
    unsafe list.customerNamePrefix = reader.text(request.customer_name_prefix)
    unsafe list.sources = reader.choices(request.n_sources, "sources") {
      unsafe request.sources[$0].rawValue
    }
    unsafe list.classes = reader.choices(request.n_classes, "classes") {
      unsafe request.classes[$0].rawValue
    }
    unsafe list.qualities = reader.choices(request.n_qualities, "qualities") {
      unsafe request.qualities[$0].rawValue
    }
    unsafe list.statuses = reader.choices(request.n_statuses, "statuses") {
      unsafe request.statuses[$0].rawValue
    }
    unsafe list.emailValidities = reader.choices(request.n_email_validities, "email_validities") {
      unsafe request.email_validities[$0].rawValue
    }
    unsafe list.phoneValidities = reader.choices(request.n_phone_validities, "phone_validities") {
      unsafe request.phone_validities[$0].rawValue
    }
    return list
  }
}

extension CreateDeal {
  /// A request that leaves everything open.
  fileprivate static let open = CreateDeal(
    name: .empty, location: .zero, customer: .blank, value: nil, closeDate: nil, crmID: .empty,
    campaignID: .empty, notes: .empty, team: [], solutions: [],
    consent: Consent(customerContact: false, shareWithOthers: false), visibleToVendor: false,
    help: nil, validateOnly: false)
}

/// The methods of leads, so that whoever dispatches need not name them one by one.
enum LeadMethod {
  case send, get, list, accept, decline, win, lose, archive, convert, setFavourite
}

extension RequestReader {
  /// Several members of an enumeration, none twice and none unspecified.
  fileprivate mutating func choices<Value: RawRepresentable<UInt8> & CaseIterable & Equatable>(
    _ count: Int, _ field: String, _ raw: (Int) -> UInt32
  ) -> [Value] {
    var chosen: [Value] = []
    guard unsafe isWithin(Value.allCases.count, count: count, field) else { return [] }
    for index in 0..<count {
      let number = raw(index)
      if let value: Value = unsafe choice(number, "\(field)[\(index)]") {
        chosen.append(value)
      } else if number == 0 {
        unsafe wrong("\(field)[\(index)]", "FIELD_INVALID", "unspecified lets nothing pass")
      }
    }
    return chosen
  }
}
