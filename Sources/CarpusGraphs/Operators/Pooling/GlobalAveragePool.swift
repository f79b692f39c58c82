import CarpusTensors

/// `Y` is the mean of each channel over all spatial axes.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct GlobalAveragePool: GlobalReducing {
  public static let signature = OperatorSignature("GlobalAveragePool", operands: 1...1, gradient: .defined)
  static let reduction = Reduction.mean

  // MARK: Gradient

  /// ∂X = ∂Y / n for n positions.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let shape = try step.shape(0)
    let count = shape.extents.dropFirst(2).reduce(1, *)
    return [try graph.expanded(try graph.scaled(seed, by: 1 / Double(max(count, 1))), to: shape)]
  }
}
