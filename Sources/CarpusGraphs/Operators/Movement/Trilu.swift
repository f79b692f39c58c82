import CarpusTensors

/// `Y` is the upper triangle of each matrix, column ≥ row + k, or with `upper` 0 the lower one, column ≤ row + k; zeros elsewhere.
///
/// - Operands: `X` `[…, n, m]`, any type; `k`, one integer, 0 when left out.
public struct Trilu: Operator {
  public static let signature = OperatorSignature("Trilu", since: 14, operands: 1...2, numerics: .moves, gradient: .defined)
  private let isUpper: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) { isUpper = try node.flag("upper", default: true) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    if let rank = x.shape.rank, rank < 2 { throw .operands("X must be a matrix or a stack of them, not \(x.shape)") }
    if let k = try operands.optionalTensor(1) {
      guard k.elementType.isInteger, k.shape.shape.map({ $0.count == 1 }) ?? true else {
        throw .operands("the diagonal must be one integer, not \(k)")
      }
    }
    return [.tensor(x)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], height = x.shape[x.shape.rank - 2], width = x.shape[x.shape.rank - 1], team = results.team
    // Beyond the corners nothing changes any more.
    let k = min(max(operands.integers(1)?.first ?? 0, -height - 1), width + 1)
    results.fill(with: Tensor(zeros: x.elementType, shape: []))
    var y = results.bytes(0)
    for row in 0..<x.shape.count / width {
      let bound = min(max(row % height + k + (isUpper ? 0 : 1), 0), width)
      let kept = isUpper ? bound..<width : 0..<bound
      Kernels.copyStrided(
        x.bytes, sourceOffset: row * width + kept.lowerBound, sourceStrides: [1], into: &y, targetOffset: row * width + kept.lowerBound,
        targetStrides: [1], extents: [kept.count], elementSize: x.elementType.byteCount, team: team)
    }
  }

  // MARK: Gradient

  /// ∂X is the same triangle of ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    return try graph.add(self, [seed] + step.operands.dropFirst()) + step.operands.dropFirst().map { _ in nil }
  }
}
