import CarpusTensors

/// `Y` is the mean of `X` over axes, rounded towards 0 for integers.
///
/// - Operands: `X`, numbers; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceMean: Reducing {
  public static let signature = OperatorSignature("ReduceMean", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes

  /// Whether `[N, C, H, W]` becomes `[N, C, 1, 1]`.
  func keepsPlanes(_ operands: [OperandInfo]) -> Bool { axes.keepsPlanes(operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard results.elementType(0).isFloatingPoint else {
      guard operands[0].shape.count > 0 else { throw .operands("no integers have no mean") }
      return try axes.reduce(operands, into: &results) { $0.reduce(0, +) / Double($0.count) }
    }
    try axes.reduce(.mean, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y / n for n elements over which the mean was taken.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    let count = try step.shape(0).count / max(try axes.keptShape(step).count, 1)
    let share = try graph.scaled(seed, by: 1 / Double(max(count, 1)))
    return [try axes.spread(share, step, in: &graph)] + step.operands.dropFirst().map { _ in nil }
  }
}
