// SPDX-License-Identifier: Apache-2.0
// ISO 4217: the currencies that exist and how many decimals each allows. Data, not rules.

/// Which currencies exist.
package enum Currencies {
  /// Decimals of a known currency; nil when there is no such currency.
  package static func decimals(of code: CurrencyCode) -> Int? {
    decimalsByCode[code.packed].map { Int($0) }
  }

  private static let withTwoDecimals = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD \
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP \
    PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS \
    TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """
  private static let withoutDecimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
  private static let withThreeDecimals = "BHD IQD JOD KWD LYD OMR TND"
  private static let withFourDecimals = "CLF UYW"

  private static let decimalsByCode: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    let groups: [(String, UInt8)] = [
      (withTwoDecimals, 2), (withoutDecimals, 0), (withThreeDecimals, 3), (withFourDecimals, 4),
    ]
    for (codes, decimals) in groups {
      for letters in codes.utf8.split(separator: UInt8(ascii: " ")) {
        if let code = CurrencyCode(letters) { table[code.packed] = decimals }
      }
    }
    return table
  }()
}
