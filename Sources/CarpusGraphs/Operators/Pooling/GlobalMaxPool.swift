import CarpusTensors

/// `Y` is the largest element of each channel over all spatial axes; NaN if one is.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct GlobalMaxPool: GlobalReducing {
  public static let signature = OperatorSignature("GlobalMaxPool", operands: 1...1, gradient: .defined)
  static let reduction = Reduction.maximum

  // MARK: Gradient

  /// ∂X: each ∂Y goes to the first largest element of its channel.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    // One window that covers a channel, laid out as a row.
    let shape = try step.shape(0), positions = shape.extents.dropFirst(2).reduce(1, *)
    guard positions > 0 else { return [nil] }
    let rows = try graph.reshaped(try step.operand(0), to: Shape([shape[0], shape[1], positions]))
    let maxima = try graph.reshaped(seed, to: Shape([shape[0], shape[1], 1]))
    let gradient = try graph.add(MaxPoolAdjoint(WindowAttributes(kernel: [positions])), maxima, rows)
    return [try graph.reshaped(gradient, to: shape)]
  }
}
