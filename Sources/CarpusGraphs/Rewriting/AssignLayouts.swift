import CarpusTensors

/// Float32 planes `[N, C, H, W]` between convolutions are kept in the blocked layout, `[N, ⌈C / 16⌉, H, W, 16]`.
///
/// A convolution with constant weights takes its operands in that layout and gives its result in it. Pooling, activation functions,
/// additions, products with one number per channel, normalisation by constants and concatenation stay in it where their operands are in
/// it already. What any other node reads, and every output, is converted back, once; the other readers of that value are not concerned.
/// In a backward pass the same holds for the vector-Jacobian products of these operators.
public enum AssignLayouts: Rewrite {
  public static let name = "assign-layouts"

  /// Where gradients flow back through convolutions, what these are given in the forward pass has roundings as of plain sums: its signs decide
  /// where gradients flow. The backward pass decides none.
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
struct LayoutAssignment {
  let graph: Graph
  private let accuracy: BlockedAccuracy
  let consumers: Consumers
  var rebuilt: Rebuilding
  /// Of values of the old graph.
  var blocked: [Value: Value] = [:]
  /// Values whose image is made when a node asks for it: some can read what it would be made of.
  var delayed: [Value: DelayedImage] = [:]
  /// Nodes that others have taken in.
  var absorbed: Set<Int> = []

  init(_ graph: Graph, _ accuracy: BlockedAccuracy) {
    self.graph = graph
    self.accuracy = accuracy
    consumers = Consumers(graph)
    rebuilt = Rebuilding(of: graph)
    for input in graph.inputs { rebuilt.input(input, graph.type(of: input.value)) }
  }

  /// In a backward pass, where no signs are decided.
  var backwardAccuracy: BlockedAccuracy { accuracy == .strict ? .strict : .usual }

  mutating func add(_ index: Int) throws(GraphError) {
    let node = graph.nodes[index]
    guard !absorbed.contains(index) else { return }
    if try addBlocked(node, index) { return }
    for operand in node.operands { if let operand { try makePlanar(operand) } }
    try rebuilt.add(node)
  }

  consuming func finished() throws(GraphError) -> Graph {
    for output in graph.outputs { try makePlanar(output.value) }
    return rebuilt.finished()
  }

