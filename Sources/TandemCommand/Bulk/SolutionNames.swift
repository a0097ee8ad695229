// SPDX-License-Identifier: Apache-2.0
// Solutions by their names, each looked up once however many rows have it.

import TandemClient

actor SolutionNames {
  private enum Found {
    case id(ID)
    case problem(String)
  }

  private let client: Client
  private var known: [String: Found] = [:]

  init(_ client: Client) { self.client = client }

  /// The solutions with their ids; those of the deals themselves are known by the names they have there.
  func resolved(
    _ solutions: [ListedSolution], on deals: [Deal]
  ) async throws -> (found: [ListedSolution], problems: [RowProblem]) {
    var resolved = solutions
    var problems: [RowProblem] = []
    for (place, solution) in solutions.enumerated() where solution.id == nil {
      let name = solution.name.lowercased()
      let lines = deals.lazy.flatMap(\.solutions)
      if let id = lines.first(where: { $0.name.lowercased() == name })?.solution {
        resolved[place].id = id
        resolved[place].name = ""
        continue
      }
      switch try await find(solution.name) {
      case .id(let id):
        resolved[place].id = id
        resolved[place].name = ""
      case .problem(let text):
        problems.append(RowProblem("solutions[\(place)]", "SOLUTION_UNKNOWN", text))
      }
    }
    return (resolved, problems)
  }

  private func find(_ name: String) async throws -> Found {
    if let found = known[name] { return found }
    let found: Found
    switch try await SolutionCommands.named(name, client) {
    case .success(let id): found = .id(id)
    case .failure(let problem): found = .problem(problem.text)
    }
    known[name] = found
    return found
  }
}
