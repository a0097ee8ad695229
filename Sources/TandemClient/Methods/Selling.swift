// SPDX-License-Identifier: Apache-2.0
// Methods of the catalogue of solutions, and of what selling them can bring.

import TandemWire

/// A solution to be published, or all of a published one anew.
public struct NewSolution: Hashable, Sendable {
  /// Nil: a new one.
  public var solution: ID?
  /// Its name.
  public var name = ""
  /// What sort of thing it is.
  public var type: SolutionType = .unspecified
  /// Others may choose it.
  public var isCoSellReady = false
  /// For what a won deal with it can be registered.
  public var incentives: [Incentive] = []
  /// It is still sold.
  public var isActive = true

  /// Makes a solution.
  public init(name: String, type: SolutionType, isCoSellReady: Bool = false) {
    self.name = name
    self.type = type
    self.isCoSellReady = isCoSellReady
  }
}

extension Client {
  /// Publishes a solution of the caller's organisation; gives its id, or none in a dry run of a new one.
  public func publishSolution(
    _ solution: NewSolution, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ID? {
    let reply: CreatedReply = try await call(.publishSolution, options) { writer in
      writer.id(1, solution.solution)
      writer.string(2, solution.name)
      writer.word(3, solution.type)
      writer.flag(4, solution.isCoSellReady)
      writer.packed(5, solution.incentives.map { UInt32($0.number) })
      writer.flag(6, !solution.isActive)
      writer.flag(7, validatesOnly)
    }
    return ID(.solution, bytes: reply.bytes[...])
  }

  /// Whether a deal can be registered for an incentive, criterion by criterion.
  public func describeEligibility(
    of deal: ID, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> Eligibility {
    try await call(.describeEligibility, options) { $0.id(1, deal) }
  }

  /// Solutions that the caller's organisation may choose, by the beginning of their name.
  public func listSolutions(
    namePrefix: String = "", ownOnly: Bool = false, pageSize: UInt32 = 0, after cursor: ID? = nil,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> SolutionPage {
    try await call(.listSolutions, options) {
      $0.string(1, namePrefix)
      $0.flag(2, ownOnly)
      $0.unsigned(3, pageSize)
      $0.id(4, cursor)
    }
  }
}
