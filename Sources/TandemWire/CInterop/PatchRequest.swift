// SPDX-License-Identifier: Apache-2.0
// Patches: paths of field numbers and the values that they name become edits of the domain.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

/// Names an edit in a refusal; text only when there is one.
private struct EditPlace: CustomStringConvertible {
  let index: Int
  var description: String { "edits[\(index)]" }
}

/// What is asked of the field numbers of an edit; no list of them is made on the way.
private struct EditPath {
  let count: Int
  let first: UInt32?
  /// The contacts of the customer, the only path of two numbers.
  let isContacts: Bool
  var isStage: Bool { count == 1 && first == UInt32(DealField.stage.rawValue) }
  var isOwner: Bool { count == 1 && first == UInt32(DealField.owner.rawValue) }
  var isVisibility: Bool { count == 1 && first == UInt32(DealField.shownTo.rawValue) }

  init(_ edit: Tandem__V1__PathEdit) {
    let numbers = unsafe UnsafeBufferPointer(
      start: edit.path, count: edit.path == nil ? 0 : edit.n_path)
    count = numbers.count
    first = unsafe numbers.first
    isContacts = unsafe numbers.count == 2 && numbers[0] == 10 && numbers[1] == 5
  }
}

/// What the edits of one patch have named until now: each value is taken once, so that a short request
/// cannot ask for long work.
private struct NamedParts {
  private var wholes: UInt64 = 0
  private var additions: UInt64 = 0

  /// False when a field was set as a whole before.
  mutating func set(_ field: DealField) -> Bool { Self.insert(field, &wholes) }
  func has(_ field: DealField) -> Bool { wholes & (1 << UInt64(field.rawValue)) != 0 }
  /// False when all that is new in a list was added before.
  mutating func add(to field: DealField) -> Bool { Self.insert(field, &additions) }

  private static func insert(_ field: DealField, _ fields: inout UInt64) -> Bool {
    let bit: UInt64 = 1 << UInt64(field.rawValue)
    guard fields & bit == 0 else { return false }
    fields |= bit
    return true
  }
}

enum PatchRequest {
  /// Where the values lie: a deal has many fields, of which a patch reads few.
  private typealias Values = UnsafeMutablePointer<Tandem__V1__Deal>

  private enum Action: UInt8 {
    case set = 1
    case add = 2
    case remove = 3
  }

  static func read(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.pointer(Tandem__V1__PatchDealRequest.self)
    let values = unsafe request.pointee.values
    var count = unsafe request.pointee.n_edits
    if unsafe !reader.isWithin(Limits.patchEdits, count: count, "edits") { count = 0 }
    // The edits are read to where they stay.
    var patch = unsafe PatchDeal(
      deal: reader.deal(request.pointee.deal_id),
      baseVersion: request.pointee.base_version, edits: ShortList(),
      validateOnly: request.pointee.validate_only != 0)
    patch.guardsWholeDeal = unsafe request.pointee.whole_deal != 0
    var named = NamedParts()
    let stageName = unsafe reader.text(request.pointee.stage_name)
    let owner = unsafe reader.text(request.pointee.owner_email)
    for index in 0..<count {
      guard let edit = unsafe request.pointee.edits?[index]?.pointee else { continue }
      let at = EditPlace(index: index)
      if unsafe EditPath(edit).isVisibility {
        unsafe show(request.pointee.visible_to_vendor != 0, edit, at, &named, into: &patch, &reader)
      } else if unsafe EditPath(edit).isOwner {
        unsafe own(owner, edit, at, &named, into: &patch.edits, &reader)
      } else if !stageName.isEmpty, unsafe EditPath(edit).isStage {
        unsafe name(stageName, edit, values, at, &named, into: &patch.edits, &reader)
      } else {
        unsafe read(edit, values, at, &named, into: &patch.edits, &reader)
      }
    }
    // With whole_deal it asks whether the deal still has the version.
    if unsafe request.pointee.n_edits == 0, !patch.guardsWholeDeal {
      unsafe reader.wrong(
        "edits", "FIELD_REQUIRED", "is empty; name the paths of values that shall change")
    } else if unsafe request.pointee.n_edits == 0, unsafe values != nil {
      unsafe reader.wrong("values", "FIELD_NOT_ALLOWED", "needs edits that name its paths")
    }
    if !stageName.isEmpty, !named.has(.stage) {
      unsafe reader.wrong("stage_name", "FIELD_NOT_ALLOWED", "needs an edit of path [19]")
    }
    if !owner.isEmpty, !named.has(.owner) {
      unsafe reader.wrong("owner_email", "FIELD_NOT_ALLOWED", "needs an edit of path [36]")
    }
    if unsafe request.pointee.visible_to_vendor != 0, !named.has(.shownTo) {
      unsafe reader.wrong("visible_to_vendor", "FIELD_NOT_ALLOWED", "needs an edit of path [34]")
    }
    return .command(.patchDeal(consume patch), returnDeal: unsafe request.pointee.return_deal != 0)
  }

