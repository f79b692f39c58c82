import CarpusTensors

/// An operator on two operands as it was before version 7, where only `B` is stretched, and only with `broadcast` 1.
///
/// The shape of `B` then is a part of that of `A`, from `axis` on; without `axis` it is the end of it. `B` may also have a single
/// element.
///
/// - Operands: `A` and `B` as the current version takes them.
/// - Throws: when the shapes do not fit so, and what the current version throws.
public struct LimitedBroadcast<Current: Operator>: Composed {
  public static var signature: OperatorSignature {
    let current = Current.signature
    return OperatorSignature(
      current.name, since: 1, operands: current.operands, results: current.results, numerics: current.numerics,
      gradient: current.gradient)
  }

  private let current: Current
  private let axis: Int?
  private let broadcasts: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis")
    broadcasts = try node.flag("broadcast", default: false)
    node.ignore("consumed_inputs")
    current = try Current(&node)
  }

  // MARK: Shape

  /// The shape of `B` with axes of extent 1 after its own, so that it stretches as the current version stretches it.
  private func aligned(_ b: PartialShape, to a: PartialShape) throws(OperatorError) -> PartialShape {
    guard let own = b.extents, let whole = a.extents else { return .unknown }
    let misfit = OperatorError.operands("B of \(b) does not fit A of \(a)\(broadcasts ? "" : ": attribute broadcast is 0")")
    guard broadcasts else {
      guard b.agrees(with: a) else { throw misfit }
      return b
    }
    if own.allSatisfy({ $0 == 1 }) { return PartialShape([Int?](repeating: 1, count: min(own.count, whole.count))) }
    guard own.count <= whole.count else {
      // It may yet turn out to have a single element.
      guard own.allSatisfy({ $0 == nil || $0 == 1 }) else { throw misfit }
      return .unknown
    }
    var first = whole.count - own.count
    if let axis {
      first = try Axes.resolved(axis, rank: whole.count)
      guard first + own.count <= whole.count else { throw misfit }
    }
    for (index, extent) in own.enumerated() {
      guard let extent, let target = whole[first + index] else { continue }
      guard extent == target || extent == 1 else { throw misfit }
    }
    return PartialShape(own + [Int?](repeating: 1, count: whole.count - own.count - first))
  }

  private func aligned(_ operands: [OperandInfo]) throws(OperatorError) -> [OperandInfo] {
    let a = try operands.tensor(0), b = try operands.tensor(1)
    let shape = try aligned(b.shape, to: a.shape)
    let value = shape.shape.flatMap { shape in operands[1].value.map { $0.reshaped(shape) } }
    return [operands[0], OperandInfo(type: ValueType(b.elementType, shape), value: value)]
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try current.resultTypes(for: try aligned(operands))
  }

  /// The current version, with `B` in a shape that it stretches alike.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let a = try infos.tensor(0).shape, own = try infos.tensor(1).shape
    guard let b = operands[1], own.shape != nil, let shape = try aligned(own, to: a).shape else { return nil }
    return try graph.add(current, [operands[0], graph.reshaped(b, to: shape)], results: results)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    guard let shape = try aligned(PartialShape(b.shape), to: PartialShape(a.shape)).shape else {
      throw .operands("B of \(b.shape) does not fit A of \(a.shape)")
    }
    try current.evaluate(Operands([.tensor(a), .tensor(b.reshaped(shape))]), into: &results)
  }

  // MARK: Gradient

  /// Gradients flow through the current version, which takes the place of this one as soon as the shapes are known.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("the shapes of the operands depend on data")
  }
}
