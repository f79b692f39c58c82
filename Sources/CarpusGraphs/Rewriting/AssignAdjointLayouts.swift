import CarpusTensors

/// An image in the blocked layout that is made when it is needed.
enum DelayedImage {
  /// Some of the `count` channels of an image.
  case slice(Value, channels: Range<Int>, count: Int)
  /// An image times one number per channel.
  case product(Value, Value)
  /// One number per channel, a value of the old graph, for all pixels.
  case spread(Value, Shape)
}

/// The vector-Jacobian products of a backward pass.
extension LayoutAssignment {
  /// Adds the node in the blocked layout, if it can be and it serves.
  mutating func addAdjoint(_ node: Node, _ index: Int, _ y: Shape) throws(GraphError) -> Bool {
    guard let seed = node.operands.first ?? nil else { return false }
    let infos = node.operands.map { graph.info($0) }
    switch node.operator {
    case let adjoint as ConvInputAdjoint: return try addInputGradient(adjoint.convolution, node, index, seed)
    case is ElementwiseAdjoint, is ClipAdjoint:
      guard let slope = slope(of: node), planes(seed) == y, isBlocked(seed) || isBlocked(slope.at) else { return false }
      try insert(BlockedSlope(slope: slope.function), [try image(seed), try image(slope.at)], node)
    case let adjoint as MaxPoolAdjoint:
      guard let x = node.operands[1], isBlocked(x), planes(seed) != nil, let window = adjoint.attributes.planeWindow(planes(x)) else {
        return false
      }
      try insert(BlockedMaxPoolAdjoint(window: window), [try image(seed), try image(x)], node)
    case let adjoint as AveragePoolAdjoint:
      guard isBlocked(seed), let window = adjoint.attributes.planeWindow(y) else { return false }
      try insert(BlockedAveragePoolAdjoint(window: window, countsPadding: adjoint.countsPadding), [try image(seed)], node)
    case let adjoint as BatchNormalizationAdjoint:
      guard isBlocked(seed), let factors = adjoint.factors(of: infos), factors.count == y[1] else { return false }
      try insert(BlockedScale(activation: nil), [try image(seed), vectors(factors)], node)
    case let slice as Slice:
      guard isBlocked(seed), let channels = slice.channels(of: infos), let whole = planes(seed) else { return false }
      delayed[node.results[0]] = .slice(try image(seed), channels: channels, count: whole[1])
    case is Expand:
      // Added to something in the blocked layout, it need not be made.
      guard let own = planes(seed), own.pixels == 1, own[1] == y[1], y.pixels > 1, own[0] == 1 || own[0] == y[0], let next = reader(of: node),
        graph.nodes[next].operator is Add, graph.nodes[next].operands.contains(where: { $0.map { isBlocked($0) } ?? false })
      else { return false }
      delayed[node.results[0]] = .spread(seed, y)
    default: return false
    }
    return true
  }

  // MARK: Convolution

  /// The input gradient of a convolution, with what follows it: a sum, the slope of an activation function, a normalisation, a sum.
  private mutating func addInputGradient(
    _ convolution: Convolution, _ node: Node, _ index: Int, _ seed: Value
  ) throws(GraphError) -> Bool {
    guard node.operands.count == 2, let w = node.operands[1], let weights = graph.constant(w), weights.elementType == .float32,
      planes(seed) != nil
    else { return false }
    if let squares = BlockedSquares(convolution) { return try addSquares(squares, weights, node, seed) }
    guard BlockedInputGradient.serves(convolution) else { return false }
    var last = node, residual: Value?, addend: Value?, scale: [Float]?
    if let sum = sum(behind: last, index) {
      last = sum.node
      residual = sum.other
    }
    let slope = slope(behind: last, index, unless: nil)
    if let slope { last = slope.node }
    if residual == nil, let next = reader(of: last), let adjoint = graph.nodes[next].operator as? BatchNormalizationAdjoint,
      let factors = adjoint.factors(of: graph.nodes[next].operands.map { graph.info($0) }), factors.count == convolution.inputChannels
    {
      absorbed.insert(next)
      last = graph.nodes[next]
      scale = factors.map { Float($0) }
    }
    if slope != nil || residual == nil, let sum = sum(behind: last, index) {
      last = sum.node
      if slope == nil { residual = sum.other } else { addend = sum.other }
    }
    var operands: [Value?] = [try image(seed), try planarImage(w)]
    if let residual { operands.append(try image(residual)) } else if slope != nil { operands.append(nil) }
    if let slope { operands.append(try image(slope.at)) }
    if let addend { operands.append(try addendImage(addend, convolution)) }
    let adjoint = BlockedConvInputAdjoint(convolution, slope: slope?.function, scale: scale, accuracy: backwardAccuracy)
    try insert(adjoint, operands, last)
    return true
  }

  /// What is added: of the first channels of an image the whole image, where the kernel finds them in it.
  private mutating func addendImage(_ value: Value, _ convolution: Convolution) throws(GraphError) -> Value {
    if case .slice(let image, let channels, _)? = delayed[value], channels.lowerBound == 0,
      convolution.batch == 1 || BlockedInputGradient.addsFirstBlocks(convolution)
    { return image }
    return try image(value)
  }

