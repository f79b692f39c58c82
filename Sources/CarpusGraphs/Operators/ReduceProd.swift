import CarpusTensors

/// `Y = Π X` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceProd: Operator {
  public static let signature = OperatorSignature("ReduceProd", operands: 1...2, gradient: .undefined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.product, operands, into: &results)
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("the gradient of a product over axes is not available")
  }
}
