// SPDX-License-Identifier: Apache-2.0
// Every reader under a bounded number of inputs, and the fuzzer itself under planted defects.
// `tandem-fuzz --inputs 1000000` is the same for longer.

import Fuzzing
import Testing

@Suite(.serialized)
struct CampaignTests {
  /// Refusals that must turn up, so that inputs are known to reach that deep.
  static let reasons: [(target: String, inputs: UInt64, reasons: [String])] = [
    (
      "frames", 10_000,
      ["meta_len does not fit into a payload of bytes", "unknown frame type", "hello twice"]
    )
  ]
}
