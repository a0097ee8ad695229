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

  /// Smaller runs are packed together as they become many: few runs to look into, and no long stop for
  /// packing.
  package static let gatheredRun = 16_384

  private(set) var layers: [Layer] = []
  package private(set) var count = 0

  /// Each is looked into for every suggestion.
  package var runCount: Int { layers.count }

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
    // A snapshot is read in the order of the ids: none of them was there before.
    let areNew = layers.allSatisfy { $0.run.precedes(run) }
    if !areNew { for id in run.ids { hide(id) } }
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
    while let last = layers.indices.dropFirst().last(where: { joins($0 - 1, layers[$0].count) }) {
      var first = last
      var count = layers[last].count
      while first > 0, joins(first - 1, count) {
        first -= 1
        count += layers[first].count
      }
      let joined = layers[first...last].flatMap(\.customers).sorted { $0.id < $1.id }
      layers.replaceSubrange(first...last, with: [Layer(run: CustomerRun(joined))])
    }
  }

  /// Whether a layer is packed together with as many customers behind it: each small one has at least
  /// twice as many as the next, so there are few of them and a customer is packed again seldom.
  private func joins(_ index: Int, _ count: Int) -> Bool {
    layers[index].run.count < Self.gatheredRun && layers[index].count < 2 * count
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

extension CustomerRun {
  fileprivate func precedes(_ other: CustomerRun) -> Bool {
    guard let last = ids.last, let first = other.ids.first else { return true }
    return last < first
  }
}

extension CustomerCatalogue.Layer {
  /// Those that no later run has, ascending by id.
  fileprivate var customers: [(id: CustomerID, customer: CatalogueCustomer)] {
    (0..<run.count).filter { !hidden.contains($0) }.map { (run.ids[$0], run.customer(at: $0)) }
  }
}

extension [CatalogueCustomer] {
  /// The ids are hashes: each is made once.
  fileprivate var sortedByID: [(id: CustomerID, customer: CatalogueCustomer)] {
    map { (id: $0.id, customer: $0) }.sorted { $0.id < $1.id }
  }
}