  private static func read(
    _ edit: Tandem__V1__PathEdit, _ values: Values?, _ at: EditPlace, _ named: inout NamedParts,
    into edits: inout ShortList<FieldEdit>, _ reader: inout RequestReader
  ) {
    let path = unsafe EditPath(edit)
    guard let action = unsafe reader.choice(edit.action.rawValue, "\(at).action", Action.self)
    else {
      if unsafe edit.action.rawValue == 0 {
        unsafe reader.wrong("\(at).action", "FIELD_REQUIRED", "action is missing")
      }
      return
    }
    guard let first = path.first.flatMap(UInt8.init(exactly:)),
      let field = DealField(rawValue: first)
    else {
      return unsafe refuse(edit, at, &reader)
    }
    let isNew =
      switch action {
      // Another part of the customer is refused whatever its value.
      case .set where field == .customer && !path.isContacts: true
      case .set: unsafe edit.line != 0 || named.set(field)
      case .add: named.add(to: field)
      case .remove: true
      }
    guard isNew else {
      unsafe reader.wrong("\(at).path", "FIELD_INVALID", "path \(numbers(edit)) comes twice")
      return
    }
    switch field {
    case .team where path.count == 1:
      unsafe team(action, edit.line, values, at, into: &edits, &reader)
    case .solutions where path.count == 1:
      unsafe solutions(action, edit.line, values, at, into: &edits, &reader)
    case .customer where !path.isContacts: edits.append(.forbidden(.customer))
    default:
      guard path.count == 1 || path.isContacts else {
        unsafe reader.wrong(
          "\(at).path", "FIELD_NOT_EDITABLE", "path \(numbers(edit)) leads nowhere")
        return
      }
      guard action == .set, unsafe edit.line == 0 else {
        unsafe reader.wrong(
          "\(at).action", "FIELD_INVALID", "only SET without a line works on path \(numbers(edit))")
        return
      }
      unsafe scalar(field, values, at, into: &edits, &reader)
    }
  }

  /// Of a field that the server keeps, or of none.
  private static func refuse(
    _ edit: Tandem__V1__PathEdit, _ at: EditPlace, _ reader: inout RequestReader
  ) {
    let first = unsafe EditPath(edit).first.flatMap(UInt8.init(exactly:))
    guard let field = first.flatMap(KeptField.init(rawValue:)) else {
      return unsafe reader.wrong(
        "\(at).path", "FIELD_NOT_EDITABLE", "path \(numbers(edit)) cannot be edited")
    }
    unsafe reader.wrong(field.lock)
  }

  /// The stage by its name.
  private static func name(
    _ stage: Text, _ edit: Tandem__V1__PathEdit, _ values: Values?, _ at: EditPlace,
    _ named: inout NamedParts, into edits: inout ShortList<FieldEdit>,
    _ reader: inout RequestReader
  ) {
    if unsafe edit.action.rawValue != UInt32(Action.set.rawValue) || edit.line != 0 {
      unsafe reader.wrong(
        "\(at).action", "FIELD_INVALID", "only SET without a line works on a stage")
    }
    if unsafe values?.pointee.stage ?? 0 != 0 {
      unsafe reader.wrong(
        "stage_name", "FIELD_INVALID", "comes with values.stage; give one of them")
    }
    if named.set(.stage) {
      edits.append(.stage(.named(stage)))
    } else {
      unsafe reader.wrong("\(at).path", "FIELD_INVALID", "path [19] comes twice")
    }
  }

  /// Whether the vendor sees the deal; which desk follows from the customer.
  private static func show(
    _ isVisible: Bool, _ edit: Tandem__V1__PathEdit, _ at: EditPlace, _ named: inout NamedParts,
    into patch: inout PatchDeal, _ reader: inout RequestReader
  ) {
    if unsafe edit.action.rawValue != UInt32(Action.set.rawValue) || edit.line != 0 {
      unsafe reader.wrong(
        "\(at).action", "FIELD_INVALID", "only SET without a line works on path [34]")
    }
    if named.set(.shownTo) {
      patch.edits.append(.visibleToVendor(isVisible))
    } else {
      unsafe reader.wrong("\(at).path", "FIELD_INVALID", "path [34] comes twice")
    }
  }

  /// Who is responsible, by their address; nobody without one.
  private static func own(
    _ email: Text, _ edit: Tandem__V1__PathEdit, _ at: EditPlace, _ named: inout NamedParts,
    into edits: inout ShortList<FieldEdit>, _ reader: inout RequestReader
  ) {
    if unsafe edit.action.rawValue != UInt32(Action.set.rawValue) || edit.line != 0 {
      unsafe reader.wrong(
        "\(at).action", "FIELD_INVALID", "only SET without a line works on path [36]")
    }
    if named.set(.owner) {
      edits.append(.owner(email))
    } else {
      unsafe reader.wrong("\(at).path", "FIELD_INVALID", "path [36] comes twice")
    }
  }

  private static func numbers(_ edit: Tandem__V1__PathEdit) -> [UInt32] {
    unsafe [UInt32](
      UnsafeBufferPointer(start: edit.path, count: edit.path == nil ? 0 : edit.n_path))
  }

