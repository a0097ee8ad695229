// SPDX-License-Identifier: Apache-2.0
// Requests about who may act, where, and with what.

internal import CTandemWire
internal import TandemDomain

enum AccessRequests {
  static func addUser(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__AddUserRequest.self)
    let user = unsafe AddUser(
      isService: request.service != 0, person: reader.person(request.person),
      grants: reader.grants(request.n_grants, request.grants),
      mayActAsUser: request.may_act_as_user != 0)
    return .addUser(user).rehearsed(if: unsafe request.validate_only)
  }

  static func setGrants(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__SetUserGrantsRequest.self)
    let grants = unsafe SetUserGrants(
      user: reader.required(request.user_id, "user_id"),
      grants: reader.grants(request.n_grants, request.grants), isActive: request.active != 0)
    return .setUserGrants(grants).rehearsed(if: unsafe request.validate_only)
  }

  static func addLocation(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__AddLocationRequest.self)
    var location = unsafe AddLocation(
      name: reader.text(request.name), country: reader.country(request.country, "country"),
      partnerID: reader.text(request.partner_id))
    if unsafe request.address != nil {
      location.address = unsafe reader.address(request.address, "address")
    }
    return .addLocation(location).rehearsed(if: unsafe request.validate_only)
  }

  static func issueKey(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__IssueKeyRequest.self)
    let key = unsafe IssueKey(
      user: reader.required(request.user_id, "user_id"), label: reader.text(request.label),
      readOnly: request.read_only != 0, secretHash: [])
    return .issueKey(key).rehearsed(if: unsafe request.validate_only)
  }

  static func revokeKey(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    let request = unsafe message.as(Tandem__V1__RevokeKeyRequest.self)
    return .revokeKey(RevokeKey(key: unsafe reader.required(request.key_id, "key_id")))
      .rehearsed(if: unsafe request.validate_only)
  }
}