  private mutating func addSquares(_ squares: BlockedSquares, _ weights: Tensor, _ node: Node, _ seed: Value) throws(GraphError) -> Bool {
    let own = squares.squares
    guard let method = BlockedMethod.methods(for: own, planar: false, accuracy: backwardAccuracy).first else { return false }
    let shape = Shape([own.outputChannels, own.inputChannels] + own.window.kernel)
    let packed = rebuilt.constant(Tensor(squares.weights(weights.elements()), shape: shape))
    let lanes = try rebuilt.insert(
      BlockedConv(own, method: method, activation: nil), [try image(seed), packed], name: node.name, scope: node.scope)
    rebuilt.put(
      try rebuilt.insert(SpreadSquares(convolution: squares.convolution), [lanes], name: "", scope: nil), for: node.results[0])
    return true
  }

  // MARK: What follows a node

  /// Whether a value is there when a node is made.
  private func isThere(_ value: Value, before index: Int) -> Bool { graph.records[value.index].producer.map { $0 < index } ?? true }

  /// The sum that alone reads a node's result, and what is added.
  private mutating func sum(behind node: Node, _ index: Int) -> (node: Node, other: Value)? {
    guard let next = reader(of: node), graph.nodes[next].operator is Add, let a = graph.nodes[next].operands[0],
      let b = graph.nodes[next].operands[1], a != b
    else { return nil }
    let own = node.results[0], other = a == own ? b : a
    guard isThere(other, before: index), planes(other) == planes(own), planes(own) != nil else { return nil }
    absorbed.insert(next)
    return (graph.nodes[next], other)
  }

  /// The slope of a function that alone reads a node's result, and the node whose result it gives.
  mutating func slope(
    behind node: Node, _ index: Int, unless activation: UnaryFunction?
  ) -> (function: UnaryGradient, at: Value, node: Node)? {
    guard activation == nil, let next = reader(of: node), graph.nodes[next].operands[0] == node.results[0],
      let (function, at) = slope(of: graph.nodes[next]), at != node.results[0], isThere(at, before: index)
    else { return nil }
    absorbed.insert(next)
    return (function, at, graph.nodes[next])
  }

  /// The function whose slope a node multiplies by, and where it is taken.
  private func slope(of node: Node) -> (function: UnaryGradient, at: Value)? {
    guard node.operands.count > 1, let seed = node.operands[0], let at = node.operands[1], planes(at) != nil, planes(at) == planes(seed) else {
      return nil
    }
    switch node.operator {
    case let adjoint as ElementwiseAdjoint: return (adjoint.function, at)
    case let adjoint as ClipAdjoint: return adjoint.function(of: node.operands.map { graph.info($0) }).map { ($0, at) }
    default: return nil
    }
  }

  // MARK: Numbers per channel

  /// Whether all that reads a node's result is a sum with one number per channel: a squeeze and excitation, backwards.
  func isShifted(_ node: Node) -> Bool {
    guard let next = reader(of: node), graph.nodes[next].operator is Add else { return false }
    return graph.nodes[next].operands.contains { operand in
      guard let operand, let producer = graph.producer(of: operand), producer.operator is Expand, let own = producer.operands[0] else {
        return false
      }
      return operand != node.results[0] && consumers.only(of: operand) == next && planes(own)?.pixels == 1
    }
  }

  /// A sum one of whose operands is one number per channel.
  mutating func addShiftedProduct(_ node: Node, _ index: Int, _ a: Value, _ b: Value) throws(GraphError) -> Bool {
    for (x, spread) in [(a, b), (b, a)] {
      guard case .spread(let numbers, _)? = delayed[spread], isBlocked(x), let own = planes(numbers) else { continue }
      var operands: [Value?]
      if case .product(let image, let scale)? = delayed[x], own[0] == rebuilt.shape(of: scale)?[0] {
        operands = [image, scale]
      } else {
        let count = BlockedPlanes.blocks(own[1]) * BlockedPlanes.width
        let ones = Tensor([Float](repeating: 1, count: own[0] * count), shape: Shape([own[0], count / BlockedPlanes.width, 1, 1, BlockedPlanes.width]))
        operands = [try image(x), rebuilt.constant(ones)]
      }
      operands.append(try image(numbers))
      if let slope = slope(behind: node, index, unless: nil) {
        try insert(BlockedScale(activation: nil, slope: slope.function), operands + [try image(slope.at)], slope.node)
      } else {
        try insert(BlockedScale(activation: nil), operands, node)
      }
      return true
    }
    return false
  }

  /// Makes an image that was delayed.
  mutating func made(_ image: DelayedImage) throws(GraphError) -> Value {
    switch image {
    case .slice(let whole, let channels, let count):
      return try rebuilt.insert(BlockedSlice(channels: channels, count: count), [whole], name: "", scope: nil)
    case .product(let x, let scale): return try rebuilt.insert(BlockedScale(activation: nil), [x, scale], name: "", scope: nil)
    case .spread(let numbers, let shape):
      let planes = try rebuilt.insert(Expand(to: shape), [try planarImage(numbers)], name: "", scope: nil)
      return try rebuilt.insert(ToBlocked(), [planes], name: "", scope: nil)
    }
  }
}
