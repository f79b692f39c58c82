import CarpusTensors

/// `Y = X` where X ≥ 0, `slope · X` elsewhere.
///
/// - Operands: `X`, numeric; `slope` of the same type, broadcast to X. Before version 7 `slope` has one element, or one per channel
///   (axis 1). Integers wrap around.
/// - Throws: when `slope` does not broadcast to X.
public struct PRelu: Pointwise {
  public static let signature = OperatorSignature("PRelu", operands: 2...2, gradient: .defined)
  private let countsChannels: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    countsChannels = node.opset < 7
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  /// The shape of the slopes as one that broadcasts.
  private func aligned(_ slope: PartialShape, to x: PartialShape) -> PartialShape {
    guard countsChannels, let own = slope.extents, own.count == 1, own != [1], let rank = x.rank, rank > 2 else { return slope }
    return PartialShape(own + [Int?](repeating: 1, count: rank - 2))
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), slope = try operands.tensor(1)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    guard slope.elementType == x.elementType else {
      throw .operands("all operands must have one element type, not \(x.elementType) and \(slope.elementType)")
    }
    guard try Broadcasting.shape(x.shape, aligned(slope.shape, to: x.shape)).agrees(with: x.shape) else {
      throw .operands("slopes of \(slope.shape) do not broadcast to \(x.shape)")
    }
    return [.tensor(x)]
  }

  // MARK: Kernel

  private struct Product: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ x: T, _ slope: T) -> T { x < 0 ? x &* slope : x }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], given = operands[1]
    let slope = aligned(PartialShape(given.shape), to: PartialShape(x.shape)).shape.map { given.reshaped($0) } ?? given
    func floating<T: KernelScalar>(_ type: T.Type) throws(OperatorError) {
      let values = x.elements(T.self), slopes = slope.elements(T.self)
      var places = try BroadcastPlaces(x.shape, slope.shape)
      var y = results.elements(0, as: T.self)
      for index in y.indices {
        let value = values[places.first]
        y[index] = value < 0 ? value * slopes[places.second] : value
        places.advance()
      }
    }
    if let type = results.elementType(0).kernelType { return try floating(type) }
    try Arithmetic.integral(Product(), x, slope, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y where X > 0, else slope ∂Y; ∂slope = X ∂Y where X ≤ 0, else 0, summed over stretched axes; at X = 0 as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let x = try step.operand(0), own = try step.shape(1)
    guard let shape = aligned(PartialShape(own), to: PartialShape(try step.shape(0))).shape else { return [nil, nil] }
    let zero = try graph.scalar(0, like: x), isPositive = try graph.add(Greater(), x, zero)
    var gradients: [Value?] = [nil, nil]
    if step.wants[0] {
      let slope = try graph.reshaped(try step.operand(1), to: shape)
      gradients[0] = try graph.add(Where(), isPositive, seed, graph.product(seed, slope))
    }
    if step.wants[1] {
      let all = try graph.add(Where(), isPositive, zero, graph.product(seed, x))
      gradients[1] = try graph.reshaped(graph.summed(all, to: shape), to: own)
    }
    return gradients
  }
}
