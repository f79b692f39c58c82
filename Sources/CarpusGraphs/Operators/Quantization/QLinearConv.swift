import CarpusTensors

/// `Y = saturate(round(((X − xZero) ∗ (W − wZero) + B) · xScale · wScale / yScale) + yZero)`: the convolution of `Conv` on 8-bit integers, summed in
/// int32. Halves are rounded to the even integer.
///
/// - Operands: `X`, `xScale`, `xZero`, `W`, `wScale`, `wZero`, `yScale`, `yZero`, optionally `B` int32 `[M]`. X, W and the zero points are
///   int8 or uint8. The parameters of W are one number or M numbers, the others one number.
/// - Throws: as `Conv`.
public struct QLinearConv: Viewing, Costed {
  public static let signature = OperatorSignature("QLinearConv", since: 10, operands: 8...9, gradient: .stops)
  private let convolution: IntegerConvolution

  public init(_ node: inout NodeReader) throws(OperatorError) { convolution = try IntegerConvolution(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let shape = try convolution.shape(operands, x: 0, w: 3, xZero: 2, wZero: 5)
    let channels = try operands.tensor(3).shape[0]
    for (index, count) in [(1, 1), (4, channels), (6, 1), (7, 1)] {
      _ = try operands.tensor(index)
      try IntegerConvolution.checkChannels(operands, index, count)
    }
    for index in [1, 4, 6] { _ = try operands.floatingTensor(index) }
    try Quantization.check(operands, 7, "the zero point of the result", Quantization.isByte, "int8 or uint8")
    if let bias = try operands.optionalTensor(8) {
      guard bias.elementType == .int32 else { throw .operands("B must be of int32, not \(bias.elementType)") }
      guard PartialShape([channels]).agrees(with: bias.shape) else {
        throw .operands("B must have \(channels.map { "\($0)" } ?? "M") elements, not the shape \(bias.shape)")
      }
    }
    return [ValueType(try operands.tensor(7).elementType, shape)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    index == 0 ? convolution.views(operands, x: 0, w: 3) : nil
  }

  // MARK: Cost

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    convolution.multiplyAdds(operands.shape(3), results)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let sums = try convolution.evaluate(
      operands[0], operands[3], xZero: operands.optional(2), wZero: operands.optional(5), bias: operands.optional(8), into: &results)
    let weightScale = IntegerConvolution.alongChannels(operands[4], rank: sums.shape.rank, axis: 1)
    let y = try Quantization.requantized(
      sums, scales: (operands[1].reshaped([]), weightScale, operands[6]), zeroPoint: operands[7], team: results.team)
    results.set(0, .tensor(y))
  }

  // MARK: Gradient

  /// Rounding has no derivative to speak of.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
