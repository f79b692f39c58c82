import CarpusTensors

/// `Y[i] = Π X[j]` over j ≤ i along an axis; j < i with `exclusive` 1; the other way round with `reverse` 1.
///
/// - Operands: `X`, numbers; integers wrap around; the axis, one integer.
public struct CumProd: Operator {
  public static let signature = OperatorSignature("CumProd", since: 26, operands: 2...2, gradient: .defined)
  private let cumulation: Cumulation

  public init(_ node: inout NodeReader) throws(OperatorError) { cumulation = try Cumulation(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try cumulation.resultTypes(for: operands) }

  // MARK: Kernel

  private struct Product: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &* b }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try cumulation.evaluate(from: 1, operands, into: &results, real: *, integer: Product())
  }

  // MARK: Gradient

  /// ∂X[j] = Σ ∂Y[i] · Π X[k], over all i whose product X[j] is in and all other k in it.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [try graph.add(CumProdAdjoint(cumulation), seed, try step.operand(0), try step.operand(1)), nil]
  }
}

/// `∂X` of `CumProd`, without a division, so that zeros need no care.
///
/// `∂X[j] = L[j] R[j]` with `L[j] = X[0] … X[j - 1]` and `R[j] = ∂Y[j] + X[j + 1] R[j + 1]`; if the product is exclusive, ∂Y moves by
/// one place.
///
/// - Operands: `seed` and `X`, of one shape; the axis.
struct CumProdAdjoint: InternalOperator {
  static let signature = OperatorSignature("CumProd", domain: "adjoint", operands: 3...3, gradient: .undefined)
  private let cumulation: Cumulation

  init(_ cumulation: Cumulation) { self.cumulation = cumulation }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try cumulation.resultTypes(for: operands, axis: 2)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let lines = try cumulation.lines(operands.infos, operands[1].shape, axis: 2)
    func apply<T: KernelScalar>(_ type: T.Type) {
      let seed = operands[0].elements(T.self), x = operands[1].elements(T.self)
      var y = results.elements(0, as: T.self)
      for line in lines.indices {
        let places = Array(lines.places(line))
        var left = [1.0]
        for place in places.dropLast() { left.append(left[left.count - 1] * Double(x[place])) }
        var right = 0.0
        for index in places.indices.reversed() {
          let next = index + 1 < places.count ? places[index + 1] : nil
          let source = cumulation.isExclusive ? next : places[index]
          right = (source.map { Double(seed[$0]) } ?? 0) + (next.map { Double(x[$0]) } ?? 0) * right
          y[places[index]] = T(left[index] * right)
        }
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
