import CarpusTensors

/// `Y = X / √(mean X² + epsilon) · scale`, the mean over the axes from `axis` on.
///
/// - Operands: `X`, floating-point; `scale`, floating-point, possibly of another type, broadcast to X.
/// - Result: of the type of `scale`. `stash_type` has no effect: the norm is always that of float32 or float64.
public struct RMSNormalization: Viewing {
  public static let signature = OperatorSignature("RMSNormalization", since: 23, operands: 2...2, gradient: .defined)
  private let axis: Int
  private let epsilon: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -1
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    node.ignore("stash_type")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), scale = try operands.floatingTensor(1)
    if let rank = x.shape.rank { _ = try Axes.resolved(axis, rank: rank) }
    let whole = try Broadcasting.shape(x.shape, scale.shape)
    guard whole.agrees(with: x.shape) else { throw .operands("a scale of \(scale.shape) does not broadcast to \(x.shape)") }
    return [ValueType(scale.elementType, x.shape)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let rank = operands.shape(0)?.rank, let first = try? Axes.resolved(axis, rank: rank) else { return nil }
    return (0..<rank).map { $0 < first ? .same($0) : .all }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64 || operands[0].elementType == .float64
      ? try evaluate(Double.self, operands[0], operands[1], into: &results)
      : try evaluate(Float.self, operands[0], operands[1], into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ x: Tensor, _ scale: Tensor, into results: inout Results
  ) throws(OperatorError) {
    let first = try Axes.resolved(axis, rank: x.shape.rank), count = x.shape.extents.dropFirst(first).reduce(1, *)
    let wide = x.converted(to: T.elementType), factor = scale.converted(to: T.elementType)
    var places = try BroadcastPlaces(x.shape, scale.shape)
    let y = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
      let values = wide.elements(T.self), factors = factor.elements(T.self)
      for start in stride(from: 0, to: values.count, by: max(count, 1)) {
        var sum = 0.0
        for place in start..<start + count { sum += Double(values[place]) * Double(values[place]) }
        let rate = T(1 / (sum / Double(count) + epsilon).squareRoot())
        for place in start..<start + count {
          y[place] = values[place] * rate * factors[places.second]
          places.advance()
        }
      }
    }
    results.copyElements(of: y.converted(to: results.elementType(0)))
  }

  // MARK: Gradient

  /// With r = 1 / √(mean X² + epsilon) and g = ∂Y · scale: ∂X = r (g − X r² · mean (g X)); ∂scale = ∂Y · X r, summed to its shape.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let given = seeds[0] else { return [nil, nil] }
    let shape = try step.shape(0), x = try step.operand(0), type = try step.elementType(0)
    let seed = try graph.add(Cast(to: type), given), scale = try graph.add(Cast(to: type), try step.operand(1))
    let axes = Array(try Axes.resolved(axis, rank: shape.rank)..<shape.rank)
    let squares = try graph.mean(try graph.product(x, x), over: axes)
    let rate = try graph.add(Reciprocal(), try graph.add(Sqrt(), try graph.shifted(squares, by: epsilon)))
    var gradients: [Value?] = [nil, nil]
    if step.wants[0] {
      let g = try graph.product(seed, scale)
      let shared = try graph.product(try graph.product(rate, rate), try graph.mean(try graph.product(g, x), over: axes))
      gradients[0] = try graph.product(rate, try graph.add(Sub(), g, try graph.product(x, shared)))
    }
    if step.wants[1] {
      let product = try graph.product(seed, try graph.product(x, rate))
      gradients[1] = try graph.add(Cast(to: try step.elementType(1)), try graph.summed(product, to: try step.shape(1)))
    }
    return gradients
  }
}
