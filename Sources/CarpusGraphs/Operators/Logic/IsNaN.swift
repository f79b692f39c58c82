import CarpusTensors

/// `Y` is true where X is NaN.
///
/// - Operands: `X`, floating-point, any shape.
/// - Results: `Y`, truth values.
public struct IsNaN: Pointwise, Attributeless {
  public static let signature = OperatorSignature("IsNaN", since: 9, operands: 1...1, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.bool, try operands.floatingTensor(0).shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.ask(operands, into: &results) { $0.isNaN }
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

extension Elementwise {
  /// Whether something is true of each number.
  static func ask(_ operands: borrowing Operands, into results: inout Results, _ question: (Double) -> Bool) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0].elements(T.self)
      var y = results.elements(0, as: Bool.self)
      for index in y.indices { y[index] = question(Double(x[index])) }
    }
    if let type = operands[0].elementType.kernelType { apply(type) }
  }
}
