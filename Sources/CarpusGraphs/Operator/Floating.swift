import CarpusTensors

/// An operator that calculates in the type of its first result: in float64, or else in float32.
protocol Floating: Operator {
  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError)
}

extension Floating {
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands, into: &results) : try evaluate(Float.self, operands, into: &results)
  }
}
