import CarpusTensors

/// Squares of s × s pixels become groups of s · s channels: `Y[n, k, h, w] = X[n, c, h·s + i, w·s + j]` with `k = (i·s + j)·C +
/// c`, or, in `mode` CRD (since version 28), `k = c·s² + i·s + j`. The inverse of `DepthToSpace`.
///
/// - Operands: `X` `[N, C, H, W]`, any type.
/// - Throws: when s, the `blocksize`, does not divide H and W.
public struct SpaceToDepth: BlockRearranging {
  public static let signature = OperatorSignature("SpaceToDepth", operands: 1...1, numerics: .moves, gradient: .defined)
  static let modeSince = 28
  let blocks: BlockRearrangement

  // MARK: Shape

  func rearranged(_ extents: [Int?]) throws(OperatorError) -> [Int?] {
    [
      extents[0], try BlockRearrangement.product(extents[1], blocks.size * blocks.size),
      try BlockRearrangement.quotient(extents[2], blocks.size, axis: 2), try BlockRearrangement.quotient(extents[3], blocks.size, axis: 3),
    ]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    let size = Double(blocks.size)
    return [
      .same(0), .regrouped(axes: [1]), .window(axis: 2, stride: size, first: 0, last: size - 1),
      .window(axis: 3, stride: size, first: 0, last: size - 1),
    ]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { blocks.gather(operands[0], into: &results) }

  // MARK: Gradient

  /// ∂X is ∂Y put back.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(DepthToSpace(blocks: blocks), seed)]
  }
}
