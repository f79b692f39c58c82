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

/// What operators on truth values have in common.
enum Logic {
  static func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var shape = PartialShape([])
    for index in operands.indices {
      let type = try operands.tensor(index)
      guard type.elementType == .bool else { throw .operands("operand \(index) must be truth values, not \(type.elementType)") }
      shape = try Broadcasting.shape(shape, type.shape)
    }
    return [ValueType(.bool, shape)]
  }

  /// `Y[i] = f(A[i], B[i])`, broadcast.
  static func evaluate(
    _ operands: borrowing Operands, into results: inout Results, _ function: (Bool, Bool) -> Bool
  ) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    let x = a.elements(Bool.self), z = b.elements(Bool.self)
    var places = try BroadcastPlaces(a.shape, b.shape)
    var y = results.elements(0, as: Bool.self)
    for index in y.indices {
      y[index] = function(x[places.first], z[places.second])
      places.advance()
    }
  }
}
