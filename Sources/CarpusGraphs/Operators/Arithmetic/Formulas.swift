import CarpusTensors

/// The few operations that most gradients consist of.
extension GraphBuilder {
  mutating func sum(_ a: Value, _ b: Value) throws(OperatorError) -> Value { try add(Add(), a, b) }
  mutating func product(_ a: Value, _ b: Value) throws(OperatorError) -> Value { try add(Mul(), a, b) }
  mutating func quotient(_ a: Value, _ b: Value) throws(OperatorError) -> Value { try add(Div(), a, b) }
  mutating func negated(_ x: Value) throws(OperatorError) -> Value { try add(Neg(), x) }

  /// A constant without axes, of the element type of `x`.
  mutating func scalar(_ number: Double, like x: Value) throws(OperatorError) -> Value {
    guard case .tensor(let tensor) = type(of: x) else { throw .operands("no numbers in a sequence") }
    return constant(Tensor(scalar: number).converted(to: tensor.elementType))
  }

  /// factor · x
  mutating func scaled(_ x: Value, by factor: Double) throws(OperatorError) -> Value {
    factor == 1 ? x : try product(x, scalar(factor, like: x))
  }

  /// x + offset
  mutating func shifted(_ x: Value, by offset: Double) throws(OperatorError) -> Value { try sum(x, scalar(offset, like: x)) }

  // MARK: For writing

  mutating func difference(_ a: Value, _ b: Value) throws(OperatorError) -> Value { try add(Sub(), a, b) }
  /// a where x is greater than the number, else b
  mutating func chosen(where x: Value, isGreaterThan number: Double, _ a: Value, else b: Value) throws(OperatorError) -> Value {
    try add(Where(), add(Greater(), x, scalar(number, like: x)), a, b)
  }
  /// a where x is less than the number, else b
  mutating func chosen(where x: Value, isLessThan number: Double, _ a: Value, else b: Value) throws(OperatorError) -> Value {
    try add(Where(), add(Less(), x, scalar(number, like: x)), a, b)
  }
  /// Σ x over axes, which stay with extent 1.
  mutating func total(_ x: Value, over axes: [Int]) throws(OperatorError) -> Value {
    axes.isEmpty ? x : try add(ReduceSum(axes: axes, keepsAxes: true), x)
  }
}

extension Array where Element == OperandInfo {
  /// The shape of an operand of an operator that is to be written as others.
  func writtenShape(_ index: Int) throws(OperatorError) -> Shape {
    guard let shape = try tensor(index).shape.shape else { throw .unsupported("only a gradient of known shapes can be written") }
    return shape
  }
}
