import CarpusTensors

/// A place for every value of a graph, and when each is read last.
struct StaticMemory {
  /// By value.
  let places: [Plan.Place]
  /// By value: the step that reads it last; the number of nodes for outputs, -1 for what nobody reads.
  let last: [Int]
  /// By node: true when all its results have their place in the arena.
  let isStatic: [Bool]
  /// The nodes whose result is there when their operands are.
  let joints: Set<Int>
  /// Of the arena.
  let byteCount: Int

  /// - Throws: `GraphError.tooLarge` when the values do not fit into memory.
  init(_ graph: Graph) throws(GraphError) {
    let end = graph.nodes.count
    var last = [Int](repeating: -1, count: graph.records.count)
    for (step, node) in graph.nodes.enumerated() {
      for operand in node.operands { if let operand { last[operand.index] = step } }
    }
    for output in graph.outputs { last[output.value.index] = end }

    var places = graph.records.map { $0.constant.map(Plan.Place.constant) ?? .unused }
    for (index, input) in graph.inputs.enumerated() { places[input.value.index] = .input(index) }
    var isStatic: [Bool] = []
    var byteCounts = [Int?](repeating: nil, count: graph.records.count)
    for (step, node) in graph.nodes.enumerated() {
      // A node writes all its results, also those that nobody reads, unless it asks `isWanted`.
      let shapes = node.results.map { Self.plannedShape(graph.type(of: $0)) }
      isStatic.append(!shapes.contains(nil) && !(node.operator is any SelfTyping))
      for (result, shape) in zip(node.results, shapes) {
        guard isStatic[step], let shape, case .tensor(let type) = graph.type(of: result) else { places[result.index] = .dynamic; continue }
        let bytes = shape.count * type.elementType.byteCount
        guard bytes <= MemoryLimit.byteCount else {
          throw .tooLarge("result of node '\(node.name)' (\(node.operatorName)) takes \(bytes / 1_000_000) MB, more than allowed")
        }
        byteCounts[result.index] = bytes
        places[result.index] = .arena(offset: 0, elementType: type.elementType, shape: shape)
      }
    }
    let joined = JoinedPlaces(graph, byteCounts: byteCounts)
    var buffers: [ArenaLayout.Buffer] = []
    var numbers: [Int: Int] = [:]  // of the buffers, by the value that they are for
    for (step, node) in graph.nodes.enumerated() {
      for result in node.results {
        guard byteCounts[result.index] != nil else { continue }
        let root = joined.homes[result.index].root, end = max(step, last[result.index])
        if let number = numbers[root] {
          buffers[number].last = max(buffers[number].last, end)
        } else {
          numbers[root] = buffers.count
          buffers.append(ArenaLayout.Buffer(byteCount: byteCounts[root] ?? 0, first: step, last: end))
        }
      }
    }
    let layout = ArenaLayout(buffers)
    guard layout.byteCount <= MemoryLimit.byteCount else {
      throw .tooLarge(
        "the intermediate values take \(layout.byteCount / 1_000_000) MB, more than the \(MemoryLimit.byteCount / 1_000_000) MB allowed")
    }
    for value in places.indices {
      guard case .arena(_, let elementType, let shape) = places[value], let number = numbers[joined.homes[value].root] else { continue }
      places[value] = .arena(offset: layout.offsets[number] + joined.homes[value].offset, elementType: elementType, shape: shape)
    }
    joints = joined.nodes
    self.places = places
    self.last = last
    self.isStatic = isStatic
    byteCount = layout.byteCount
  }

  /// The shape of a result whose size is known beforehand; the size of text never is.
  private static func plannedShape(_ type: ValueType) -> Shape? { type.tensor?.elementType == .string ? nil : type.staticShape }
}
