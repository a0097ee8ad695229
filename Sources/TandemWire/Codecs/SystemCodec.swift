// SPDX-License-Identifier: Apache-2.0
// Answers of the methods that describe the server itself.

package enum SystemCodec {
  package enum Health: UInt8, Sendable {
    case serving = 1
    case starting = 2
    case draining = 3
  }

  package static func encodeHealth(_ health: Health, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.enumeration(1, health)
    writer.giveBack(to: &output)
  }

  package static func encodeDescription(
    server: String, withDescriptors: Bool, into output: inout [UInt8]
  ) {
    var writer = ProtoWriter(consuming: &output)
    writer.string(1, server)
    for method in Method.allCases {
      let start = writer.begin(2)
      writer.unsigned(1, UInt32(method.rawValue))
      writer.string(2, method.name)
      writer.enumeration(3, method.kind)
      writer.flag(4, method.isServerStream)
      writer.end(start)
    }
    writer.blob(3, SchemaDescriptors.hash[...])
    if withDescriptors { writer.blob(4, SchemaDescriptors.set[...]) }
    writer.giveBack(to: &output)
  }
}
