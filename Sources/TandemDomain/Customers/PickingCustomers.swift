// SPDX-License-Identifier: Apache-2.0
// A deal's customer is picked from the catalogue, which then says who it is, or entered by hand.

import TandemPrimitives

extension CustomerCatalogue {
  /// The customer of a new deal: as listed when it was picked, with the contacts that were given.
  func filled(_ customer: Customer) -> Customer {
    guard let listed = self[customer.catalogueID] else { return customer }
    var filled = customer
    filled.name = listed.name
    filled.address = listed.address
    filled.size = listed.size
    filled.identifiers =
      listed.duns.isEmpty ? [] : [CustomerIdentifier(scheme: .duns, value: listed.duns)]
    filled.category = listed.category
    return filled
  }
}

extension Violations {
  mutating func checkCustomer(_ customer: Customer, pickedFrom catalogue: CustomerCatalogue) {
    if customer.category != nil {
      add("customer.category", "FIELD_NOT_ALLOWED", "is the catalogue's to say; leave it out")
    }
    guard !customer.catalogueID.isZero else { return checkCustomer(customer) }
    if catalogue[customer.catalogueID] == nil {
      add(
        "customer.catalogue_id", "CUSTOMER_UNKNOWN",
        "\(customer.catalogueID) is not listed; pick a suggested one or enter the customer by hand")
    }
    let address = customer.address
    let texts = [
      ("name", customer.name), ("address.line1", address.line1), ("address.line2", address.line2),
      ("address.city", address.city), ("address.state", address.state),
      ("address.postal_code", address.postalCode),
    ]
    for (field, text) in texts where !text.isEmpty { refuse(field) }
    if address.country.packed != 0 { refuse("address.country") }
    if customer.size != 0 { refuse("size") }
    if !customer.identifiers.isEmpty { refuse("identifiers") }
  }

  private mutating func refuse(_ field: String) {
    add(
      "customer.\(field)", "FIELD_NOT_ALLOWED",
      "comes from the catalogue with catalogue_id; leave it out")
  }
}
