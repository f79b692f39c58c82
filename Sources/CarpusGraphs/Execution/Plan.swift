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
    /// Allocated in the run: its shape depends on data, or it is text or no tensor.
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
    /// True when the result is there already, made of its operands.
    let isDone: Bool
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

    let memory = try StaticMemory(graph)
    // Nodes that share their weights would each prepare them: only so much is prepared.
    var preparable = max(1 << 28, 2 * graph.constantByteCount)
    var nodes: [PlannedNode] = []
    for (step, node) in graph.nodes.enumerated() {
      let isStatic = memory.isStatic[step]
      let infos = node.operands.map { graph.info($0) }
      let isKnown = isStatic && infos.allSatisfy { $0.type == nil || $0.type?.staticShape != nil }
      nodes.append(
        PlannedNode(
          operator: isKnown ? try Self.prepared(node, infos, &preparable) : node.operator, node: node,
          wanted: node.results.map { memory.last[$0.index] >= 0 }, isStatic: isStatic, isDone: memory.joints.contains(step),
          isSettled: isKnown && infos.allSatisfy(\.isSettled),
          finished: (node.operands.compactMap(\.self) + node.results).filter { memory.last[$0.index] <= step }))
    }
    self.nodes = nodes
    places = memory.places
    arenaByteCount = memory.byteCount
  }

  /// - Parameter byteCount: of the constants that may still be prepared.
  private static func prepared(_ node: Node, _ infos: [OperandInfo], _ byteCount: inout Int) throws(GraphError) -> any Operator {
    guard let op = node.operator as? any Preparing, byteCount > 0 else { return node.operator }
    byteCount -= infos.reduce(0) { $0 + ($1.value?.byteCount ?? 0) }
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
