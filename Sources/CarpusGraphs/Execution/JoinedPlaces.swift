import CarpusTensors

/// Which values of a graph lie within others, so that joining them costs nothing.
struct JoinedPlaces {
  /// By value: the value whose buffer it lies in (itself, most often), and its first byte there.
  private(set) var homes: [(root: Int, offset: Int)]
  /// The nodes that have nothing to do.
  private(set) var nodes: Set<Int> = []

  /// - Parameter byteCounts: by value; `nil` for what has no place in the arena.
  init(_ graph: Graph, byteCounts: [Int?]) {
    homes = byteCounts.indices.map { ($0, 0) }
    // The last joint first: it holds what earlier ones hold.
    for (step, node) in graph.nodes.enumerated().reversed() {
      guard let joining = node.operator as? any Joining, let count = joining.joined(node.operands.map { graph.info($0) }) else { continue }
      let operands = node.operands.prefix(count).compactMap { $0?.index }, result = node.results[0].index
      let sizes = operands.compactMap { byteCounts[$0] }
      guard operands.count == count, sizes.count == count, let whole = byteCounts[result], sizes.reduce(0, +) == whole,
        Set(operands).count == count
      else { continue }
      if join(operands, sizes, to: result) { nodes.insert(step) }
    }
    for value in homes.indices { homes[value] = place(of: value) }
  }

  private func place(of value: Int) -> (root: Int, offset: Int) {
    var place = homes[value]
    while homes[place.root].root != place.root { place = (homes[place.root].root, place.offset + homes[place.root].offset) }
    return place
  }

  private mutating func join(_ operands: [Int], _ sizes: [Int], to result: Int) -> Bool {
    var starts: [Int] = [], end = 0
    for size in sizes {
      starts.append(end)
      end += size
    }
    if operands.allSatisfy({ homes[$0].root == $0 }) {
      let base = place(of: result).offset
      guard starts.allSatisfy({ (base + $0).isMultiple(of: TensorStorage.alignment) }) else { return false }
      for (operand, start) in zip(operands, starts) { homes[operand] = (result, start) }
      return true
    }
    // They may lie one after the other already, in a later joint.
    let places = operands.map(place)
    guard homes[result].root == result, zip(places, starts).allSatisfy({ $0.root == places[0].root && $0.offset == places[0].offset + $1 }) else {
      return false
    }
    homes[result] = places[0]
    return true
  }
}
