// SPDX-License-Identifier: Apache-2.0
// The operator lists customers of a realm, or lists them anew; repeating an import changes nothing.

import TandemPrimitives

package struct ImportCustomers: Sendable, Equatable {
  package var customers: [CatalogueCustomer]
  package var validateOnly: Bool
  package init(customers: [CatalogueCustomer], validateOnly: Bool) {
    self.customers = customers
    self.validateOnly = validateOnly
  }
}

/// How many customers an import lists for the first time, changes, and leaves as they are.
package struct ImportCounts: Sendable, Equatable {
  package var added: UInt32 = 0
  package var changed: UInt32 = 0
  package var unchanged: UInt32 = 0
  package init() {}
}

package enum ImportingCustomers {
  package static func decide(
    _ command: ImportCustomers, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    _ = try state.operatedRealm(context.principal)
    try check(command.customers)
    var counts = ImportCounts()
    var news: [CatalogueCustomer] = []
    for customer in command.customers {
      let old = state.customers[customer.id]
      if let old, old.account != customer.account {
        throw Rejection(
          .alreadyExists, "ACCOUNT_COLLIDES",
          "accounts \(old.account) and \(customer.account) cannot be told apart; give one of them "
            + "another account")
      }
      if old == customer {
        counts.unchanged += 1
        continue
      }
      if old == nil { counts.added += 1 } else { counts.changed += 1 }
      news.append(customer)
    }
    guard state.customers.count + Int(counts.added) <= Limits.customersPerRealm else {
      throw .full("customers", state.customers.count, Limits.customersPerRealm)
    }
    guard !news.isEmpty, !command.validateOnly else {
      return Decision(events: [], answer: .imported(counts))
    }
    return Decision(events: [.customersListed(news)], answer: .imported(counts))
  }

  private static func check(_ customers: [CatalogueCustomer]) throws(Rejection) {
    try Violations(problems(of: customers)).throwIfAny()
  }

  static func problems(of customers: [CatalogueCustomer]) -> [Violation] {
    var violations = Violations()
    if customers.isEmpty {
      violations.add("customers", "FIELD_REQUIRED", "names no customer; give at least one")
    }
    violations.limit(count: customers.count, "customers", max: Limits.customersPerImport)
    var accounts: Set<Text> = []
    for (index, customer) in customers.prefix(Limits.customersPerImport).enumerated() {
      violations.check(customer, "customers[\(index)]")
      if !customer.account.isEmpty, !accounts.insert(customer.account).inserted {
        violations.add(
          "customers[\(index)].account", "ACCOUNT_TWICE", "\(customer.account) comes twice")
      }
    }
    return violations.found
  }
}

extension CatalogueCustomer {
  /// Of whom nothing is said.
  static let nothing = CatalogueCustomer(
    account: .empty, name: .empty, address: Customer.nobody.address, size: 0, duns: .empty,
    category: .other, mainAccount: .empty)
}

extension Violations {
  /// A customer that is picked must be good for a deal.
  fileprivate mutating func check(_ customer: CatalogueCustomer, _ field: String) {
    require(customer.account, field + ".account", "FIELD_REQUIRED", max: Limits.externalIDBytes)
    limit(customer.mainAccount, field + ".main_account", max: Limits.externalIDBytes)
    if !customer.account.isEmpty, customer.mainAccount == customer.account {
      add(field + ".main_account", "ACCOUNT_TWICE", "is the account itself; leave it out")
    }
    require(customer.name, field + ".name", "R-102", max: Limits.nameBytes)
    if FoldedName(customer.name).bytes.count < Limits.customerPrefixBytes {
      add(field + ".name", "R-102", "has fewer letters than a search needs; write it in full")
    }
    check(customer.address, field + ".address", as: "R-102")
    let isNumber = customer.duns.utf8.allSatisfy { (48...57).contains($0) }
    if !customer.duns.isEmpty, !isNumber || customer.duns.byteCount != Limits.dunsDigits {
      add(field + ".duns", "R-102", "is no D-U-N-S number; write nine digits or leave it out")
    }
  }
}
