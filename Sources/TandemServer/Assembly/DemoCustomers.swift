// SPDX-License-Identifier: Apache-2.0
// Whom the demo world's catalogue lists: companies that do not exist, with numbers that nobody has. Two have
// one name at one place, and one has two accounts.

import TandemDomain
import TandemPrimitives

struct DemoCustomer {
  private let account: Text
  private let name: Text
  private let street: Text
  private let postalCode: Text
  private let city: Text
  private let country: String
  private let size: UInt32
  private let duns: Text
  private let category: MatchCategory
  private let mainAccount: Text

  private init(
    _ account: Text, _ name: Text, _ street: Text, _ postalCode: Text, _ city: Text,
    _ country: String, size: UInt32, duns: Text, _ category: MatchCategory,
    mainAccount: Text = ""
  ) {
    self.account = account
    self.name = name
    self.street = street
    self.postalCode = postalCode
    self.city = city
    self.country = country
    self.size = size
    self.duns = duns
    self.category = category
    self.mainAccount = mainAccount
  }

  static let all = [
    DemoCustomer(
      "D-100", "Adatum Logistics", "Speicherstrasse 1", "20095", "Hamburg", "DE", size: 500,
      duns: "555010001", .managed),
    DemoCustomer(
      "D-101", "Adatum Logistics Berlin", "Westhafenstrasse 1", "13353", "Berlin", "DE", size: 40,
      duns: "555010002", .managed, mainAccount: "D-100"),
    DemoCustomer(
      "D-110", "Litware Press", "Friedrichstrasse 100", "10117", "Berlin", "DE", size: 120,
      duns: "555010003", .unmanaged),
    DemoCustomer(
      "D-120", "Proseware Bank", "Mainzer Landstrasse 9", "60311", "Frankfurt", "DE", size: 2_400,
      duns: "555010004", .managed),
    DemoCustomer(
      "D-130", "Wide World Importers", "Am Sandtorkai 5", "20457", "Hamburg", "DE", size: 800,
      duns: "555010005", .managed),
    DemoCustomer(
      "D-131", "Wide World Importers", "Am Sandtorkai 5", "20457", "Hamburg", "DE", size: 30,
      duns: "555010006", .unmanaged),
    DemoCustomer(
      "F-100", "Lucerne Publishing", "Rue de Rivoli 40", "75004", "Paris", "FR", size: 260,
      duns: "555010007", .managed),
    DemoCustomer(
      "F-110", "Coho Vineyard", "Quai des Chartrons 12", "33000", "Bordeaux", "FR", size: 45,
      duns: "555010008", .unmanaged),
    DemoCustomer(
      "G-100", "Woodgrove Bank", "Lombard Street 7", "EC3V 9AA", "London", "GB", size: 5_200,
      duns: "555010009", .managed),
    DemoCustomer(
      "G-110", "Fourth Coffee", "Deansgate 30", "M3 2BW", "Manchester", "GB", size: 75, duns: "",
      .other),
    DemoCustomer(
      "U-100", "Blue Yonder Airlines", "Pike Street 600", "98101", "Seattle", "US", size: 9_000,
      duns: "555010011", .managed),
    DemoCustomer(
      "U-110", "Trey Research", "Market Street 201", "94105", "San Francisco", "US", size: 150,
      duns: "555010012", .unmanaged),
  ]

  /// As a line of an operator's file says it.
  var listed: CatalogueCustomer {
    CatalogueCustomer(
      account: account, name: name,
      address: Address(
        line1: street, line2: "", city: city, state: "", postalCode: postalCode,
        country: CountryCode(country.utf8) ?? CountryCode(packed: 0)),
      size: size, duns: duns, category: category, mainAccount: mainAccount)
  }
}
