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

  /// The type of the gradient for a seed and what it is the seed of.
  static func adjointTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard operands[0].type == operands[1].type else { throw .operands("a seed must have the type of what it is a seed of") }
    return [.tensor(try operands.floatingTensor(1))]
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
    if results.elementType(0).isInteger {
      integral(integer, operands, into: &results)
    } else {
      evaluate(function, operands, into: &results)
    }
  }

  /// `Y[i] = f(X[i])` for integers.
  static func integral(_ function: any IntegerMap, _ operands: borrowing Operands, into results: inout Results) {
    func apply<T: IntegerElement>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = function.apply(x[index]) }
    }
    if let type = results.elementType(0).integerType { apply(type) }
  }
}

/// An operator that applies one function to each element of its operand.
protocol UnaryMap: Pointwise {
  var function: UnaryFunction { get }
}

extension ElementwiseFunction where Self: UnaryMap {
  func function(of operands: [OperandInfo]) -> UnaryFunction? { function }
}

/// A function of floating-point numbers that a kernel calculates.
protocol KernelMap: UnaryMap {}

extension KernelMap {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(function, operands, into: &results)
  }
}

/// A function of steps.
protocol StepFunction: KernelMap {}

extension StepFunction {
  /// A step function is flat where it has a derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

/// A function of numbers that a kernel calculates, but for integers.
protocol NumericMap: UnaryMap, IntegerMap {}

extension NumericMap {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(function, integer: self, operands, into: &results)
  }
}

/// What an operator does to single integers of any width.
protocol IntegerMap: Sendable {
  func apply<T: FixedWidthInteger>(_ x: T) -> T
}

/// `∂X[i] = f'(X[i]) · seed[i]`: the adjoint of every operator on single elements.
///
/// - Operands: `seed` and `X` (or the result `Y`, where the derivative is known from it), of one shape.
struct ElementwiseAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("Elementwise", domain: "adjoint", operands: 2...2, gradient: .undefined)
  let function: UnaryGradient

  init(of function: UnaryGradient) { self.function = function }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.adjointTypes(for: operands)
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

  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (seed, x) = (try operands.present(0), try operands.present(1))
    return [try lowered(seed: seed, x, in: &graph)]
  }

  /// - Parameter x: the operand, or the result where the derivative is known from it.
  private func lowered(seed: Value, _ x: Value, in graph: inout GraphBuilder) throws(OperatorError) -> Value {
    let zero = try graph.scalar(0, like: x)
    switch function {
    case .relu: return try graph.chosen(where: x, isGreaterThan: 0, seed, else: zero)
    case .leakyRelu(let alpha): return try graph.chosen(where: x, isGreaterThan: 0, seed, else: graph.scaled(seed, by: alpha))
    case .clip(let low, let high):
      return try graph.chosen(where: x, isGreaterThan: low, graph.chosen(where: x, isLessThan: high, seed, else: zero), else: zero)
    case .hardSigmoid(let alpha, let beta):
      let line = try graph.shifted(graph.scaled(x, by: alpha), by: beta), slope = try graph.scaled(seed, by: alpha)
      return try graph.chosen(where: line, isGreaterThan: 0, graph.chosen(where: line, isLessThan: 1, slope, else: zero), else: zero)
    case .hardSwish:
      let slope = try graph.product(graph.shifted(graph.scaled(x, by: 1.0 / 3), by: 0.5), seed)
      return try graph.chosen(where: x, isGreaterThan: -3, graph.chosen(where: x, isLessThan: 3, slope, else: seed), else: zero)
    case .absolute:
      let below = try graph.chosen(where: x, isLessThan: 0, graph.negated(seed), else: zero)
      return try graph.chosen(where: x, isGreaterThan: 0, seed, else: below)
    case .gelu:
      let probability = try graph.scaled(graph.shifted(graph.add(Erf(), graph.scaled(x, by: 0.5.squareRoot())), by: 1), by: 0.5)
      let density = try graph.scaled(graph.add(Exp(), graph.scaled(graph.product(x, x), by: -0.5)), by: 1 / (2 * Double.pi).squareRoot())
      return try graph.product(graph.sum(probability, graph.product(x, density)), seed)
    case .silu:
      let sigmoid = try graph.add(Sigmoid(), x)
      let rest = try graph.shifted(graph.negated(sigmoid), by: 1)
      return try graph.product(graph.product(sigmoid, graph.shifted(graph.product(x, rest), by: 1)), seed)
    case .sigmoidOfResult: return try graph.product(graph.product(x, graph.shifted(graph.negated(x), by: 1)), seed)
    case .tanhOfResult: return try graph.product(graph.shifted(graph.negated(graph.product(x, x)), by: 1), seed)
    }
  }
}

/// An operator that applies one function to each element of its first operand, so that it can be taken into the operator before it.
protocol ElementwiseFunction: Pointwise {
  /// The function, if the other operands it depends on are constant.
  func function(of operands: [OperandInfo]) -> UnaryFunction?
}
