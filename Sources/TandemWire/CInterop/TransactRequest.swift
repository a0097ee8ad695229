// SPDX-License-Identifier: Apache-2.0
// A transaction: each operation is read as the request that it would be on its own.

internal import CProtobufC
internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum TransactRequest {
  static func read(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Transact {
    let request = unsafe message.as(Tandem__V1__TransactRequest.self)
    let validateOnly = unsafe request.validate_only != 0
    let count = unsafe request.n_operations
    guard unsafe reader.isWithin(Limits.transactionOperations, count: count, "operations") else {
      return Transact(operations: [], validateOnly: validateOnly)
    }
    var operations: [Transact.Operation] = []
    for index in 0..<count {
      guard let given = unsafe request.operations?[index]?.pointee else { continue }
      unsafe reader.begin("operations[\(index)].")
      if let operation = unsafe operation(given, message.memory, &reader) {
        operations.append(operation)
      }
      unsafe reader.begin("")
    }
    return Transact(operations: operations, validateOnly: validateOnly)
  }

  private static func operation(
    _ given: Tandem__V1__Operation, _ memory: UnsafeRawBufferPointer, _ reader: inout RequestReader
  ) -> Transact.Operation? {
    guard let (method, start) = unsafe content(given) else {
      unsafe reader.wrong("operation", "FIELD_REQUIRED", "is missing; say what is to be done")
      return nil
    }
    let isCreated =
      unsafe given.maybe_created_case
      == TANDEM__V1__OPERATION__MAYBE_CREATED_CREATED_BY_OPERATION
    unsafe reader.isDealNamedElsewhere = isCreated
    let message = unsafe UnpackedMessage(start: start, memory: memory)
    let request = unsafe DealRequests.read(method, message, &reader)
    unsafe reader.isDealNamedElsewhere = false
    guard case .command(let command, let returnDeal) = request else { return nil }
    if method == .createDeal, isCreated {
      unsafe reader.wrong(
        "created_by_operation", "FIELD_NOT_ALLOWED", "is for operations on a deal; leave it out")
    }
    if returnDeal {
      unsafe reader.wrong(
        "return_deal", "FIELD_NOT_ALLOWED", "is not for operations; read the deal")
    }
    if command.isDryRun {
      unsafe reader.wrong(
        "validate_only", "FIELD_NOT_ALLOWED", "is for the transaction as a whole; set it there")
    }
    return Transact.Operation(
      command, createdBy: isCreated ? unsafe Int(given.created_by_operation) : nil)
  }

  /// Which request it is and where it lies.
  private static func content(
    _ given: Tandem__V1__Operation
  ) -> (Method, UnsafeMutableRawPointer)? {
    let (method, start): (Method, UnsafeMutableRawPointer?) =
      switch unsafe given.operation_case {
      case TANDEM__V1__OPERATION__OPERATION_CREATE: unsafe (.createDeal, .init(given.create))
      case TANDEM__V1__OPERATION__OPERATION_PATCH: unsafe (.patchDeal, .init(given.patch))
      case TANDEM__V1__OPERATION__OPERATION_INVITE: unsafe (.inviteToDeal, .init(given.invite))
      case TANDEM__V1__OPERATION__OPERATION_EXTEND: unsafe (.extendInvitation, .init(given.extend))
      case TANDEM__V1__OPERATION__OPERATION_WIN: unsafe (.winDeal, .init(given.win))
      case TANDEM__V1__OPERATION__OPERATION_LOSE: unsafe (.loseDeal, .init(given.lose))
      case TANDEM__V1__OPERATION__OPERATION_CLOSE_AS_ERROR:
        unsafe (.closeDealAsError, .init(given.close_as_error))
      case TANDEM__V1__OPERATION__OPERATION_ACKNOWLEDGE:
        unsafe (.acknowledgeDeal, .init(given.acknowledge))
      case TANDEM__V1__OPERATION__OPERATION_ACCEPT: unsafe (.acceptDeal, .init(given.accept))
      case TANDEM__V1__OPERATION__OPERATION_DECLINE: unsafe (.declineDeal, .init(given.decline))
      case TANDEM__V1__OPERATION__OPERATION_SET_FAVOURITE:
        unsafe (.setFavourite, .init(given.set_favourite))
      default: (.describe, nil)
      }
    return unsafe start.map { unsafe (method, $0) }
  }
}
