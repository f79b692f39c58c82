import CarpusTensors

/// `Y = (Σ |X|^p)^(1/p)` over all spatial axes of each channel.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct GlobalLpPool: GlobalPool {
  public static let signature = OperatorSignature("GlobalLpPool", operands: 1...1, gradient: .defined)
  private let p: Double

  public init(_ node: inout NodeReader) throws(OperatorError) { p = try WindowNorm.exponent(&node) }

  /// One window that covers a channel, laid out as a row; `nil` without elements.
  private func norm(_ x: Shape) throws(OperatorError) -> WindowNorm? {
    let positions = x.extents.dropFirst(2).reduce(1, *)
    guard positions > 0 else { return nil }
    let window = try WindowAttributes(kernel: [positions]).placement(on: [positions]).window()
    return try WindowNorm(p: p, planes: x[0] * x[1], window: window)
  }

  // MARK: Kernel

  /// 0 for a channel without elements.
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let norm = try norm(operands[0].shape) else {
      results.fill(with: Tensor(zeros: results.elementType(0), shape: []))
      return
    }
    try norm.evaluate(operands[0], into: &results)
  }

  // MARK: Gradient

  /// ∂X = sign X · |X / Y|^(p−1) · ∂Y; 0 where Y is 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let shape = try step.shape(0)
    guard let seed = seeds[0], let norm = try norm(shape) else { return [nil] }
    return [try graph.add(WindowNormAdjoint(norm: norm, shape: shape), seed, try step.operand(0), step.results[0])]
  }
}
