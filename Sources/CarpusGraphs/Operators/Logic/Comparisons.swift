import CarpusTensors

/// What the comparisons of two broadcast operands have in common.
enum Comparisons {
  /// Truth values of the common shape.
  ///
  /// - Parameter ordered: the operator asks which is larger, so that its operands must be numbers.
  static func resultTypes(for operands: [OperandInfo], ordered: Bool) throws(OperatorError) -> [ValueType] {
    let a = try operands.tensor(0), b = try operands.tensor(1)
    guard a.elementType == b.elementType else {
      throw .operands("both operands must have one element type, not \(a.elementType) and \(b.elementType)")
    }
    guard !ordered || a.elementType != .bool else { throw .operands("truth values have no order") }
    return [ValueType(.bool, try Broadcasting.shape(a.shape, b.shape))]
  }

  /// `Y[i] = A[i] ∼ B[i]`; with NaN false.
  static func evaluate(_ comparison: Comparison, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = Self.numbers(operands[0]), b = Self.numbers(operands[1])
    let broadcast = try Broadcast(of: a.shape, b.shape), team = results.team
    func floating<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: Bool.self)
      Kernels.compare(comparison, a.elements(T.self), b.elements(T.self), broadcast, into: &y, team: team)
    }
    func integral<T: IntegerElement>(_ type: T.Type) throws(OperatorError) {
      let x = a.elements(T.self), z = b.elements(T.self)
      var places = try BroadcastPlaces(a.shape, b.shape)
      var y = results.elements(0, as: Bool.self)
      for index in y.indices {
        y[index] = comparison.holds(x[places.first], z[places.second])
        places.advance()
      }
    }
    if let type = a.elementType.kernelType { floating(type) }
    if let type = a.elementType.integerType { try integral(type) }
  }

  /// Truth values as 0 and 1.
  private static func numbers(_ x: Tensor) -> Tensor { x.elementType == .bool ? x.converted(to: .uint8) : x }
}

/// An operator that asks which of two numbers is larger.
protocol OrderComparing: Pointwise, PlainlyWritable, Attributeless {
  static var comparison: Comparison { get }
}

extension OrderComparing {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Comparisons.resultTypes(for: operands, ordered: true)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Comparisons.evaluate(Self.comparison, operands, into: &results)
  }

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}

extension Comparison {
  fileprivate func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .equal: a == b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}
