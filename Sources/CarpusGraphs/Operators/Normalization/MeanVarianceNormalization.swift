import CarpusTensors

/// `Y = (X − mean) / (deviation + 1e-9)`, mean and standard deviation (without Bessel's correction) over `axes`, by default `[0,
/// 2, 3]`.
///
/// - Operands: `X`, floating-point.
public struct MeanVarianceNormalization: Operator {
  public static let signature = OperatorSignature("MeanVarianceNormalization", since: 9, operands: 1...1, gradient: .defined)
  private let axes: [Int]

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try node.ints("axes") ?? [0, 2, 3] }

  /// Of the function that defines the operator.
  private static let epsilon = 1e-9

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank { _ = try Axes.resolved(axes, rank: rank) }
    return [.tensor(x)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands[0], into: &results) : try evaluate(Float.self, operands[0], into: &results)
  }

  private func evaluate<T: KernelScalar>(_ type: T.Type, _ x: Tensor, into results: inout Results) throws(OperatorError) {
    let reduced = try Axes.resolved(axes, rank: x.shape.rank)
    let groups = Shape(x.shape.extents.enumerated().map { reduced.contains($0) ? 1 : $1 })
    let values = x.elements(T.self), size = Double(max(x.shape.count / max(groups.count, 1), 1))
    var means = [Double](repeating: 0, count: groups.count), deviations = means
    var places = try BroadcastPlaces(x.shape, groups)
    for index in values.indices {
      means[places.second] += Double(values[index]) / size
      places.advance()
    }
    places = try BroadcastPlaces(x.shape, groups)
    for index in values.indices {
      let distance = Double(values[index]) - means[places.second]
      deviations[places.second] += distance * distance / size
      places.advance()
    }
    for group in deviations.indices { deviations[group] = deviations[group].squareRoot() + Self.epsilon }
    places = try BroadcastPlaces(x.shape, groups)
    var y = results.elements(0, as: T.self)
    for index in values.indices {
      y[index] = T((Double(values[index]) - means[places.second]) / deviations[places.second])
      places.advance()
    }
  }

  // MARK: Gradient

  /// With d = X − mean, s the deviation and r = 1 / (s + 1e-9): ∂X = r (∂Y − mean ∂Y) − r² d / s · mean (∂Y d); the second term
  /// is 0 where s is 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = try step.operand(0), axes = try Axes.resolved(self.axes, rank: try step.shape(0).rank)
    guard !axes.isEmpty else { return [try graph.scaled(seed, by: 0)] }
    let distance = try graph.add(Sub(), x, try graph.mean(x, over: axes))
    let deviation = try graph.add(Sqrt(), try graph.mean(try graph.product(distance, distance), over: axes))
    let rate = try graph.add(Reciprocal(), try graph.shifted(deviation, by: Self.epsilon))
    let direct = try graph.product(rate, try graph.add(Sub(), seed, try graph.mean(seed, over: axes)))
    // So little that it changes no deviation but 0.
    let divisor = try graph.shifted(deviation, by: 1e-30)
    let direction = try graph.quotient(try graph.product(try graph.product(rate, rate), distance), divisor)
    let shared = try graph.product(direction, try graph.mean(try graph.product(seed, distance), over: axes))
    return [try graph.add(Sub(), direct, shared)]
  }
}

extension GraphBuilder {
  /// The mean over axes, which stay with extent 1.
  mutating func mean(_ x: Value, over axes: [Int]) throws(OperatorError) -> Value {
    guard let shape = type(of: x).staticShape else { throw .notDifferentiable("the shape of a gradient depends on data") }
    let count = axes.reduce(1) { $0 * shape[$1] }
    return axes.isEmpty ? x : try scaled(try add(ReduceSum(axes: axes, keepsAxes: true), x), by: 1 / Double(max(count, 1)))
  }
}
