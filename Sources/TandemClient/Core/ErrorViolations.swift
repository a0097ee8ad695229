// SPDX-License-Identifier: Apache-2.0
// Turns the wire's violations into the library's: the only file that sees the domain's type.

import TandemDomain
import TandemWire

extension TandemError {
  static func violations(of status: ErrorStatus) -> [TandemError.Violation] {
    status.violations.map {
      TandemError.Violation(
        field: $0.field, reason: $0.rule, description: $0.text, rules: $0.rules)
    }
  }
}
