// SPDX-License-Identifier: Apache-2.0
// What bodies must hold to be read at all, before any rule is asked. An empty body is read as each method, so
// that nothing is written down a second time.

package import TandemDomain

extension RequestCodec {
  /// Of every method that a tenant answers.
  package static let requirements: [RuleBook.Requirement] = {
    var arena = RequestArena()
    let empty: [UInt8] = []
    return Method.allCases.flatMap { method -> [RuleBook.Requirement] in
      let request = String(method.name.drop { $0 != "/" }.dropFirst())
      do throws(WireError) {
        _ = try decode(method, empty.span, arena: &arena)
        return []
      } catch {
        return error.violations.map {
          RuleBook.Requirement(request: request, condition: "", problem: $0)
        }
      }
    }
  }()
}
