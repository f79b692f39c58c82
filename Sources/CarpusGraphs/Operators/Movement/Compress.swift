import CarpusTensors

/// `Y` is the slices of `X` along `axis` for which the condition is true, or its elements, in their order, if there is no axis.
///
/// - Operands: `X`, any type, rank ≥ 1; the condition, truth values `[n]`; slices beyond its end are left out.
/// - Throws: when there is no such axis, or the condition is true beyond its end.
public struct Compress: Operator {
  public static let signature = OperatorSignature("Compress", since: 9, operands: 2...2, numerics: .moves, gradient: .defined)
  private let axis: Int?

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try node.int("axis") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), condition = try operands.tensor(1)
    guard condition.elementType == .bool else { throw .operands("the condition must be truth values, not \(condition.elementType)") }
    guard condition.shape.rank ?? 1 == 1 else { throw .operands("the condition must be a list, not \(condition.shape)") }
    let count = operands.knownIntegers(1).map { $0.count { $0 != 0 } }
    guard let axis else { return [ValueType(x.elementType, [count])] }
    guard var extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    extents[try Axes.resolved(axis, rank: extents.count)] = count
    return [ValueType(x.elementType, PartialShape(extents))]
  }

  /// The tensor that slices are taken from, and its axis.
  private func source(_ shape: Shape) throws(OperatorError) -> (shape: Shape, axis: Int) {
    guard let axis else { return ([shape.count], 0) }
    return (shape, try Axes.resolved(axis, rank: shape.rank))
  }

  /// The positions where the condition is true.
  private static func positions(_ condition: [Int]) -> Tensor { Tensor(condition.indices.filter { condition[$0] != 0 }.map(Int64.init)) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], source = try source(x.shape)
    let positions = Self.positions(operands.integers(1) ?? [])
    try SliceRule.axis(source.axis).selection(positions, from: source.shape).gather(x, into: &results)
  }

  // MARK: Gradient

  /// ∂X is ∂Y where each slice came from, and 0 elsewhere. The condition must be known beforehand.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    guard let condition = step.operandInfos.knownIntegers(1) else { throw .notDifferentiable("which slices are taken depends on data") }
    let shape = try step.shape(0), source = try source(shape)
    let adjoint = GatherAdjoint(.axis(source.axis), of: source.shape)
    return [try graph.reshaped(graph.add(adjoint, seed, graph.constant(Self.positions(condition))), to: shape), nil]
  }
}
