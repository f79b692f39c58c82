import CarpusTensors

/// A function of one number and its derivative, both calculated in double precision.
struct RealFunction: Sendable {
  let value: @Sendable (Double) -> Double
  let derivative: @Sendable (Double) -> Double

  init(_ value: @escaping @Sendable (Double) -> Double, derivative: @escaping @Sendable (Double) -> Double) {
    self.value = value
    self.derivative = derivative
  }
}

extension Elementwise {
  /// `Y[i] = f(X[i])`, rounded once to float32 or float64.
  static func evaluate(_ function: RealFunction, _ operands: borrowing Operands, into results: inout Results) {
    evaluate(function.value, operands, into: &results)
  }

  static func evaluate(_ function: (Double) -> Double, _ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = T(function(Double(x[index]))) }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// The gradient of `f(X)`.
  static func pullback(
    _ function: RealFunction, _ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value?] {
    [try graph.add(RealFunctionAdjoint(of: function), seeds[0], step.operand(0))]
  }
}

/// An operator that applies one function, calculated in double precision, to each floating-point number of its operand.
protocol RealMap: Pointwise {
  var function: RealFunction { get }
}

extension RealMap {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(function, operands, into: &results)
  }

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try Elementwise.pullback(function, step, seeds, in: &graph)
  }
}

/// `∂X[i] = f'(X[i]) · seed[i]`
///
/// - Operands: `seed` and `X`, of one shape.
struct RealFunctionAdjoint: InternalOperator {
  static let signature = OperatorSignature("RealFunction", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let function: RealFunction

  init(of function: RealFunction) { self.function = function }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.adjointTypes(for: operands)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      let seed = operands[0].elements(T.self), x = operands[1].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = T(function.derivative(Double(x[index])) * Double(seed[index])) }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
