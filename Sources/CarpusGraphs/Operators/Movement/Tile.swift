import CarpusTensors

/// `Y[i] = X[i mod extents of X]`: `X` repeated `repeats` times along each axis.
///
/// - Operands: `X`, any type, rank r; `repeats` int64 `[r]`. Before version 6: how often, and along which axis, each one number
///   of the type of `X`.
/// - Throws: when a number of repeats is negative, or there is not one for each axis.
public struct Tile: Forwarding, Viewing {
  public static let signature = OperatorSignature("Tile", operands: 2...3, numerics: .moves, gradient: .defined)

  /// True for one number of repeats and the axis that it is of.
  private let namesAxis: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) { namesAxis = node.opset < 6 }

  // MARK: Shape

  private func repeats(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> [Int]? {
    if namesAxis {
      guard let tiles = operands[1].value, let axes = operands[2].value else { return nil }
      let number = tiles.wholeNumbers ?? [], axis = axes.wholeNumbers ?? []
      guard number.count == 1, number[0] >= 0, axis.count == 1 else {
        throw .operands("\(number.prefix(4)) repeats along \(axis.prefix(4)) do not make sense")
      }
      let only = try Axes.resolved(axis[0], rank: rank)
      return (0..<rank).map { $0 == only ? number[0] : 1 }
    }
    guard case .known(let repeats) = try operands.integerList(1, or: nil) else { return nil }
    guard repeats.count == rank else { throw .operands("a tensor of rank \(rank) takes \(rank) numbers of repeats, not \(repeats.count)") }
    for number in repeats where number < 0 { throw .operands("nothing can be repeated \(number) times") }
    return repeats
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    _ = try operands.tensor(1)
    guard operands.count == (namesAxis ? 3 : 2) else { throw .operands("\(operands.count) operands are not those of this version") }
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

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let shape = operands.shape(0), shape.rank == result.rank else { return nil }
    return shape.extents.indices.map { shape[$0] == result[$0] ? .same($0) : .regrouped(axes: [$0]) }
  }

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
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    let shape = try step.shape(0)
    guard let repeats = try repeats(step.operandInfos, rank: shape.rank) else {
      throw .notDifferentiable("the numbers of repeats depend on data")
    }
    let split = try graph.reshaped(seed, to: Shape(zip(repeats, shape.extents).flatMap { [$0, $1] }))
    let summed = try graph.add(ReduceSum(axes: shape.extents.indices.map { 2 * $0 }, keepsAxes: false), split)
    return [try graph.reshaped(summed, to: shape)] + step.operands.dropFirst().map { _ in nil }
  }
}
