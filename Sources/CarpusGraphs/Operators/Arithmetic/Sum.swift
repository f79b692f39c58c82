import CarpusTensors

/// `Y` is the sum of the operands, broadcast.
///
/// - Operands: one or more, floating-point, of one type; of one shape before version 8.
public struct Sum: Summing {
  public static let signature = OperatorSignature("Sum", operands: 1...OperatorSignature.any, gradient: .defined)
  let broadcasts: Bool

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try addUp(operands, into: &results)
  }

  // MARK: Gradient

  /// Every operand gets ∂Y, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try graph.shared(seeds[0], step)
  }
}

extension GraphBuilder {
  /// The gradients of a sum: for each operand the seed, summed over the axes along which it was stretched.
  mutating func shared(_ seed: Value?, _ step: Step) throws(OperatorError) -> [Value?] {
    guard let seed else { return step.operands.map { _ in nil } }
    var gradients: [Value?] = []
    for index in step.operands.indices { gradients.append(step.wants[index] ? try summed(seed, to: step.shape(index)) : nil) }
    return gradients
  }
}
