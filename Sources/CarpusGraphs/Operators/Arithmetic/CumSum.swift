import CarpusTensors

/// `Y[i] = Σ X[j]` over j ≤ i along an axis; j < i with `exclusive` 1; the other way round with `reverse` 1.
///
/// - Operands: `X`, numbers; integers wrap around; the axis, one integer.
public struct CumSum: Writable {
  public static let signature = OperatorSignature("CumSum", since: 11, operands: 2...2, gradient: .defined)
  private let cumulation: Cumulation

  public init(_ node: inout NodeReader) throws(OperatorError) { cumulation = try Cumulation(&node) }
  init(_ cumulation: Cumulation) { self.cumulation = cumulation }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try cumulation.resultTypes(for: operands) }

  // MARK: Kernel

  private struct Sum: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &+ b }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try cumulation.evaluate(from: 0, operands, into: &results, real: +, integer: Sum())
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    WrittenNode("CumSum", ["exclusive": .int(cumulation.isExclusive ? 1 : 0), "reverse": .int(cumulation.isReverse ? 1 : 0)], since: 11)
  }

  // MARK: Gradient

  /// ∂X is the cumulative sum of ∂Y in the opposite direction.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let opposite = Cumulation(isExclusive: cumulation.isExclusive, isReverse: !cumulation.isReverse)
    return [try graph.add(CumSum(opposite), seed, try step.operand(1)), nil]
  }
}
