import CarpusTensors

/// `Y = p(softmax(s(scale · Q Kᵀ))) V` for each head, where the graphs `score_mod` (s) and `prob_mod` (p) change scores and probabilities, if they are there.
///
/// - Operands: `Q` `[batch, heads, queries, size]`; `K` `[batch, key heads, keys, size]`; `V` `[batch, key heads, keys, value size]`; then what the graphs take from
///   the graph around them. There are a multiple of `key heads` heads, and neighbours share a key head. `scale` is 1/√size if it is left out; scores and probabilities are of the
///   type `softmax_precision`, float32 if it is left out and the operands are not float64.
/// - Throws: when the shapes do not fit, or a graph has not one input and one output.
public struct FlexAttention: StandIn {
  public static let signature = OperatorSignature(
    "FlexAttention", domain: "ai.onnx.preview", operands: 3...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let scale: Float?
  private let precision: ElementType?
  private let scoreChange: UntypedGraph?
  private let probabilityChange: UntypedGraph?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    scale = try node.float("scale")
    precision = try node.elementType("softmax_precision")
    scoreChange = try node.graph("score_mod")
    probabilityChange = try node.graph("prob_mod")
    if let precision, !precision.isFloatingPoint { throw .attribute("attribute softmax_precision must be a floating-point type, not \(precision)") }
    for (name, graph) in [("score_mod", scoreChange), ("prob_mod", probabilityChange)] {
      guard let graph, graph.inputs.count != 1 || graph.outputs.count != 1 else { continue }
      throw .attribute("attribute \(name) must be a graph of one input and one output")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (q, k, v) = (try operands.floatingTensor(0), try operands.floatingTensor(1), try operands.floatingTensor(2))
    guard q.elementType == k.elementType, q.elementType == v.elementType else { throw .operands("Q, K and V must have one element type") }
    for (name, type) in [("Q", q), ("K", k), ("V", v)] {
      if let rank = type.shape.rank, rank != 4 { throw .operands("\(name) must have 4 axes, not \(rank)") }
    }
    func agree(_ a: Int?, _ b: Int?, _ what: String) throws(OperatorError) {
      if let a, let b, a != b { throw .operands("\(what) differ: \(a) and \(b)") }
    }
    try agree(q.shape[0], k.shape[0], "the batches of Q and K")
    try agree(q.shape[0], v.shape[0], "the batches of Q and V")
    try agree(k.shape[1], v.shape[1], "the heads of K and V")
    try agree(k.shape[2], v.shape[2], "the lengths of K and V")
    try agree(q.shape[3], k.shape[3], "the sizes of Q and K")
    if let heads = q.shape[1], let keyHeads = k.shape[1], keyHeads == 0 || heads % keyHeads != 0 {
      throw .operands("\(heads) heads cannot share \(keyHeads) key heads evenly")
    }
    return [ValueType(q.elementType, PartialShape([q.shape[0], q.shape[1], q.shape[2], v.shape[3]]))]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let type = try infos.tensor(0).elementType
    guard let q = operands[0], let k = operands[1], let v = operands[2], let shape = infos[0].type?.staticShape,
      let keyShape = infos[1].type?.staticShape, infos[2].type?.staticShape != nil
    else { return nil }
    let precision = precision ?? (type == .float64 ? .float64 : .float32)
    let scale = (self.scale.map(Double.init) ?? 1 / Double(max(1, shape[3])).squareRoot()).squareRoot()
    func shared(_ x: Value) throws(OperatorError) -> Value {
      guard shape[1] != keyShape[1] else { return x }
      let heads = (0..<shape[1]).map { Int64($0 / (shape[1] / keyShape[1])) }
      return try graph.add(Gather(axis: 1), x, graph.constant(Tensor(heads)))
    }
    let scaledQ = try graph.product(q, graph.scalar(scale, like: q))
    let keys = try shared(k)
    let scaledK = try graph.add(Transpose([0, 1, 3, 2]), graph.product(keys, graph.scalar(scale, like: k)))
    var scores = try graph.add(Cast(to: precision), graph.add(MatMul(), scaledQ, scaledK))
    if let scoreChange { scores = try graph.inserting(scoreChange, [scores], of: operands)[0] }
    var probabilities = try graph.add(Softmax(axis: -1), scores)
    if let probabilityChange { probabilities = try graph.inserting(probabilityChange, [probabilities], of: operands)[0] }
    let values = try graph.add(Cast(to: precision), shared(v))
    return [try graph.add(Cast(to: type), graph.add(MatMul(), probabilities, values))]
  }
}
