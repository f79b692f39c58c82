import CarpusTensors

/// What operators on single elements have in common: the result has the type of the operand.
enum Elementwise {
  static func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.tensor(try operands.floatingTensor(0))]
  }

  /// The same for operators that also take integers.
  static func numericResultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    return [.tensor(x)]
  }

  /// `Y[i] = f(X[i])` in float32 or float64.
  static func evaluate(_ function: UnaryFunction, _ operands: borrowing Operands, into results: inout Results) {
    let team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.apply(function, to: operands[0].elements(T.self), into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// `Y[i] = f(X[i])`, by a kernel for floating-point numbers and by `integer` for integers.
  static func evaluate(
    _ function: UnaryFunction, integer: any IntegerMap, _ operands: borrowing Operands, into results: inout Results
  ) {
    func apply<T: IntegerElement>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = integer.apply(x[index]) }
    }
    if let type = results.elementType(0).integerType { apply(type) } else { evaluate(function, operands, into: &results) }
  }
}

/// What an operator does to single integers of any width.
protocol IntegerMap: Sendable {
  func apply<T: FixedWidthInteger>(_ x: T) -> T
}

/// `∂X[i] = f'(X[i]) · seed[i]`: the adjoint of every operator on single elements.
///
/// - Operands: `seed` and `X` (or the result `Y`, where the derivative is known from it), of one shape.
struct ElementwiseAdjoint: InternalOperator {
  static let signature = OperatorSignature("Elementwise", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let function: UnaryGradient

  init(of function: UnaryGradient) { self.function = function }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard operands[0].type == operands[1].type else { throw .operands("a seed must have the type of what it is a seed of") }
    return [.tensor(try operands.floatingTensor(1))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) { Self.evaluate(function, operands, into: &results) }

  /// `Y[i] = f'(operand 1[i]) · operand 0[i]` in float32 or float64.
  static func evaluate(_ function: UnaryGradient, _ operands: borrowing Operands, into results: inout Results) {
    let team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.applyGradient(of: function, seed: operands[0].elements(T.self), at: operands[1].elements(T.self), into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}

/// An operator that applies one function to each element of its first operand, so that it can be taken into the operator before it.
protocol ElementwiseFunction: Operator {
  /// The function, if the other operands it depends on are constant.
  func function(of operands: [OperandInfo]) -> UnaryFunction?
}
