import CarpusTensors

/// `Y` is the mean of the operands, broadcast.
///
/// - Operands: one or more, floating-point, of one type; of one shape before version 8.
public struct Mean: Summing {
  public static let signature = OperatorSignature("Mean", operands: 1...OperatorSignature.any, gradient: .defined)
  let broadcasts: Bool

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try addUp(operands, into: &results)
    let count = operands.count
    func divide<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] /= T(count) }
    }
    results.elementType(0) == .float64 ? divide(Double.self) : divide(Float.self)
  }

  // MARK: Gradient

  /// Every operand of n gets ∂Y / n, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    return try graph.shared(graph.quotient(seed, graph.scalar(Double(step.operands.count), like: seed)), step)
  }
}