  /// Adds the node in the blocked layout, if it can be and it serves.
  private mutating func addBlocked(_ node: Node, _ index: Int) throws(GraphError) -> Bool {
    guard let first = node.operands.first ?? nil, let result = node.results.first, let y = planes(result) else { return false }
    let isBlocked = isBlocked(first), infos = node.operands.map { graph.info($0) }
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
    case is Add: return try addSum(node, index, y)
    case is Mul: return try addProduct(node, y)
    case let normalization as BatchNormalization:
      guard isBlocked, let (factors, offsets) = normalization.affine(of: infos), factors.count == y[1] else { return false }
      let (activation, last) = activation(behind: node)
      try insert(BlockedScale(activation: activation), [try image(first), vectors(factors), vectors(offsets)], last)
    case let concat as Concat: return try addConcatenation(concat, node, infos)
    case let elementwise as any ElementwiseFunction:
      guard isBlocked, planes(first) == y, let function = elementwise.function(of: infos) else { return false }
      if let product = silu(of: node, first) {
        try insert(BlockedMap(function: .silu), [try image(first)], product)
      } else {
        try insert(BlockedMap(function: function), [try image(first)], node)
      }
    default: return try addAdjoint(node, index, y)
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
    if !isBlocked(x), let planar = BlockedMethod.methods(for: convolution, planar: true).first {
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

  private mutating func addSum(_ node: Node, _ index: Int, _ y: Shape) throws(GraphError) -> Bool {
    guard let a = node.operands[0], let b = node.operands[1], isBlocked(a) || isBlocked(b), planes(a) == y, planes(b) == y else { return false }
    if try addShiftedProduct(node, index, a, b) { return true }
    let (activation, last) = activation(behind: node)
    if let slope = slope(behind: last, index, unless: activation) {
      try insert(BlockedAdd(activation: nil, slope: slope.function), [try image(a), try image(b), try image(slope.at)], slope.node)
    } else {
      try insert(BlockedAdd(activation: activation), [try image(a), try image(b)], last)
    }
    return true
  }

  /// A product with one number per channel, or of two values of one shape.
  private mutating func addProduct(_ node: Node, _ y: Shape) throws(GraphError) -> Bool {
    guard let a = node.operands[0], let b = node.operands[1] else { return false }
    for (x, scale) in [(a, b), (b, a)] {
      guard isBlocked(x), planes(x) == y, let factors = planes(scale), factors[1] == y[1], factors.pixels == 1,
        factors[0] == 1 || factors[0] == y[0], factors != y
      else { continue }
      if isShifted(node) {
        delayed[node.results[0]] = .product(try image(x), try image(scale))
      } else {
        try insert(BlockedScale(activation: nil), [try image(x), try image(scale)], node)
      }
      return true
    }
    guard isBlocked(a) || isBlocked(b), planes(a) == y, planes(b) == y else { return false }
    if let next = reader(of: node), let sum = graph.nodes[next].operator as? ReduceSum, y.pixels > 1,
      sum.keepsPlanes(graph.nodes[next].operands.map({ graph.info($0) }))
    {
      absorbed.insert(next)
      try insert(BlockedSumOfProducts(), [try image(a), try image(b)], graph.nodes[next])
    } else {
      try insert(BlockedProduct(), [try image(a), try image(b)], node)
    }
    return true
  }

  /// Where a node is Sigmoid of `x` and all that reads it is a product with `x`: that product.
  private mutating func silu(of node: Node, _ x: Value) -> Node? {
    guard node.operator is Sigmoid, let next = reader(of: node), graph.nodes[next].operator is Mul,
      Set(graph.nodes[next].operands) == [x, node.results[0]]
    else { return nil }
    absorbed.insert(next)
    return graph.nodes[next]
  }

  private mutating func addConcatenation(_ concat: Concat, _ node: Node, _ infos: [OperandInfo]) throws(GraphError) -> Bool {
    let operands = node.operands.compactMap(\.self), shapes = operands.compactMap { planes($0) }
    guard concat.joinsChannels, shapes.count == node.operands.count, operands.contains(where: { isBlocked($0) }) else { return false }
    var images: [Value?] = []
    for operand in operands { images.append(try image(operand)) }
    try insert(BlockedConcat(channels: shapes.map { $0[1] }), images, node)
    return true
  }

  /// The function that alone reads a node's result, and the node whose result it gives.
  mutating func activation(behind node: Node) -> (UnaryFunction?, Node) {
    guard let next = reader(of: node) else { return (nil, node) }
    let reader = graph.nodes[next]
    guard let elementwise = reader.operator as? any ElementwiseFunction, reader.operands[0] == node.results[0],
      let function = elementwise.function(of: reader.operands.map { graph.info($0) })
    else { return (nil, node) }
    absorbed.insert(next)
    return (function, reader)
  }

  // MARK: Values

  func planes(_ value: Value) -> Shape? { graph.type(of: value).tensor?.planes }

  /// Whether there is an image in the blocked layout, or will be when one asks for it.
  func isBlocked(_ value: Value) -> Bool { blocked[value] != nil || delayed[value] != nil }

  /// The node that alone reads a node's result, if no other has taken it in.
  func reader(of node: Node) -> Int? {
    guard let next = consumers.only(of: node.results[0]), !absorbed.contains(next) else { return nil }
    return next
  }

  /// One number per channel in the blocked layout.
  mutating func vectors(_ numbers: [Double]) -> Value {
    let blocks = BlockedPlanes.blocks(numbers.count), width = BlockedPlanes.width
    let padded = numbers.map { Float($0) } + [Float](repeating: 0, count: blocks * width - numbers.count)
    return rebuilt.constant(Tensor(padded, shape: Shape([1, blocks, 1, 1, width])))
  }

  mutating func insert(_ op: any Operator, _ operands: [Value?], _ node: Node) throws(GraphError) {
    blocked[node.results[0]] = try rebuilt.insert(op, operands, name: node.name, scope: node.scope)
  }

  /// The image in the blocked layout.
  mutating func image(_ value: Value) throws(GraphError) -> Value {
    if let image = blocked[value] { return image }
    if let delayed = delayed.removeValue(forKey: value) {
      let image = try made(delayed)
      blocked[value] = image
      return image
    }
    let image = try rebuilt.insert(ToBlocked(), [try planarImage(value)], name: "", scope: nil)
    blocked[value] = image
    return image
  }

  mutating func planarImage(_ value: Value?) throws(GraphError) -> Value? {
    guard let value else { return nil }
    try makePlanar(value)
    return rebuilt.image(of: value)
  }

  mutating func makePlanar(_ value: Value) throws(GraphError) {
    guard rebuilt.image(of: value) == nil, isBlocked(value), let shape = planes(value) else { return }
    let image = try image(value)
    rebuilt.put(try rebuilt.insert(FromBlocked(channels: shape[1]), [image], name: "", scope: nil), for: value)
  }
}

extension WindowAttributes {
  /// The window on planes of this shape, if it fits.
  func planeWindow(_ shape: Shape?) -> SlidingWindow? {
    guard let shape else { return nil }
    return try? placement(on: Array(shape.extents.dropFirst(2))).window()
  }
}
