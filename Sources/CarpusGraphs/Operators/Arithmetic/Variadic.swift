import CarpusTensors

/// An operator on one or more operands, broadcast since version 8.
protocol Variadic: Forwarding, Pointwise {
  var broadcasts: Bool { get }
  init(broadcasts: Bool)
}

extension Variadic {
  public init(_ node: inout NodeReader) throws(OperatorError) {
    self.init(broadcasts: node.opset >= 8)
    node.ignore("consumed_inputs")
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands.count == 1 ? [0] : nil }
}

/// A variadic operator that adds floating-point numbers up.
protocol Summing: Variadic {}

extension Summing {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.floatingTensor(0)
    return try Arithmetic.resultTypes(for: operands, broadcasts: broadcasts)
  }

  func addUp(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.accumulate(operands, into: &results) { (a, b, results: inout Results) throws(OperatorError) in
      try Arithmetic.floating(.add, a, b, into: &results)
    }
  }
}
