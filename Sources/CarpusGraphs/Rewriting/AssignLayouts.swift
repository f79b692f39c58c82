import CarpusTensors

/// Float32 planes `[N, C, H, W]` between convolutions are kept in the blocked layout, `[N, ⌈C / 16⌉, H, W, 16]`.
///
/// A convolution with constant weights takes its operands in that layout and gives its result in it. Pooling, activation functions,
/// additions, products with one number per channel, normalisation by constants and concatenation stay in it where their operands are in
/// it already. What any other node reads, and every output, is converted back, once; the other readers of that value are not concerned.
public enum AssignLayouts: Rewrite {
  public static let name = "assign-layouts"

  /// Where gradients flow back through convolutions, their input has roundings as of plain sums.
  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    try rewritten(graph, graph.nodes.contains { $0.operator is ConvInputAdjoint } ? .high : .usual)
  }

  static func rewritten(_ graph: Graph, _ accuracy: BlockedAccuracy) throws(GraphError) -> Graph {
    guard graph.nodes.contains(where: { $0.operator is Conv || $0.operator is FusedConv }) else { return graph }
    var assignment = LayoutAssignment(graph, accuracy)
    for index in graph.nodes.indices { try assignment.add(index) }
    return try assignment.finished()
  }
}

/// The same with plain sums alone: without Winograd's method, whose roundings are others.
public enum AssignStrictLayouts: Rewrite {
  public static let name = "assign-strict-layouts"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph { try AssignLayouts.rewritten(graph, .strict) }
}

/// A graph being rebuilt, some of whose values have an image in the blocked layout instead of, or besides, a planar one.
private struct LayoutAssignment {
  private let graph: Graph
  private let accuracy: BlockedAccuracy
  private let consumers: Consumers
  private var rebuilt: Rebuilding
  /// Of values of the old graph.
  private var blocked: [Value: Value] = [:]
  /// Nodes that others have taken in.
  private var absorbed: Set<Int> = []

  init(_ graph: Graph, _ accuracy: BlockedAccuracy) {
    self.graph = graph
    self.accuracy = accuracy
    consumers = Consumers(graph)
    rebuilt = Rebuilding(of: graph)
    for input in graph.inputs { rebuilt.input(input, graph.type(of: input.value)) }
  }

  mutating func add(_ index: Int) throws(GraphError) {
    let node = graph.nodes[index]
    guard !absorbed.contains(index) else { return }
    if try addBlocked(node) { return }
    for operand in node.operands { if let operand { try makePlanar(operand) } }
    try rebuilt.add(node)
  }

  consuming func finished() throws(GraphError) -> Graph {
    for output in graph.outputs { try makePlanar(output.value) }
    return rebuilt.finished()
  }

  /// Adds the node in the blocked layout, if it can be and it serves.
  private mutating func addBlocked(_ node: Node) throws(GraphError) -> Bool {
    guard let first = node.operands.first ?? nil, let result = node.results.first, let y = planes(result) else { return false }
    let isBlocked = blocked[first] != nil, infos = node.operands.map { graph.info($0) }
    switch node.operator {
    case let conv as Conv: return try addConvolution(FusedConv(conv, activation: nil), node)
    case let conv as FusedConv: return try addConvolution(conv, node)
    case let pool as MaxPool:
      guard isBlocked, node.results.count == 1, let window = pool.attributes.planeWindow(planes(first)) else { return false }
      try insert(BlockedPool(kind: .maximum, window: window), [try image(first)], node)
    case let pool as AveragePool:
      guard isBlocked, let window = pool.attributes.planeWindow(planes(first)) else { return false }
      try insert(BlockedPool(kind: .mean(countingPadding: pool.countsPadding), window: window), [try image(first)], node)
    case is GlobalAveragePool:
      guard isBlocked else { return false }
      try insert(BlockedGlobalMean(), [try image(first)], node)
    case let mean as ReduceMean:
      guard isBlocked, mean.keepsPlanes(infos), y.pixels == 1 else { return false }
      try insert(BlockedGlobalMean(), [try image(first)], node)
    case is Add: return try addSum(node, y)
    case is Mul: return try addProduct(node, y)
    case let normalization as BatchNormalization:
      guard isBlocked, let (factors, offsets) = normalization.affine(of: infos), factors.count == y[1] else { return false }
      let (activation, last) = activation(behind: node)
      try insert(BlockedScale(activation: activation), [try image(first), vectors(factors), vectors(offsets)], last)
    case let concat as Concat: return try addConcatenation(concat, node, infos)
    case let elementwise as any ElementwiseFunction:
      guard isBlocked, planes(first) == y, let function = elementwise.function(of: infos) else { return false }
      try insert(BlockedMap(function: function), [try image(first)], node)
    default: return false
    }
    return true
  }

