import CarpusTensors

/// `MatMul → [Mul or Div by a number] → [Add] → [Add] → Softmax → MatMul` becomes one `FusedAttention`, which calculates some rows at a time.
///
/// It reads the matrices where they stood before they were transposed, sliced and scaled, and writes its result where a transposition behind
/// it would put it. What nobody reads any more disappears.
public enum FuseAttention: Rewrite {
  public static let name = "fuse-attention"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    guard graph.nodes.contains(where: { $0.operator is Softmax }) else { return graph }
    let consumers = Consumers(graph)
    let fused = try graph.fusing { index, absorbed in Fusion(at: index, in: graph, consumers, without: absorbed) }
    return try fused.nodes.count == graph.nodes.count ? graph : fused.extracting(fused.outputs)
  }
}

/// The two products, the softmax, and what stands between and around them.
extension Fusion {
  fileprivate init?(at index: Int, in graph: Graph, _ consumers: Consumers, without absorbed: Set<Int>) {
    let node = graph.nodes[index]
    guard node.operator is MatMul, let a = node.operands[0], let b = node.operands[1], let left = graph.floats(a), let right = graph.floats(b),
      left.rank >= 2, left.extents.dropLast(2) == right.extents.dropLast(2), left.count > 0, right.count > 0,
      left.extents.suffix(1).allSatisfy({ $0.isMultiple(of: BlockedPlanes.width) }), var scores = ScoreChain(node.results[0], at: index, graph)
    else { return nil }
    while scores.takes(consumers, absorbed) {}
    guard let softmax = consumers.only(of: scores.value), !absorbed.contains(softmax),
      let normalizing = graph.nodes[softmax].operator as? Softmax, case let weights = graph.nodes[softmax].results[0],
      (try? normalizing.axis.axes(rank: scores.shape.rank)) == [scores.shape.rank - 1],
      let second = consumers.only(of: weights), !absorbed.contains(second), graph.nodes[second].operator is MatMul,
      graph.nodes[second].operands[0] == weights, let c = graph.nodes[second].operands[1], c != weights, let values = graph.floats(c),
      values.rank == scores.shape.rank, values.extents.dropLast(2) == scores.shape.extents.dropLast(2), values.count > 0
    else { return nil }
    guard let q = graph.matrices(a, { $0.matrices() }), let k = graph.matrices(b, { $0.matrices(isTransposed: true) }),
      let v = graph.matrices(c, mayScale: false, { $0.matrices() }),
      let placed = Self.destination(of: graph.nodes[second].results[0], graph, consumers, absorbed),
      let layout = AttentionLayout(
        rows: left[left.rank - 2], keys: right[right.rank - 1], depth: left[left.rank - 1], width: values[values.rank - 1],
        scale: Float(scores.scale * q.scale * k.scale), q: q.stack, k: k.stack, v: v.stack, y: placed.stack, addends: scores.addends.map(\.stack)),
      let shape = graph.type(of: placed.value).staticShape
    else { return nil }
    `operator` = FusedAttention(layout: layout, shape: shape)
    operands = [q.value, k.value, v.value] + scores.addends.map(\.value)
    result = placed.value
    name = node.name
    scope = node.scope
    nodes = scores.nodes + [softmax, second] + placed.nodes
  }

  /// Where the result of the second product is to stand: behind as many transpositions and reshapings as can be followed.
  private static func destination(
    of value: Value, _ graph: Graph, _ consumers: Consumers, _ absorbed: Set<Int>
  ) -> (value: Value, stack: MatrixStack, nodes: [Int])? {
    guard let shape = graph.floats(value), var view = Optional(StridedView(shape)), let stack = view.matrices() else { return nil }
    var found = (value: value, stack: stack, nodes: [Int]()), value = value, nodes: [Int] = []
    while let next = consumers.only(of: value), !absorbed.contains(next), graph.nodes[next].operands[0] == value, let shape = graph.floats(value),
      let result = graph.nodes[next].results.first
    {
      if let strides = graph.destination(of: graph.nodes[next]) {
        guard let moved = view.moved(from: shape, strides: strides, offset: 0) else { break }
        view = moved
      } else if !(graph.nodes[next].operator is any Reshaping) {
        break
      }
      value = result
      nodes.append(next)
      if let stack = view.matrices(), stack.columnStride == 1 { found = (value, stack, nodes) }
    }
    return found
  }
}

