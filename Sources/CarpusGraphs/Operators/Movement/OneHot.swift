import CarpusTensors

/// `Y[i…, d, j…] = values[1]` where d, along the new axis `axis`, is `indices[i…, j…]`, and `values[0]` elsewhere. Negative
/// indices count from the end (from version 11 on); those beyond name nothing.
///
/// - Operands: `indices`, numbers of any shape, and the depth, one number: real ones are cut off towards 0; `values` `[2]`, any
///   type: off and on.
/// - Throws: when the depth is negative or the result does not fit into memory.
public struct OneHot: Operator {
  public static let signature = OperatorSignature("OneHot", since: 9, operands: 3...3, numerics: .moves, gradient: .defined)
  private let axis: Int
  private let countsFromEnd: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -1
    countsFromEnd = node.opset >= 11
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let indices = try operands.tensor(0), depth = try operands.tensor(1), values = try operands.tensor(2)
    for type in [indices.elementType, depth.elementType] where !(type.isFloatingPoint || type.isInteger) {
      throw .operands("indices and their depth must be numbers, not \(type)")
    }
    guard values.shape.agrees(with: [2]) else { throw .operands("there must be two values, off and on, not \(values.shape)") }
    if let count = depth.shape.shape?.count, count != 1 { throw .operands("the depth must be one number, not \(count)") }
    var extent: Int?
    if let known = operands[1].value?.wholeNumbers?.first {
      guard known >= 0 else { throw .operands("a depth of \(known) is negative") }
      extent = known
    }
    guard let extents = indices.shape.extents else { return [ValueType(values.elementType, .unknown)] }
    let axis = try Axes.resolved(axis, rank: extents.count + 1)
    return [try Movement.resultType(values.elementType, extents[..<axis] + [extent] + extents[axis...])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let indices = operands[0].wholeNumbers ?? [], shape = results.shape(0)
    let values = operands[2].byteArray, size = operands[2].elementType.byteCount
    let axis = try Axes.resolved(axis, rank: shape.rank), depth = shape[axis]
    let inner = shape.extents[(axis + 1)...].reduce(1, *)
    results.fill(with: operands[2].part(0))
    var y = results.bytes(0)
    for (place, index) in indices.enumerated() where index < depth && index >= (countsFromEnd ? -depth : 0) {
      let target = (place / inner * depth + (index < 0 ? index + depth : index)) * inner + place % inner
      for byte in 0..<size { y.storeBytes(of: values[size + byte], toByteOffset: target * size + byte, as: UInt8.self) }
    }
  }

  // MARK: Gradient

  /// ∂values are the sums of ∂Y where it is off and where it is on.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[2] else { return [nil, nil, nil] }
    let type = try step.elementType(2)
    var sums: [Value] = []
    for mask in [[1, 0], [0, 1]] as [[Double]] {
      let values = graph.constant(Tensor(mask).converted(to: type))
      let part = try graph.product(seed, graph.add(self, step.operand(0), step.operand(1), values))
      let sum = try graph.add(ReduceSum(axes: Array(0..<(graph.type(of: part).staticShape?.rank ?? 0)), keepsAxes: false), part)
      sums.append(try graph.reshaped(sum, to: [1]))
    }
    return [nil, nil, try graph.add(Concat(axis: 0), sums, results: 1)[0]]
  }
}
