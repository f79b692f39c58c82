import CarpusTensors

/// `Y[i] = X[i mod extents of X]`: `X` repeated `repeats` times along each axis.
///
/// - Operands: `X`, any type, rank r; `repeats` int64 `[r]`.
/// - Throws: when a number of repeats is negative, or there is not one for each axis.
public struct Tile: Forwarding {
  public static let signature = OperatorSignature("Tile", since: 6, operands: 2...2, numerics: .moves, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  private func repeats(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> [Int]? {
    guard case .known(let repeats) = try operands.integerList(1, or: nil) else { return nil }
    guard repeats.count == rank else { throw .operands("a tensor of rank \(rank) takes \(rank) numbers of repeats, not \(repeats.count)") }
    for number in repeats where number < 0 { throw .operands("nothing can be repeated \(number) times") }
    return repeats
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    _ = try operands.tensor(1)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard let repeats = try repeats(operands, rank: extents.count) else { return [ValueType(x.elementType, .unknown(rank: extents.count))] }
    var result: [Int?] = []
    for (extent, number) in zip(extents, repeats) {
      guard let extent else { result.append(number == 0 ? 0 : nil); continue }
      let (product, overflow) = extent.multipliedReportingOverflow(by: number)
      guard !overflow else { throw .tooLarge("\(number) times an extent of \(extent) is more than can be counted") }
      result.append(product)
    }
    return [try Movement.resultType(x.elementType, result)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { Self.forwardsEqualTypes(operands, results) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    guard let repeats = try repeats(operands.infos, rank: x.shape.rank) else { throw .operands("the numbers of repeats are no integers") }
    // Each axis of the result is two: which repeat, and where in it.
    let from = x.shape.strides, to = results.shape(0).strides
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceStrides: from.flatMap { [0, $0] }, into: &y, targetStrides: zip(to, x.shape.extents).flatMap { [$0 * $1, $0] },
      extents: zip(repeats, x.shape.extents).flatMap { [$0, $1] }, elementSize: x.elementType.byteCount, team: team)
  }

  // MARK: Gradient

  /// ∂X is the sum of ∂Y over the repeats.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    let shape = try step.shape(0)
    guard let repeats = try repeats(step.operandInfos, rank: shape.rank) else {
      throw .notDifferentiable("the numbers of repeats depend on data")
    }
    let split = try graph.reshaped(seed, to: Shape(zip(repeats, shape.extents).flatMap { [$0, $1] }))
    let summed = try graph.add(ReduceSum(axes: shape.extents.indices.map { 2 * $0 }, keepsAxes: false), split)
    return [try graph.reshaped(summed, to: shape), nil]
  }
}
