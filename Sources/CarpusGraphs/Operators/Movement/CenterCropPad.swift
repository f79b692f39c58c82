import CarpusTensors

/// `Y` has the extents `shape` along `axes`: from the middle of what is longer, and in the middle of zeros what is shorter. Of an
/// odd difference, the larger half is at the end.
///
/// - Operands: `X`, any type; `shape`, integers, one for each of `axes` (all axes, in their order, by default).
/// - Throws: when an extent is negative, an axis does not exist or is named twice, or the result does not fit into memory.
public struct CenterCropPad: Operator {
  public static let signature = OperatorSignature("CenterCropPad", since: 18, operands: 2...2, numerics: .moves, gradient: .defined)
  private let axes: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try node.ints("axes") }

  // MARK: Shape

  /// The extents of the result, `nil` where they are not known yet.
  private func extents(_ operands: [OperandInfo], of extents: [Int?]) throws(OperatorError) -> [Int?] {
    let axes = try Axes.resolved(self.axes ?? Array(extents.indices), rank: extents.count)
    var result = extents
    switch try operands.integerList(1, or: nil) {
    case .absent: throw .operands("the shape is missing")
    case .later: for axis in axes { result[axis] = nil }
    case .known(let shape):
      guard shape.count == axes.count else { throw .operands("\(shape.count) extents do not fit \(axes.count) axes") }
      guard shape.allSatisfy({ (0...1 << 48).contains($0) }) else { throw .operands("an extent in \(shape) is negative or too large") }
      for (axis, extent) in zip(axes, shape) { result[axis] = extent }
    }
    return result
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let given = x.shape.extents else {
      _ = try operands.integerList(1, or: nil)
      return [ValueType(x.elementType, .unknown)]
    }
    return [try Movement.resultType(x.elementType, try extents(operands, of: given))]
  }

  /// How many zeros are put before and after each axis; negative numbers take elements away.
  private static func pads(from: Shape, to: Shape) -> [Int] {
    let growth = zip(from.extents, to.extents).map { $1 - $0 }
    return growth.map { $0 / 2 } + growth.map { $0 - $0 / 2 }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Pad(zeros: Self.pads(from: operands[0].shape, to: results.shape(0))).evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X is ∂Y cropped where Y was padded, and the other way round.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    let shape = try step.shape(0)
    guard let result = graph.type(of: step.results[0]).staticShape else {
      throw .notDifferentiable("the shape of the result depends on data")
    }
    return [try graph.add(Pad(zeros: Self.pads(from: shape, to: result).map { -$0 }), seed), nil]
  }
}
