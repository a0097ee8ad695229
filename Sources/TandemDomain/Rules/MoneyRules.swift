// SPDX-License-Identifier: Apache-2.0
// What an amount of money must satisfy: a known currency, not negative, no more decimals than it
// has.

package import TandemPrimitives

extension Money {
  /// Billionths that make the smallest unit of a currency with so many decimals.
  private static func smallestStep(decimals: Int) -> Int32 {
    var step: Int32 = 1_000_000_000
    for _ in 0..<decimals { step /= 10 }
    return step
  }

  /// Whether the amount can be said exactly in its currency.
  package func fits(decimals: Int) -> Bool {
    decimals == 0 ? nanos == 0 : nanos % Self.smallestStep(decimals: decimals) == 0
  }
}

extension Violations {
  package mutating func check(_ money: Money, _ field: @autoclosure () -> String) {
    let nanosMax: Int32 = 999_999_999
    if money.nanos < -nanosMax || money.nanos > nanosMax {
      add(field() + ".nanos", "MONEY_NANOS", "\(money.nanos) is not within ±\(nanosMax)")
    }
    if (money.units > 0 && money.nanos < 0) || (money.units < 0 && money.nanos > 0) {
      add(field() + ".nanos", "MONEY_SIGNS", "units and nanos must have the same sign")
    } else if money.units < 0 || money.nanos < 0 {
      add(field() + ".units", "MONEY_NEGATIVE", "is negative; amounts are zero or more")
    }
    guard money.currency.packed != 0 else {
      return add(field() + ".currency", "MONEY_CURRENCY", "is required; give an ISO 4217 code")
    }
    guard let currency = Currencies.currency(money.currency) else {
      return add(
        field() + ".currency", "MONEY_CURRENCY", "\(money.currency.text) is not an ISO 4217 code")
    }
    if let now, let refusal = currency.refusal(at: now) {
      add(field() + ".currency", "MONEY_CURRENCY", refusal)
    }
    if !money.fits(decimals: Int(currency.decimals)) {
      add(
        field() + ".nanos", "MONEY_DECIMALS",
        "\(money.currency.text) has \(currency.decimals) decimals; the amount has more and is never "
          + "rounded")
    }
  }

  package mutating func require(
    _ money: Money?, _ field: @autoclosure () -> String, _ rule: String
  ) {
    guard let money else {
      return add(field(), rule, "is required; give an amount with its currency")
    }
    check(money, field())
  }

  package mutating func requireCloseDate(
    _ date: Timestamp?, _ field: @autoclosure () -> String, _ rule: String
  ) {
    guard let date, date > .zero else {
      return add(field(), rule, "is required; give a time after 1970 in milliseconds")
    }
  }
}
