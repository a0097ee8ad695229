// SPDX-License-Identifier: Apache-2.0
// All customers of a realm. A value that costs a few references to copy: the directory owns it, and every
// shard looks at the same runs.

package import TandemPrimitives

package struct CustomerCatalogue: Sendable {
  /// A run, and which of its customers a later run has.
  struct Layer: Sendable {
    let run: CustomerRun
    var hidden: Set<Int> = []
    var count: Int { run.count - hidden.count }
  }

  /// Small runs are gathered into one of this size or more: few runs to look into, and no long stop for
  /// gathering.
  package static let gatheredRun = 16_384

  private(set) var layers: [Layer] = []
  package private(set) var count = 0

  package init() {}

  /// What it takes in memory.
  package var byteCount: Int { layers.reduce(0) { $0 + $1.run.byteCount } }

  package subscript(id: CustomerID) -> CatalogueCustomer? {
    for layer in layers {
      if let place = layer.run.place(of: id), !layer.hidden.contains(place) {
        return layer.run.customer(at: place)
      }
    }
    return nil
  }

  /// Adds customers, and replaces those of the same account; no account may come twice.
  package mutating func put(_ customers: [CatalogueCustomer]) {
    guard !customers.isEmpty else { return }
    let run = CustomerRun(customers.sortedByID)
    for id in run.ids { hide(id) }
    layers.append(Layer(run: run))
    count += run.count
    gather()
  }

  /// A customer is visible in one layer at most.
  private mutating func hide(_ id: CustomerID) {
    for index in layers.indices {
      guard let place = layers[index].run.place(of: id),
        layers[index].hidden.insert(place).inserted
      else { continue }
      count -= 1
      return
    }
  }

  private mutating func gather() {
    // What was mostly replaced is packed again.
    for index in layers.indices where layers[index].hidden.count * 2 > layers[index].run.count {
      layers[index] = Layer(run: CustomerRun(layers[index].customers))
    }
    layers.removeAll { $0.count == 0 }
    let firstSmall = layers.lastIndex { $0.run.count >= Self.gatheredRun }.map { $0 + 1 } ?? 0
    let small = layers[firstSmall...]
    guard small.count > 1, small.reduce(0, { $0 + $1.count }) >= Self.gatheredRun else { return }
    let gathered = CustomerRun(small.flatMap(\.customers).sortedByID)
    layers.replaceSubrange(firstSmall..., with: [Layer(run: gathered)])
  }

  /// Every customer in ascending order of the ids, whatever came when.
  package func forEach(_ body: (CatalogueCustomer) -> Void) {
    var places: [(id: CustomerID, layer: Int, place: Int)] = []
    places.reserveCapacity(count)
    for (number, layer) in layers.enumerated() {
      for (place, id) in layer.run.ids.enumerated() where !layer.hidden.contains(place) {
        places.append((id, number, place))
      }
    }
    places.sort { $0.id < $1.id }
    for entry in places { body(layers[entry.layer].run.customer(at: entry.place)) }
  }
}

extension CustomerCatalogue: Equatable {
  /// Equal when they list the same, in however many runs.
  package static func == (left: CustomerCatalogue, right: CustomerCatalogue) -> Bool {
    guard left.count == right.count else { return false }
    var isEqual = true
    left.forEach { if isEqual, right[$0.id] != $0 { isEqual = false } }
    return isEqual
  }
}

extension CustomerCatalogue.Layer {
  /// Those that no later run has, ascending by id.
  fileprivate var customers: [CatalogueCustomer] {
    (0..<run.count).filter { !hidden.contains($0) }.map { run.customer(at: $0) }
  }
}

extension [CatalogueCustomer] {
  /// The ids are hashes: each is made once.
  fileprivate var sortedByID: [CatalogueCustomer] {
    map { (id: $0.id, customer: $0) }.sorted { $0.id < $1.id }.map(\.customer)
  }
}
