import CarpusTensors

/// The results are the parts of `X` along `axis`, of the sizes `split`, or of equal sizes; with `num_outputs` the last
/// may be smaller.
///
/// - Operands: `X`, any type and shape; `split` int64 `[parts]` (an attribute before version 13; numbers of the type of `X` in
///   version 1).
/// - Throws: when the sizes do not add up to the extent of the axis.
public struct Split: Forwarding, Viewing, Writable {
  public static let signature = OperatorSignature(
    "Split", operands: 1...2, results: 1...OperatorSignature.any, numerics: .moves, gradient: .defined)
  private let axis: Int
  private let sizes: [Int]?
  /// Into how many parts, if the sizes are not given.
  private let parts: Int
  private let mayDiffer: Bool
  private let resultCount: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? 0
    sizes = try node.ints("split")
    let wanted = node.opset >= 18 ? try node.int("num_outputs") : nil
    resultCount = node.resultCount
    parts = wanted ?? node.resultCount
    mayDiffer = wanted != nil
    guard resultCount > 0, parts >= resultCount else {
      throw .attribute("attribute num_outputs is \(parts), and the node has \(resultCount) results")
    }
  }

  /// Parts whose sizes are an operand.
  init(axis: Int, parts: Int) {
    self.axis = axis
    sizes = nil
    self.parts = parts
    mayDiffer = false
    resultCount = parts
  }

  // MARK: Shape

  /// The sizes of at least as many parts as there are results; `nil` where they are not known yet.
  private func sizes(_ operands: [OperandInfo], extent: Int?) throws(OperatorError) -> [Int?] {
    switch try Self.wholeNumbers(operands).integerList(1, or: sizes) {
    case .known(let sizes):
      try Self.check(sizes, extent: extent)
      guard sizes.count >= resultCount else { throw .operands("\(sizes.count) sizes are too few for \(resultCount) results") }
      return sizes
    case .later: return [Int?](repeating: nil, count: resultCount)
    case .absent:
      guard let extent else { return [Int?](repeating: nil, count: resultCount) }
      let size = extent / parts + (extent % parts == 0 ? 0 : 1)
      guard extent % parts == 0 || (mayDiffer && size * (parts - 1) <= extent) else {
        let kind = mayDiffer ? "parts of which only the last is smaller" : "equal parts"
        throw .operands("an extent of \(extent) cannot be split into \(parts) \(kind)")
      }
      return (0..<resultCount).map { min(size, extent - $0 * size) }
    }
  }

  /// The operands, real sizes as integers.
  private static func wholeNumbers(_ operands: [OperandInfo]) throws(OperatorError) -> [OperandInfo] {
    guard let given = try operands.count > 1 ? operands.optionalTensor(1) : nil, given.elementType.isFloatingPoint else { return operands }
    let value = operands[1].value?.converted(to: .int64)
    return [operands[0], OperandInfo(type: ValueType(.int64, given.shape), value: value)]
  }

  /// - Throws: when sizes from a file do not divide an extent.
  static func check(_ sizes: [Int], extent: Int?) throws(OperatorError) {
    var sum = 0
    for size in sizes {
      let (next, overflow) = sum.addingReportingOverflow(size)
      guard size >= 0, !overflow else { throw .operands("\(size) is not the size of a part") }
      sum = next
    }
    if let extent, sum != extent { throw .operands("parts of \(sizes.prefix(16)) elements do not add up to an extent of \(extent)") }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let extents = x.shape.extents else {
      return try sizes(operands, extent: nil).map { _ in ValueType(x.elementType, .unknown) }
    }
    let axis = try Axes.resolved(axis, rank: extents.count)
    return try sizes(operands, extent: extents[axis]).map { size in
      var part = extents
      part[axis] = size
      return ValueType(x.elementType, PartialShape(part))
    }
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { Self.forwardsEqualTypes(operands, results) }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let shape = operands.shape(0), let axis = try? Axes.resolved(axis, rank: shape.rank),
      let sizes = try? sizes(operands, extent: shape[axis])
    else { return nil }
    let before = sizes.prefix(number).compactMap(\.self)
    guard before.count == number else { return nil }
    return shape.extents.indices.map { $0 == axis ? .shifted($0, by: before.reduce(0, +)) : .same($0) }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let axis = try Axes.resolved(axis, rank: x.shape.rank)
    let strides = x.shape.strides
    var first = 0
    for index in 0..<results.count {
      let shape = results.shape(index)
      if results.isWanted(index) {
        var y = results.bytes(index)
        Kernels.copyStrided(
          x.bytes, sourceOffset: first * strides[axis], sourceStrides: strides, into: &y, targetStrides: shape.strides,
          extents: shape.extents, elementSize: x.elementType.byteCount, team: team)
      }
      first += shape[axis]
    }
  }

  // MARK: Writing

  public func written(opset: Int) throws(OperatorError) -> WrittenNode {
    guard sizes == nil, !mayDiffer, parts == resultCount else {
      throw .unsupported("a Split whose sizes were given by attributes is written again only as it was read")
    }
    return WrittenNode("Split", ["axis": .int(axis)])
  }

  // MARK: Gradient

  /// ∂X is the seeds one after the other, zeros where there is none.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let shape = try step.shape(0), elementType = try step.elementType(0)
    let axis = try Axes.resolved(axis, rank: shape.rank)
    let sizes = try sizes(step.operandInfos, extent: shape[axis]).compactMap { $0 }
    guard sizes.count >= seeds.count else { throw .notDifferentiable("the sizes of the parts depend on data") }
    var parts = seeds
    func zeros(_ size: Int) -> Value {
      var extents = shape.extents
      extents[axis] = size
      return graph.constant(Tensor(zeros: elementType, shape: Shape(extents)))
    }
    for index in parts.indices where parts[index] == nil { parts[index] = zeros(sizes[index]) }
    // Parts at the end that the node does not name.
    let rest = shape[axis] - sizes.prefix(seeds.count).reduce(0, +)
    if rest > 0 { parts.append(zeros(rest)) }
    return [try graph.add(Concat(axis: axis), parts, results: 1)[0]] + step.operands.dropFirst().map { _ in nil }
  }
}
