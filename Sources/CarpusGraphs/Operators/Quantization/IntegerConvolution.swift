import CarpusTensors

/// A convolution of 8-bit integers minus their zero points.
///
/// Products of two such differences are below 2^17, so that sums of less than 2^36 of them are exact in float64, in any order.
struct IntegerConvolution: Sendable {
  private let conv: Conv

  init(_ node: inout NodeReader) throws(OperatorError) { conv = try Conv(&node) }

  /// The shape of the result.
  ///
  /// - Throws: also when one of the zero points is not of its operand's type, or has neither one element nor, for W, one for each output channel.
  func shape(_ operands: [OperandInfo], x: Int, w: Int, xZero: Int, wZero: Int) throws(OperatorError) -> PartialShape {
    try Quantization.check(operands, x, "X", Quantization.isByte, "int8 or uint8")
    try Quantization.check(operands, w, "W", Quantization.isByte, "int8 or uint8")
    try Quantization.checkZeroPoint(operands, xZero, of: x)
    try Quantization.checkZeroPoint(operands, wZero, of: w)
    try Self.checkChannels(operands, xZero, 1)
    try Self.checkChannels(operands, wZero, operands.tensor(w).shape[0])
    let types = [try operands.tensor(x), try operands.tensor(w)].map { OperandInfo(type: ValueType(.float64, $0.shape)) }
    return try conv.resultTypes(for: types)[0].tensor?.shape ?? .unknown
  }

  func views(_ operands: [OperandInfo], x: Int, w: Int) -> [AxisView]? {
    let types = [x, w].compactMap { operands.shape($0).map { OperandInfo(type: ValueType(.float64, $0)) } }
    return types.count == 2 ? conv.views(ofOperand: 0, types, result: [], number: 0) : nil
  }

  /// Each element of the result is a sum of C/G products for each tap of the window.
  func multiplyAdds(_ w: Shape?, _ results: [ValueType]) -> Int? {
    guard let w, let y = results.first?.staticShape else { return nil }
    return product(y.extents + w.extents.dropFirst())
  }

  /// Refuses a scale or zero point that has neither one element nor one for each output channel.
  static func checkChannels(_ operands: [OperandInfo], _ index: Int, _ channels: Int?) throws(OperatorError) {
    guard let shape = try operands.optionalTensor(index)?.shape.shape, shape.count != 1 else { return }
    guard shape.rank == 1, channels ?? shape[0] == shape[0] else {
      throw .operands("operand \(index) must have one element\(channels.map { $0 == 1 ? "" : " or \($0)" } ?? ""), not the shape \(shape)")
    }
  }

  /// One number for each output channel as an operand that broadcasts to weights or results of so many axes.
  static func alongChannels(_ parameter: Tensor, rank: Int, axis: Int) -> Tensor {
    parameter.shape.count == 1 ? parameter.reshaped([])
      : parameter.reshaped(Shape([parameter.shape.count] + [Int](repeating: 1, count: rank - axis - 1)))
  }

  /// The sums, int32.
  func evaluate(
    _ x: Tensor, _ w: Tensor, xZero: Tensor?, wZero: Tensor?, bias: Tensor? = nil, into results: inout Results
  ) throws(OperatorError) -> Tensor {
    let team = results.team, scratch = results.scratch
    let convolution = try conv.convolution(x.shape, w.shape)
    let differences = try Quantization.differences(x, xZero?.reshaped([]), team: team)
    let weights = try Quantization.differences(w, wZero.map { Self.alongChannels($0, rank: w.shape.rank, axis: 0) }, team: team)
    let bias = bias?.converted(to: .float64)
    let sums = Tensor(shape: Shape([convolution.batch, convolution.outputChannels] + convolution.window.output)) { (y: inout MutableSpan<Double>) in
      Kernels.convolution(
        differences.elements(), weights: weights.elements(), bias: bias?.elements(), convolution, into: &y, scratch: scratch, team: team)
    }
    return Quantization.accumulated(sums, team: team)
  }
}