  private mutating func addConvolution(_ fused: FusedConv, _ node: Node) throws(GraphError) -> Bool {
    guard let x = node.operands[0], let w = node.operands[1], let input = planes(x), let weights = graph.constant(w),
      weights.elementType == .float32, let convolution = try? fused.conv.convolution(input, weights.shape)
    else { return false }
    let bias = node.operands.count > 2 ? node.operands[2] : nil, residual = node.operands.count > 3 ? node.operands[3] : nil
    if let bias, graph.constant(bias) == nil { return false }
    var operands: [Value?] = []
    let method: BlockedMethod
    if blocked[x] == nil, let planar = BlockedMethod.methods(for: convolution, planar: true).first {
      method = planar
      operands.append(try planarImage(x))
    } else if let preferred = BlockedMethod.methods(for: convolution, planar: false, accuracy: accuracy).first {
      method = preferred
      operands.append(try image(x))
    } else {
      return false
    }
    operands += [try planarImage(w), bias == nil ? nil : try planarImage(bias)]
    if let residual { operands.append(try image(residual)) }
    try insert(BlockedConv(convolution, method: method, activation: fused.activation), operands, node)
    return true
  }

  private mutating func addSum(_ node: Node, _ y: Shape) throws(GraphError) -> Bool {
    guard let a = node.operands[0], let b = node.operands[1], blocked[a] != nil || blocked[b] != nil, planes(a) == y, planes(b) == y else {
      return false
    }
    let (activation, last) = activation(behind: node)
    try insert(BlockedAdd(activation: activation), [try image(a), try image(b)], last)
    return true
  }

  /// A product with one number per channel.
  private mutating func addProduct(_ node: Node, _ y: Shape) throws(GraphError) -> Bool {
    guard let a = node.operands[0], let b = node.operands[1] else { return false }
    for (x, scale) in [(a, b), (b, a)] {
      guard blocked[x] != nil, planes(x) == y, let factors = planes(scale), factors[1] == y[1], factors.pixels == 1,
        factors[0] == 1 || factors[0] == y[0]
      else { continue }
      try insert(BlockedScale(activation: nil), [try image(x), try image(scale)], node)
      return true
    }
    return false
  }

  private mutating func addConcatenation(_ concat: Concat, _ node: Node, _ infos: [OperandInfo]) throws(GraphError) -> Bool {
    let operands = node.operands.compactMap(\.self), shapes = operands.compactMap { planes($0) }
    guard concat.joinsChannels, shapes.count == node.operands.count, operands.contains(where: { blocked[$0] != nil }) else { return false }
    var images: [Value?] = []
    for operand in operands { images.append(try image(operand)) }
    try insert(BlockedConcat(channels: shapes.map { $0[1] }), images, node)
    return true
  }

  /// The function that alone reads a node's result, and the node whose result it gives.
  private mutating func activation(behind node: Node) -> (UnaryFunction?, Node) {
    guard let next = consumers.only(of: node.results[0]) else { return (nil, node) }
    let reader = graph.nodes[next]
    guard let elementwise = reader.operator as? any ElementwiseFunction, reader.operands[0] == node.results[0],
      let function = elementwise.function(of: reader.operands.map { graph.info($0) })
    else { return (nil, node) }
    absorbed.insert(next)
    return (function, reader)
  }

  // MARK: Values

  private func planes(_ value: Value) -> Shape? { graph.type(of: value).tensor?.planes }

  /// One number per channel in the blocked layout.
  private mutating func vectors(_ numbers: [Double]) -> Value {
    let blocks = BlockedPlanes.blocks(numbers.count), width = BlockedPlanes.width
    let padded = numbers.map { Float($0) } + [Float](repeating: 0, count: blocks * width - numbers.count)
    return rebuilt.constant(Tensor(padded, shape: Shape([1, blocks, 1, 1, width])))
  }

  private mutating func insert(_ op: any Operator, _ operands: [Value?], _ node: Node) throws(GraphError) {
    blocked[node.results[0]] = try rebuilt.insert(op, operands, name: node.name, scope: node.scope)
  }

  /// The image in the blocked layout.
  private mutating func image(_ value: Value) throws(GraphError) -> Value {
    if let image = blocked[value] { return image }
    let image = try rebuilt.insert(ToBlocked(), [try planarImage(value)], name: "", scope: nil)
    blocked[value] = image
    return image
  }

  private mutating func planarImage(_ value: Value?) throws(GraphError) -> Value? {
    guard let value else { return nil }
    try makePlanar(value)
    return rebuilt.image(of: value)
  }

  private mutating func makePlanar(_ value: Value) throws(GraphError) {
    guard rebuilt.image(of: value) == nil, let image = blocked[value], let shape = planes(value) else { return }
    rebuilt.put(try rebuilt.insert(FromBlocked(channels: shape[1]), [image], name: "", scope: nil), for: value)
  }
}

extension WindowAttributes {
  /// The window on planes of this shape, if it fits.
  fileprivate func planeWindow(_ shape: Shape?) -> SlidingWindow? {
    guard let shape else { return nil }
    return try? placement(on: Array(shape.extents.dropFirst(2))).window()
  }
}
