// SPDX-License-Identifier: Apache-2.0
// Holds the Swift registry to the schemas: descriptor set, services and the comments of methods.proto.

import CProtobufC
import CTandemWire
import Foundation
import TandemWire
import Testing

struct MethodTests {
  private struct Rpc: Equatable {
    var input: String
    var isStream: Bool
  }

  private func schema() throws -> (rpcs: [String: Rpc], numbers: Set<UInt16>) {
    var rpcs: [String: Rpc] = [:]
    var numbers: Set<UInt16> = []
    var set = ProtoReader(SchemaDescriptors.set[...])
    while try set.next() {
      var package = ""
      var file = try set.message()
      while try file.next() {
        switch file.field {
        case 2: package = try file.string()
        case 5: numbers.formUnion(try enumNumbers(file.message()))
        case 6:
          var service = try file.message()
          var name = ""
          while try service.next() {
            if service.field == 1 {
              name = try service.string()
            } else if service.field == 2 {
              let (method, rpc) = try self.rpc(service.message())
              rpcs["\(package).\(name)/\(method)"] = rpc
            } else {
              try service.skip()
            }
          }
        default: try file.skip()
        }
      }
    }
    return (rpcs, numbers)
  }

  private func rpc(_ message: ProtoReader) throws -> (String, Rpc) {
    var reader = message
    var name = ""
    var rpc = Rpc(input: "", isStream: false)
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.string()
      case 2: rpc.input = String(try reader.string().dropFirst())
      case 6: rpc.isStream = try reader.flag()
      default: try reader.skip()
      }
    }
    return (name, rpc)
  }

  private func enumNumbers(_ message: ProtoReader) throws -> Set<UInt16> {
    var reader = message
    var name = ""
    var numbers: Set<UInt16> = []
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.string()
      case 2:
        var value = try reader.message()
        while try value.next() {
          if value.field == 2 {
            numbers.insert(UInt16(try value.unsigned()))
          } else {
            try value.skip()
          }
        }
      default: try reader.skip()
      }
    }
    return name == "Method" ? numbers : []
  }

  @Test func `the registry equals the services and the enumeration of the schema`() throws {
    let (rpcs, numbers) = try schema()
    #expect(Set(rpcs.keys) == Set(Method.allCases.map(\.name)))
    #expect(numbers.subtracting([0]) == Set(Method.allCases.map(\.rawValue)))
    for method in Method.allCases {
      let rpc = try #require(rpcs[method.name])
      #expect(rpc.isStream == method.isServerStream)
      let descriptor = try #require(tandem_request_descriptor(method.rawValue))
      #expect(String(cString: descriptor.pointee.name) == rpc.input)
    }
  }

  @Test func `the comments of the registry name the same rpc and kind`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "proto/tandem/v1/methods.proto"), encoding: .utf8)
    var found = 0
    for line in text.split(separator: "\n") {
      guard let match = line.firstMatch(of: /METHOD_\w+ = (\d+);\s+\/\/ (\w+)\.(\w+) (\w+)/) else {
        continue
      }
      let method = try #require(Method(rawValue: UInt16(match.1)!))
      #expect(method.name == "tandem.v1.\(match.2)/\(match.3)")
      let kind: Method.Kind? =
        [
          "NO_SIDE_EFFECTS": .noSideEffects, "IDEMPOTENT": .idempotent,
          "KEY_REQUIRED_TO_RETRY": .keyRequiredToRetry,
        ][
          String(match.4)]
      #expect(method.kind == kind)
      found += 1
    }
    #expect(found == Method.allCases.count)
  }
}