  private static func scalar(
    _ field: DealField, _ values: Values?, _ at: EditPlace, into edits: inout ShortList<FieldEdit>,
    _ reader: inout RequestReader
  ) {
    switch field {
    case .status, .baseKind, .partnerToPartner, .location, .consent, .acceptedAt, .acknowledgedAt,
      .closedAt, .respondBy, .remindAt, .closure, .invitation, .cards, .sharedView, .shownTo,
      .owner, .assessment,
      .team, .solutions:
      edits.append(.forbidden(field))
      return
    case .name, .customer, .value, .closeDate, .crmID, .campaignID, .notes, .stage, .tags: break
    }
    guard let values = unsafe values else {
      unsafe reader.wrong("values", "FIELD_REQUIRED", "\(at) takes a value from values")
      return
    }
    switch field {
    case .name: unsafe edits.append(.name(reader.text(values.pointee.name)))
    case .crmID: unsafe edits.append(.crmID(reader.text(values.pointee.crm_id)))
    case .campaignID: unsafe edits.append(.campaignID(reader.text(values.pointee.campaign_id)))
    case .notes: unsafe edits.append(.notes(reader.text(values.pointee.notes)))
    case .tags:
      if let tags = unsafe reader.tags(values.pointee.n_tags, values.pointee.tags, "values.tags") {
        edits.append(.tags(tags))
      }
    case .closeDate:
      unsafe edits.append(.closeDate(Timestamp(milliseconds: values.pointee.close_date_ms)))
    case .customer:
      let count = unsafe values.pointee.customer?.pointee.n_contacts ?? 0
      guard
        unsafe reader.isWithin(Limits.customerContacts, count: count, "values.customer.contacts")
      else { return }
      unsafe edits.append(.customerContacts(reader.customer(values.pointee.customer).contacts))
    case .value:
      if let money = unsafe reader.money(values.pointee.value, "values.value") {
        edits.append(.value(money))
      } else {
        unsafe reader.wrong("values.value", "FIELD_REQUIRED", "\(at) takes values.value")
      }
    case .stage:
      unsafe edits.append(.stage(.percent(values.pointee.stage)))
    case .status, .baseKind, .partnerToPartner, .location, .consent, .acceptedAt, .acknowledgedAt,
      .closedAt, .respondBy, .remindAt, .closure, .invitation, .cards, .sharedView, .shownTo,
      .owner, .assessment,
      .team, .solutions:
      break
    }
  }

  private static func team(
    _ action: Action, _ line: UInt32, _ values: Values?, _ at: EditPlace,
    into edits: inout ShortList<FieldEdit>, _ reader: inout RequestReader
  ) {
    if action == .remove {
      return unsafe remove(line, at, &reader) { edits.append(.removeTeamMember(line: line)) }
    }
    let count = unsafe values?.pointee.n_team ?? 0
    guard unsafe reader.isWithin(Limits.teamMembers, count: count, "values.team") else { return }
    let given = unsafe reader.team(count, values?.pointee.team, "values.team")
    switch action {
    case .remove: break
    case .set where line == 0: edits.append(.replaceTeam(given))
    case .set, .add:
      let chosen = given.filter { $0.line == (action == .add ? 0 : line) }
      unsafe expectLine(action, line, at, found: !chosen.isEmpty, "values.team", &reader)
      for member in chosen { edits.append(.putTeamMember(member)) }
    }
  }

  private static func solutions(
    _ action: Action, _ line: UInt32, _ values: Values?, _ at: EditPlace,
    into edits: inout ShortList<FieldEdit>, _ reader: inout RequestReader
  ) {
    if action == .remove {
      return unsafe remove(line, at, &reader) { edits.append(.removeSolution(line: line)) }
    }
    let count = unsafe values?.pointee.n_solutions ?? 0
    guard unsafe reader.isWithin(Limits.solutions, count: count, "values.solutions") else { return }
    let given = unsafe reader.solutions(count, values?.pointee.solutions, "values.solutions")
    switch action {
    case .remove: break
    case .set where line == 0: edits.append(.replaceSolutions(given))
    case .set, .add:
      let chosen = given.filter { $0.line == (action == .add ? 0 : line) }
      unsafe expectLine(action, line, at, found: !chosen.isEmpty, "values.solutions", &reader)
      for line in chosen { edits.append(.putSolution(line)) }
    }
  }

  private static func remove(
    _ line: UInt32, _ at: EditPlace, _ reader: inout RequestReader, _ edit: () -> Void
  ) {
    if line == 0 {
      unsafe reader.wrong("\(at).line", "FIELD_REQUIRED", "REMOVE needs a line")
    } else {
      edit()
    }
  }

  private static func expectLine(
    _ action: Action, _ line: UInt32, _ at: EditPlace, found: Bool, _ list: String,
    _ reader: inout RequestReader
  ) {
    if action == .add, line != 0 {
      unsafe reader.wrong("\(at).line", "FIELD_INVALID", "ADD takes no line")
    } else if !found {
      let wanted = action == .add ? 0 : line
      unsafe reader.wrong("\(at).line", "FIELD_INVALID", "\(list) has nothing with line \(wanted)")
    }
  }
}
