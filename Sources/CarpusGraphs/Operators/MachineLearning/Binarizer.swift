import CarpusTensors

/// `Y = 1` where `X > threshold`, else 0; also for NaN.
///
/// - Operands: `X`, float32, float64, int64 or int32.
public struct Binarizer: Operator {
  public static let signature = OperatorSignature("Binarizer", domain: "ai.onnx.ml", operands: 1...1, gradient: .stops)
  private let threshold: Float

  public init(_ node: inout NodeReader) throws(OperatorError) { threshold = try node.float("threshold") ?? 0 }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.tensor(try operands.tensor(0, of: Features.types))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.setNumbers(operands[0].doubles.map { $0 > Double(threshold) ? 1 : 0 })
  }

  // MARK: Gradient

  /// The derivative is 0 wherever there is one.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
