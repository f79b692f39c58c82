import CarpusTensors

/// `Y = X + bias` where X < -`lambd`, `X - bias` where X > `lambd`, 0 elsewhere.
///
/// - Operands: `X`, any numeric type and shape. Integers are calculated as float64, and the result is cut off towards 0 and kept in
///   their range.
public struct Shrink: Pointwise {
  public static let signature = OperatorSignature("Shrink", since: 9, operands: 1...1, gradient: .defined)
  private let function: RealFunction

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let bias = Double(try node.float("bias") ?? 0), threshold = Double(try node.float("lambd") ?? 0.5)
    function = RealFunction {
      $0 < -threshold ? $0 + bias : $0 > threshold ? $0 - bias : 0
    } derivative: {
      $0 < -threshold || $0 > threshold ? 1 : 0
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    guard results.elementType(0).isInteger else { return Elementwise.evaluate(function, operands, into: &results) }
    let x = operands[0], team = results.team
    let numbers = Tensor(x.doubles.map(function.value), shape: x.shape), type = results.elementType(0)
    var y = results.bytes(0)
    Kernels.convert(numbers.bytes, of: .float64, into: &y, as: type, team: team)
  }

  // MARK: Gradient

  /// ∂X = ∂Y where X < -lambd or X > lambd, else 0; also on the edges, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try Elementwise.pullback(function, step, seeds, in: &graph)
  }
}
