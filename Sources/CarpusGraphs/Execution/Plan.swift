import CarpusTensors

/// An order of work and a place for every value: everything about a run that can be decided before it.
///
/// A plan is immutable. Threads share it, each with a `Workspace` of its own.
public struct Plan: Sendable {
  /// Where a value is during a run.
  enum Place: Sendable {
    case constant(Tensor)
    case input(Int)
    /// In the arena, at this offset.
    case arena(offset: Int, elementType: ElementType, shape: Shape)
    /// Allocated in the run, because its shape depends on data or it is a sequence.
    case dynamic
    /// Nobody asks for it.
    case unused
  }

  struct PlannedNode: Sendable {
    let `operator`: any Operator
    let node: Node
    let wanted: [Bool]
    /// True when all results have their place in the arena.
    let isStatic: Bool
    /// True when the shape rule cannot say anything new in the run.
    let isSettled: Bool
    /// The operands and results that nobody reads after this node.
    let finished: [Value]
  }

  /// The graph that is run: the part that the outputs need, rewritten.
  public let graph: Graph
  let nodes: [PlannedNode]
  let places: [Place]
  let arenaByteCount: Int

  public var inputs: [NamedValue] { graph.inputs }
  public var outputs: [NamedValue] { graph.outputs }
  /// Bytes of intermediate values.
  public var workspaceByteCount: Int { arenaByteCount }

  /// - Parameters:
  ///   - graph: give it known shapes (`specialized(to:)`) to have everything planned.
  ///   - outputs: what a run returns, in this order; the graph's outputs if `nil`.
  ///   - rewrites: applied in this order. The outputs are never rewritten away.
  /// - Throws: `GraphError.tooLarge` when the intermediate values do not fit into memory.
  public init(
    _ graph: Graph, outputs: [NamedValue]? = nil, rewrites: [any Rewrite.Type] = RewriteCatalog.all
  ) throws(GraphError) {
    var graph = try graph.extracting(outputs ?? graph.outputs)
    for rewrite in rewrites { graph = try rewrite.rewritten(graph) }
    self.graph = graph

    let end = graph.nodes.count
    var last = [Int](repeating: -1, count: graph.records.count)
    for (step, node) in graph.nodes.enumerated() {
      for operand in node.operands { if let operand { last[operand.index] = step } }
    }
    for output in graph.outputs { last[output.value.index] = end }

    var places = graph.records.map { $0.constant.map(Place.constant) ?? .unused }
    for (index, input) in graph.inputs.enumerated() { places[input.value.index] = .input(index) }
    var nodes: [PlannedNode] = []
    var buffers: [ArenaLayout.Buffer] = []
    var owners: [Int] = []
    for (step, node) in graph.nodes.enumerated() {
      // A node writes all its results, also those that nobody reads, unless it asks `isWanted`.
      let shapes = node.results.map { graph.type(of: $0).staticShape }
      let isStatic = !shapes.contains(nil)
      for (result, shape) in zip(node.results, shapes) {
        guard isStatic, let shape, case .tensor(let type) = graph.type(of: result) else { places[result.index] = .dynamic; continue }
        let bytes = shape.count * type.elementType.byteCount
        guard bytes <= MemoryLimit.byteCount else {
          throw .tooLarge("result of node '\(node.name)' (\(node.operatorName)) takes \(bytes / 1_000_000) MB, more than allowed")
        }
        buffers.append(ArenaLayout.Buffer(byteCount: bytes, first: step, last: max(step, last[result.index])))
        owners.append(result.index)
        places[result.index] = .arena(offset: 0, elementType: type.elementType, shape: shape)
      }
      let infos = node.operands.map { graph.info($0) }
      let isKnown = isStatic && infos.allSatisfy { $0.type == nil || $0.type?.staticShape != nil }
      nodes.append(
        PlannedNode(
          operator: isKnown ? try Self.prepared(node, infos) : node.operator, node: node, wanted: node.results.map { last[$0.index] >= 0 },
          isStatic: isStatic, isSettled: isKnown && infos.allSatisfy(\.isSettled),
          finished: (node.operands.compactMap(\.self) + node.results).filter { last[$0.index] <= step }))
    }
    let layout = ArenaLayout(buffers)
    guard layout.byteCount <= MemoryLimit.byteCount else {
      throw .tooLarge(
        "the intermediate values take \(layout.byteCount / 1_000_000) MB, more than the \(MemoryLimit.byteCount / 1_000_000) MB allowed")
    }
    for (owner, offset) in zip(owners, layout.offsets) {
      if case .arena(_, let elementType, let shape) = places[owner] {
        places[owner] = .arena(offset: offset, elementType: elementType, shape: shape)
      }
    }
    self.nodes = nodes
    self.places = places
    arenaByteCount = layout.byteCount
  }

  private static func prepared(_ node: Node, _ infos: [OperandInfo]) throws(GraphError) -> any Operator {
    guard let op = node.operator as? any Preparing else { return node.operator }
    do { return try op.prepared(for: infos) } catch {
      throw .node(
        name: node.name, operatorName: node.operatorName, operands: infos.map { $0.type?.description ?? "nothing" }, cause: error)
    }
  }
}

extension OperandInfo {
  /// True when nothing that a shape rule may look at changes from run to run.
  fileprivate var isSettled: Bool {
    guard case .tensor(let type)? = self.type else { return self.type == nil }
    return value != nil || type.elementType.isFloatingPoint
  }
}
