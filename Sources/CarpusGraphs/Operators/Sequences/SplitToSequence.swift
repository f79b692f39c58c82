import CarpusTensors

/// `Y` is the sequence of the parts of `X` along `axis`: of the sizes `split` if that is a vector, of `split` elements each
/// (the last may have fewer) if it is a scalar, of one element each if it is left out; `keepdims` 0 drops the axis then.
///
/// - Operands: `X`, any type and shape; `split`, an integer scalar or vector.
/// - Throws: when the sizes do not add up to the extent of the axis, or there are more than 65 536 parts.
public struct SplitToSequence: Composed {
  public static let signature = OperatorSignature("SplitToSequence", since: 11, operands: 1...2, numerics: .moves, gradient: .defined)
  private let axis: Int
  private let keepsAxis: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? 0
    keepsAxis = try node.flag("keepdims", default: true)
  }

  // MARK: Shape

  /// The sizes of the parts; `nil` if they are not known yet.
  private func sizes(_ operands: [OperandInfo], extent: Int?) throws(OperatorError) -> [Int]? {
    let limit = 65_536
    var size = 1
    switch try operands.integerList(1, or: nil) {
    case .later: return nil
    case .known(let sizes) where try operands.tensor(1).shape.rank != 0:
      try Split.check(sizes, extent: extent)
      guard sizes.count <= limit else { throw .tooLarge("a sequence of \(sizes.count) tensors is longer than \(limit)") }
      return sizes
    case .known(let given):
      size = given[0]
      guard size > 0 else { throw .operands("\(size) is not the size of a part") }
    case .absent: break
    }
    guard let extent else { return nil }
    let count = extent / size + (extent % size == 0 ? 0 : 1)
    guard count <= limit else { throw .tooLarge("a sequence of \(count) tensors is longer than \(limit)") }
    return (0..<count).map { min(size, extent - $0 * size) }
  }

  private func dropsAxis(_ operands: [OperandInfo]) -> Bool { !keepsAxis && !operands.isPresent(1) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard var extents = x.shape.extents else { return [.sequence(ValueType(x.elementType, .unknown))] }
    let axis = try Axes.resolved(axis, rank: extents.count)
    let sizes = try sizes(operands, extent: extents[axis])
    if dropsAxis(operands) {
      extents.remove(at: axis)
    } else {
      extents[axis] = sizes.flatMap { Set($0).count == 1 ? $0[0] : nil }
    }
    return [.sequence(ValueType(x.elementType, PartialShape(extents)))]
  }

  /// A split whose parts are known, and the sequence of those.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let x = try infos.tensor(0)
    guard let rank = x.shape.rank else { return nil }
    let axis = try Axes.resolved(axis, rank: rank)
    guard let sizes = try sizes(infos, extent: x.shape[axis]), !sizes.isEmpty, let source = operands[0] else { return nil }
    let list = graph.constant(Tensor(sizes.map(Int64.init)))
    var parts = try graph.add(Split(axis: axis, parts: sizes.count), [source, list], results: sizes.count)
    if dropsAxis(infos) {
      for index in parts.indices { parts[index] = try graph.add(Squeeze(axes: [axis]), parts[index]) }
    }
    return try graph.add(SequenceConstruct(), parts, results: 1)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let axis = try Axes.resolved(axis, rank: x.shape.rank)
    guard let sizes = try sizes(operands.infos, extent: x.shape[axis]) else { throw .operands("the sizes of the parts are no integers") }
    let dropsAxis = dropsAxis(operands.infos)
    var parts: [Tensor] = []
    var first = 0
    for size in sizes {
      let part = x.part(first..<first + size, axis: axis, team: team)
      var extents = part.shape.extents
      if dropsAxis { extents.remove(at: axis) }
      parts.append(part.reshaped(Shape(extents)))
      first += size
    }
    results.set(0, RunValue(sequence: parts, elementType: x.elementType))
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("the parts depend on data; a gradient needs them beforehand")
  }
}

extension Tensor {
  /// A range of an axis, as a tensor of its own.
  fileprivate func part(_ range: Range<Int>, axis: Int, team: ThreadTeam) -> Tensor {
    var extents = shape.extents
    extents[axis] = range.count
    let strides = shape.strides, target = Shape(extents)
    return Tensor(elementType: elementType, shape: target) { bytes in
      Kernels.copyStrided(
        self.bytes, sourceOffset: range.lowerBound * strides[axis], sourceStrides: strides, into: &bytes, targetStrides: target.strides,
        extents: extents, elementSize: elementType.byteCount, team: team)
    }
  }
}
