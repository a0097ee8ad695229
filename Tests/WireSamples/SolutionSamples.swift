// SPDX-License-Identifier: Apache-2.0
// Requests about the catalogue of solutions.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Requests {
  static func catalogue(_ values: inout RandomValues) -> [RequestSample] {
    let solution: SolutionID = values.id()
    let deal: DealID = values.id()
    return [
      sample(.describeEligibility, .query(.describeEligibility(deal))) { $0.identifier(1, deal) },
      sample(
        .publishSolution,
        .command(
          .publishSolution(
            PublishSolution(
              solution: solution, name: "Hub", type: .service, isCoSellReady: true,
              incentives: [.businessAppsPremium], isActive: false, validateOnly: true)),
          returnDeal: false)
      ) { writer in
        writer.identifier(1, solution)
        writer.text(2, "Hub")
        writer.unsigned(3, 4 as UInt32)
        writer.flag(4, true)
        writer.packed(5, [3])
        writer.flag(6, true)
        writer.flag(7, true)
      },
      sample(
        .listSolutions,
        .query(
          .listSolutions(
            ListSolutions(namePrefix: "Tele", ownOnly: true, pageSize: 7, after: solution)))
      ) { writer in
        writer.text(1, "Tele")
        writer.flag(2, true)
        writer.unsigned(3, 7 as UInt32)
        writer.identifier(4, solution)
      },
    ]
  }
}
