import CarpusTensors

/// Groups of s · s channels become squares of s × s pixels: `Y[n, c, h·s + i, w·s + j] = X[n, k, h, w]` with `k = (i·s + j)·C/s²
/// + c`, or, in `mode` CRD, `k = c·s² + i·s + j`. The inverse of `SpaceToDepth`.
///
/// - Operands: `X` `[N, C, H, W]`, any type.
/// - Throws: when s², the square of `blocksize`, does not divide C.
public struct DepthToSpace: BlockRearranging {
  public static let signature = OperatorSignature("DepthToSpace", operands: 1...1, numerics: .moves, gradient: .defined)
  static let modeSince = 11
  let blocks: BlockRearrangement

  // MARK: Shape

  func rearranged(_ extents: [Int?]) throws(OperatorError) -> [Int?] {
    [
      extents[0], try BlockRearrangement.quotient(extents[1], blocks.size * blocks.size, axis: 1),
      try BlockRearrangement.product(extents[2], blocks.size), try BlockRearrangement.product(extents[3], blocks.size),
    ]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    // Position o is in the block of o / s, cut off.
    let stride = 1 / Double(blocks.size)
    return [
      .same(0), .regrouped(axes: [1]), .window(axis: 2, stride: stride, first: stride - 1, last: 0),
      .window(axis: 3, stride: stride, first: stride - 1, last: 0),
    ]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { blocks.spread(operands[0], into: &results) }

  // MARK: Gradient

  /// ∂X is ∂Y put back.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(SpaceToDepth(blocks: blocks), seed)]
  }
}
