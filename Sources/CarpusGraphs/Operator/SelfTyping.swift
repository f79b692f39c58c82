/// An operator whose results show their types only when they are there: those that run a graph of their own.
protocol SelfTyping: Operator {
  /// - Parameter limit: bytes that the results may take.
  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue]
}

extension SelfTyping {
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    throw .unsupported("\(Self.signature.name) makes its results itself")
  }
}

extension Operator {
  /// Refuses a gradient through a graph inside a node that is not known well enough to be unrolled.
  static func refuseUnrolled() -> OperatorError {
    .notDifferentiable("a gradient flows through \(signature.name) only where what it does is known before the run")
  }
}
