import CarpusTensors

/// `Y = exp X / Σ exp X` along an axis.
///
/// Before version 13 the axes from `axis` (default 1) on are one; since then `axis` (default -1) is a single axis.
///
/// - Operands: `X`, floating-point.
public struct Softmax: Operator {
  public static let signature = OperatorSignature("Softmax", operands: 1...1, gradient: .defined)
  private let axis: SoftmaxAxis

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try SoftmaxAxis(&node) }
  init(_ axis: SoftmaxAxis) { self.axis = axis }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axis.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[0].shape), team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.softmax(operands[0].elements(T.self), outer: outer, count: count, inner: inner, into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X = Y · (∂Y − Σ ∂Y · Y)
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(SoftmaxAdjoint(axis, ofLogarithm: false), seed, step.results[0])]
  }
}

/// `Y = X − log Σ exp X` along an axis; which one as in `Softmax`.
///
/// - Operands: `X`, floating-point.
public struct LogSoftmax: Operator {
  public static let signature = OperatorSignature("LogSoftmax", operands: 1...1, gradient: .defined)
  private let axis: SoftmaxAxis

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try SoftmaxAxis(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axis.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[0].shape), team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.logSoftmax(operands[0].elements(T.self), outer: outer, count: count, inner: inner, into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X = ∂Y − P · Σ ∂Y with P the softmax.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(SoftmaxAdjoint(axis, ofLogarithm: true), seed, try graph.add(Softmax(axis), try step.operand(0)))]
  }
}

/// The axis of a softmax, or the axes that are taken as one.
struct SoftmaxAxis: Sendable {
  private let axis: Int
  private let joinsAxes: Bool

  init(_ node: inout NodeReader) throws(OperatorError) {
    joinsAxes = node.opset < 13
    axis = try node.int("axis") ?? (joinsAxes ? 1 : -1)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank { _ = try resolved(rank) }
    return [.tensor(x)]
  }

  /// A tensor of `shape` as outer × count × inner, the middle one being what is normalised.
  func extents(_ shape: Shape) throws(OperatorError) -> (outer: Int, count: Int, inner: Int) {
    let axis = try resolved(shape.rank)
    let outer = shape.extents.prefix(axis).reduce(1, *)
    let end = joinsAxes ? shape.rank : axis + 1
    return (outer, shape.extents.prefix(end).dropFirst(axis).reduce(1, *), shape.extents.dropFirst(end).reduce(1, *))
  }

  private func resolved(_ rank: Int) throws(OperatorError) -> Int {
    // A matrix of one column: no axis follows.
    if joinsAxes, axis == rank { return axis }
    return try Axes.resolved(axis, rank: rank)
  }
}

/// `∂X` of `Softmax` or `LogSoftmax`.
///
/// - Operands: `seed` and the softmax `P`, of one shape.
struct SoftmaxAdjoint: InternalOperator {
  static let signature = OperatorSignature("Softmax", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let axis: SoftmaxAxis
  private let isLogarithm: Bool

  init(_ axis: SoftmaxAxis, ofLogarithm isLogarithm: Bool) {
    self.axis = axis
    self.isLogarithm = isLogarithm
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[1].shape)
    results.elementType(0) == .float64
      ? evaluate(Double.self, operands, outer, count, inner, into: &results)
      : evaluate(Float.self, operands, outer, count, inner, into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ operands: borrowing Operands, _ outer: Int, _ count: Int, _ inner: Int, into results: inout Results
  ) {
    let a = operands[0], b = operands[1]
    let seed = a.elements(T.self), p = b.elements(T.self)
    var target = results.elements(0, as: T.self)
    for row in 0..<outer {
      for column in 0..<inner {
        let first = row * count * inner + column
        var sum = 0.0
        for index in 0..<count {
          let place = first + index * inner
          sum += isLogarithm ? Double(seed[place]) : Double(seed[place]) * Double(p[place])
        }
        for index in 0..<count {
          let place = first + index * inner
          let s = Double(seed[place]), value = Double(p[place])
          target[place] = T(isLogarithm ? s - value * sum : value * (s - sum))
        }
      }
    }
  }
}
