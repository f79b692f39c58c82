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
}
