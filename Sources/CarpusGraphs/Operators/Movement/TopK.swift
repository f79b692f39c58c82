import CarpusTensors

/// The k largest elements along `axis`, or the smallest with `largest` 0, in order, and their positions. Of equals the one that
/// comes first counts as the larger (or the smaller). NaN is the largest, as in PyTorch. With `sorted` 0 any order would do; it
/// is this one.
///
/// - Operands: `X`, numbers, rank ≥ 1; k, int64 `[1]` (an attribute before version 10).
/// - Results: the elements; the positions, int64.
/// - Throws: when the axis has fewer than k elements.
public struct TopK: Operator {
  public static let signature = OperatorSignature("TopK", operands: 1...2, results: 1...2, gradient: .defined)
  private let axis: Int
  private let count: Int?
  private let takesLargest: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -1
    count = node.opset < 10 ? try node.int("k") : nil
    takesLargest = node.opset < 11 ? true : try node.flag("largest", default: true)
    if node.opset >= 11 { _ = try node.flag("sorted", default: true) }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    let list = try operands.integerList(1, or: count.map { [$0] })
    guard var extents = x.shape.extents else { return [ValueType(x.elementType, .unknown), ValueType(.int64, .unknown)] }
    let axis = try Axes.resolved(axis, rank: extents.count), extent = extents[axis]
    switch list {
    case .absent: throw .operands("how many elements are wanted is missing")
    case .later: extents[axis] = nil
    case .known(let counts):
      guard counts.count == 1, counts[0] >= 0 else { throw .operands("\(counts.prefix(4)) is not a number of elements") }
      if let extent, counts[0] > extent { throw .operands("axis \(axis) has \(extent) elements, not \(counts[0])") }
      extents[axis] = counts[0]
    }
    return [try Movement.resultType(x.elementType, extents), try Movement.resultType(.int64, extents)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let axis = try Axes.resolved(axis, rank: x.shape.rank)
    func search<T: TensorElement & Comparable>(_ type: T.Type) throws(OperatorError) {
      let positions = positions(type, x, axis: axis, count: results.shape(0)[axis])
      if results.isWanted(1) { results.copyElements(of: positions, to: 1) }
      try SliceRule.elements(axis: axis).selection(positions, from: x.shape).gather(x, into: &results)
    }
    if let type = x.elementType.kernelType {
      try search(type)
    } else if let type = x.elementType.integerType {
      try search(type)
    } else {
      throw .operands("\(x.elementType) elements are not compared")
    }
  }

  private func positions<T: TensorElement & Comparable>(_ type: T.Type, _ x: Tensor, axis: Int, count: Int) -> Tensor {
    let values = x.array(of: T.self), extent = x.shape[axis], takesLargest = takesLargest
    let inner = x.shape.extents[(axis + 1)...].reduce(1, *)
    // A NaN differs from itself.
    func isLarger(_ a: T, _ b: T) -> Bool { a > b || (a != a && b == b) }
    var extents = x.shape.extents
    extents[axis] = count
    return Tensor(shape: Shape(extents)) { (target: inout MutableSpan<Int64>) in
      for lane in 0..<x.shape.count / max(extent, 1) {
        let first = lane / inner * extent * inner + lane % inner
        let order = (0..<extent).sorted { a, b in
          let p = values[first + a * inner], q = values[first + b * inner]
          return (takesLargest ? isLarger(p, q) : isLarger(q, p)) || (a < b && !isLarger(p, q) && !isLarger(q, p))
        }
        for place in 0..<count { target[(lane / inner * count + place) * inner + lane % inner] = Int64(order[place]) }
      }
    }
  }

  // MARK: Gradient

  /// ∂X is the gradient of the elements where they came from, and 0 elsewhere.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    let shape = try step.shape(0), axis = try Axes.resolved(axis, rank: shape.rank)
    let positions = try step.results.count > 1 ? step.results[1] : graph.add(self, step.operands, results: 2)[1]
    return [try graph.add(GatherAdjoint(.elements(axis: axis), of: shape), seed, positions)] + step.operands.dropFirst().map { _ in nil }
  }
}
