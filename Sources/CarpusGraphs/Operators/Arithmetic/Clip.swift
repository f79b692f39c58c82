import CarpusTensors

/// `Y = min(max(X, low), high)`; `high` where `low` > `high`; NaN stays NaN.
///
/// - Operands: `X`, numeric, any shape; `low` and `high`, each one number of the type of X, or absent for no bound. Before
///   version 11 the bounds are the attributes `min` and `max`, by default the extreme finite float32 numbers.
public struct Clip: ElementwiseFunction {
  public static let signature = OperatorSignature("Clip", operands: 1...3, gradient: .defined)
  private let bounds: ClipBounds

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard node.opset < 11 else {
      bounds = ClipBounds(low: -.infinity, high: .infinity)
      return
    }
    guard node.operandCount <= 1 else { throw .operands("Clip has its bounds as attributes before version 11") }
    let greatest = Float.greatestFiniteMagnitude
    bounds = ClipBounds(low: Double(try node.float("min") ?? -greatest), high: Double(try node.float("max") ?? greatest))
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try bounds.check(operands, at: 1)
    return try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try bounds.check(operands.infos, at: 1)
    let low = operands.optional(1), high = operands.optional(2)
    func integral<T: IntegerElement>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      let least = low.map { $0.elements(T.self)[0] } ?? .min, greatest = high.map { $0.elements(T.self)[0] } ?? .max
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = min(max(x[index], least), greatest) }
    }
    if let type = results.elementType(0).integerType { return integral(type) }
    let numbers = bounds.values(low, high)
    Elementwise.evaluate(.clip(low: numbers.low, high: numbers.high), operands, into: &results)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? {
    guard operands.dropFirst().allSatisfy({ $0.type == nil || $0.value != nil }) else { return nil }
    let (low, high) = bounds.values(
      operands.count > 1 ? operands[1].value : nil, operands.count > 2 ? operands[2].value : nil)
    return .clip(low: low, high: high)
  }

  // MARK: Gradient

  /// ∂X = ∂Y where low < X < high, which is where low < Y < high, else 0; also at both bounds, as `relu6` in PyTorch (and unlike `clamp`).
  /// ∂high = Σ ∂Y where X > high, or low > high; ∂low = Σ ∂Y where X < low elsewhere.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let given = Array(step.operands.dropFirst()), zero = try graph.scalar(0, like: seed)
    var gradients = [Value?](repeating: nil, count: step.operands.count)
    if step.wants[0] {
      gradients[0] = try graph.add(ClipAdjoint(bounds: bounds), [seed, step.results[0]] + given, results: 1)[0]
    }
    guard step.wants.dropFirst().contains(true) else { return gradients }
    let x = try step.operand(0), least = try graph.scalar(bounds.low, like: x), greatest = try graph.scalar(bounds.high, like: x)
    func bound(_ index: Int) -> Value? { index < step.operands.count ? step.operands[index] : nil }
    let low = try graph.reshaped(bound(1) ?? least, to: []), high = try graph.reshaped(bound(2) ?? greatest, to: [])
    let isHigh = try graph.add(Or(), graph.add(Greater(), x, high), graph.add(Greater(), low, high))
    let isLow = try graph.add(And(), graph.add(Less(), x, low), graph.add(Not(), isHigh))
    for (index, isBound) in [(1, isLow), (2, isHigh)] where index < step.wants.count && step.wants[index] {
      let shares = try graph.add(Where(), isBound, seed, zero)
      gradients[index] = try graph.summed(shares, to: step.shape(index))
    }
    return gradients
  }
}

/// The bounds of a `Clip` where no operand gives them.
struct ClipBounds: Sendable {
  let low: Double
  let high: Double

  /// - Parameter index: where the bounds begin among the operands.
  func check(_ operands: [OperandInfo], at index: Int) throws(OperatorError) {
    let x = try operands.tensor(0)
    for place in [index, index + 1] {
      guard let bound = try operands.optionalTensor(place) else { continue }
      guard bound.elementType == x.elementType else {
        throw .operands("a bound must have the type of X, \(x.elementType), not \(bound.elementType)")
      }
      guard bound.shape.shape.map({ $0.count == 1 }) ?? true else {
        throw .operands("a bound must be one number, not \(bound.shape)")
      }
    }
  }

  func values(_ low: Tensor?, _ high: Tensor?) -> (low: Double, high: Double) {
    (low?.doubles.first ?? self.low, high?.doubles.first ?? self.high)
  }
}

/// `∂X = seed` where low < X < high, else 0.
///
/// - Operands: `seed` and `X` of one shape; the bounds as in `Clip`.
struct ClipAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("Clip", domain: "adjoint", operands: 2...4, gradient: .undefined)
  private let bounds: ClipBounds

  init(bounds: ClipBounds) { self.bounds = bounds }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard operands[0].type == operands[1].type else { throw .operands("a seed must have the type of what it is a seed of") }
    try bounds.check(operands, at: 2)
    return [.tensor(try operands.floatingTensor(1))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try bounds.check(operands.infos, at: 2)
    let (low, high) = bounds.values(operands.optional(2), operands.optional(3))
    ElementwiseAdjoint.evaluate(.clip(low: low, high: high), operands, into: &results)
  }

  /// The slope, if the bounds are constant.
  func function(of operands: [OperandInfo]) -> UnaryGradient? {
    guard operands.dropFirst(2).allSatisfy({ $0.type == nil || $0.value != nil }) else { return nil }
    let (low, high) = bounds.values(operands.count > 2 ? operands[2].value : nil, operands.count > 3 ? operands[3].value : nil)
    return .clip(low: low, high: high)
  }

  /// The bounds may be left out, so their places count.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (seed, x) = (try operands.present(0), try operands.present(1))
    var bounds: [Value] = []
    for (index, number) in [(2, self.bounds.low), (3, self.bounds.high)] {
      if operands.count > index, let given = operands[index] {
        bounds.append(try graph.reshaped(given, to: []))
      } else {
        bounds.append(try graph.scalar(number, like: x))
      }
    }
    let isInside = try graph.add(And(), graph.add(Greater(), x, bounds[0]), graph.add(Less(), x, bounds[1]))
    return [try graph.add(Where(), isInside, seed, graph.scalar(0, like: x))]
  }
}
