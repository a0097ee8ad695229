// SPDX-License-Identifier: Apache-2.0
// Requests about a realm's catalogue of customers.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum CustomerRequests {
  static func importing(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> ImportCustomers {
    let request = unsafe message.as(Tandem__V1__ImportCustomersRequest.self)
    var customers: [CatalogueCustomer] = []
    if unsafe reader.isWithin(
      Limits.customersPerImport, count: request.n_customers, "customers")
    {
      unsafe customers = reader.list(request.n_customers, request.customers, "customers") {
        reader, item, at in
        let category = unsafe reader.choice(
          item.category.rawValue, "\(at).category", MatchCategory.self)
        if category == nil, unsafe item.category.rawValue == 0 {
          unsafe reader.wrong("\(at).category", "FIELD_REQUIRED", "category is missing")
        }
        return unsafe CatalogueCustomer(
          account: reader.text(item.account), name: reader.text(item.name),
          address: reader.address(item.address, "\(at).address"), size: item.size,
          duns: reader.text(item.duns), category: category ?? .other,
          mainAccount: reader.text(item.main_account))
      }
    }
    return unsafe ImportCustomers(
      customers: customers, validateOnly: request.validate_only != 0)
  }

  static func suggesting(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> SuggestCustomers {
    let request = unsafe message.as(Tandem__V1__SuggestCustomersRequest.self)
    return unsafe SuggestCustomers(
      country: reader.country(request.country, "country"), city: reader.text(request.city),
      namePrefix: reader.text(request.name_prefix),
      max: reader.pageSize(
        request.max, PageDefaults.customers, "max", atMost: Limits.customersSuggested))
  }
}