/// What becomes of the product of queries and keys before the softmax.
private struct ScoreChain {
  let graph: Graph
  private(set) var value: Value
  private(set) var shape: Shape
  private(set) var nodes: [Int]
  private(set) var scale = 1.0
  private(set) var addends: [(value: Value, stack: MatrixStack)] = []

  init?(_ value: Value, at index: Int, _ graph: Graph) {
    guard let shape = graph.floats(value) else { return nil }
    self.graph = graph
    self.value = value
    self.shape = shape
    nodes = [index]
  }

  /// Takes in the node that alone reads the scores, if it is one of those that may stand there.
  mutating func takes(_ consumers: Consumers, _ absorbed: Set<Int>) -> Bool {
    guard let next = consumers.only(of: value), !absorbed.contains(next), let result = graph.nodes[next].results.first,
      let after = graph.floats(result)
    else { return false }
    let node = graph.nodes[next]
    if let (x, factor) = graph.scaling(node), x == value, addends.isEmpty {
      scale *= factor
    } else if node.operator is Add, let a = node.operands[0], let b = node.operands[1], a != b, after == shape, addends.count < 2,
      let stack = graph.addend(a == value ? b : a, to: shape)
    {
      addends.append((a == value ? b : a, stack))
    } else if node.operator is any Reshaping, node.operands[0] == value, after.rank >= 2, after.extents.suffix(2) == shape.extents.suffix(2) {
      // Other axes for the same matrices.
    } else {
      return false
    }
    value = result
    shape = after
    nodes.append(next)
    return true
  }
}

extension Graph {
  /// The shape of a float32 tensor.
  fileprivate func floats(_ value: Value) -> Shape? {
    guard case .tensor(let type) = type(of: value), type.elementType == .float32 else { return nil }
    return type.shape.shape
  }

  /// What a node multiplies by a number, and the number.
  fileprivate func scaling(_ node: Node) -> (Value, Double)? {
    guard node.operator is Mul || node.operator is Div, let a = node.operands[0], let b = node.operands[1] else { return nil }
    func number(_ value: Value) -> Double? {
      guard let constant = constant(value), constant.shape.count == 1, let number = constant.doubles.first, number.isFinite else { return nil }
      return number
    }
    let result = type(of: node.results[0])
    if let factor = number(b), type(of: a) == result { return node.operator is Mul ? (a, factor) : factor == 0 ? nil : (a, 1 / factor) }
    if node.operator is Mul, let factor = number(a), type(of: b) == result { return (b, factor) }
    return nil
  }

  /// The matrices that are added to a stack of them, of this shape, where they are as wide.
  fileprivate func addend(_ value: Value, to shape: Shape) -> MatrixStack? {
    guard let own = floats(value), own.rank >= 1, own.rank <= shape.rank, own.extents.last == shape.extents.last else { return nil }
    let missing = shape.rank - own.rank
    let strides = shape.extents.indices.map { axis in axis < missing || own[axis - missing] == 1 ? 0 : own.strides[axis - missing] }
    var offsets = [0]
    for (extent, stride) in zip(shape.extents, strides).dropLast(2) {
      offsets = offsets.flatMap { first in (0..<extent).map { first + $0 * stride } }
    }
    return MatrixStack(offsets: offsets, rowStride: strides[shape.rank - 2], columnStride: 1)
  }

  /// Where the matrices of a stack can be read, as far from it as can be followed, and what they are to be multiplied by.
  ///
  /// - Parameter stack: the matrices, if they can be read so.
  fileprivate func matrices(
    _ value: Value, mayScale: Bool = true, _ stack: (StridedView) -> MatrixStack?
  ) -> (value: Value, stack: MatrixStack, scale: Double)? {
    guard let shape = floats(value), let first = stack(StridedView(shape)) else { return nil }
    var found = (value: value, stack: first, scale: 1.0), view = StridedView(shape), value = value, scale = 1.0
    while constant(value) == nil, let producer = records[value.index].producer, let shape = floats(value) {
      let node = nodes[producer]
      if mayScale, let (x, factor) = scaling(node) {
        scale *= factor
        value = x
      } else if node.operator is any Reshaping, let x = node.operands[0], let before = floats(x), before.count == shape.count {
        value = x
      } else if let number = node.results.firstIndex(of: value), let (strides, offset) = placement(of: node, result: number),
        let x = node.operands[0], let moved = view.moved(from: shape, strides: strides, offset: offset)
      {
        view = moved
        value = x
      } else {
        break
      }
      if let stack = stack(view), stack.columnStride == 1 || stack.rowStride == 1 { found = (value, stack, scale) }
    }
    return found
  }
}
