import CarpusTensors

/// `Y = saturate(round(X / scale) + zeroPoint)` as uint8, with `scale = (max(0, max X) − min(0, min X)) / 255` and
/// `zeroPoint = saturate(round(−min(0, min X) / scale))`. A tensor of zeros has the scale 1.
///
/// - Operands: `X`, float32, any shape.
/// - Results: `Y` uint8; `scale` float32 and `zeroPoint` uint8, without axes.
public struct DynamicQuantizeLinear: Attributeless {
  public static let signature = OperatorSignature(
    "DynamicQuantizeLinear", since: 11, operands: 1...1, results: 1...3, gradient: .stops)

  init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType == .float32 else { throw .operands("X must be of float32, not \(x.elementType)") }
    return [ValueType(.uint8, x.shape), ValueType(.float32, Shape([])), ValueType(.uint8, Shape([]))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0].array(of: Float.self), team = results.team
    let low = min(0, x.min() ?? 0), high = max(0, x.max() ?? 0)
    let scale = low == high ? 1 : (high - low) / 255
    let zero = Quantization.rounded([-low / scale], shape: [], as: .uint8, adding: nil, team: team)
    let y = Quantization.rounded(x.map { $0 / scale }, shape: operands[0].shape, as: .uint8, adding: zero, team: team)
    for (index, result) in [y, Tensor(scalar: scale), zero].enumerated() where index < results.count { results.set(index, .tensor(result)) }
  }

  // MARK: Gradient

  /// Rounding has no derivative to speak of.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
