import CarpusTensors

/// `Y` is the operands one after the other along `axis`.
///
/// - Operands: one or more, of one element type; their shapes differ along `axis` only.
/// - Throws: when they do not fit together.
public struct Concat: Forwarding, Joining, Viewing, Writable {
  public static let signature = OperatorSignature("Concat", operands: 1...OperatorSignature.any, numerics: .moves, gradient: .defined)
  private let axis: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = node.opset < 4 ? try node.int("axis") ?? 1 : try node.int(required: "axis")
  }

  init(axis: Int) { self.axis = axis }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let elementType = try operands.tensor(0).elementType
    var common: [Int?]?
    var length: Int? = 0
    var isRankKnown = true
    for index in operands.indices {
      let type = try operands.tensor(index)
      guard type.elementType == elementType else {
        throw .operands("all operands must have one element type, not \(elementType) and \(type.elementType)")
      }
      guard let extents = type.shape.extents else { isRankKnown = false; continue }
      let axis = try Axes.resolved(axis, rank: extents.count)
      length = try Self.sum(length, extents[axis])
      guard var merged = common else { common = extents; continue }
      guard merged.count == extents.count else { throw .operands("operands of rank \(merged.count) and \(extents.count) cannot be joined") }
      for place in extents.indices where place != axis {
        if let a = merged[place], let b = extents[place], a != b {
          throw .operands("operand \(index) of shape \(type.shape) does not fit: extent \(b) against \(a) at axis \(place)")
        }
        merged[place] = merged[place] ?? extents[place]
      }
      common = merged
    }
    guard var extents = common else { return [ValueType(elementType, .unknown)] }
    extents[try Axes.resolved(axis, rank: extents.count)] = isRankKnown ? length : nil
    return [try Movement.resultType(elementType, extents)]
  }

  private static func sum(_ a: Int?, _ b: Int?) throws(OperatorError) -> Int? {
    guard let a, let b else { return nil }
    let (sum, overflow) = a.addingReportingOverflow(b)
    guard !overflow else { throw .tooLarge("the operands together are longer than can be counted") }
    return sum
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands.count == 1 ? [0] : nil }

  /// Of planes `[N, C, H, W]`: whether their channels are joined.
  var joinsChannels: Bool { axis == 1 || axis == -3 }

  func axis(rank: Int) throws(OperatorError) -> Int { try Axes.resolved(axis, rank: rank) }

  func joinsLike(_ other: Concat) -> Bool { axis == other.axis }

  /// Where nothing comes before the axis, the operands lie one after the other.
  func joined(_ operands: [OperandInfo]) -> Int? {
    guard let shape = operands.shape(0), let axis = try? Axes.resolved(axis, rank: shape.rank) else { return nil }
    return shape.extents.prefix(axis).allSatisfy { $0 == 1 } ? operands.count : nil
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard let rank = operands.shape(index)?.rank, let joined = try? Axes.resolved(axis, rank: rank) else { return nil }
    return (0..<rank).map { $0 == joined ? .regrouped(axes: [$0]) : .same($0) }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let shape = results.shape(0), elementSize = results.elementType(0).byteCount, team = results.team
    let axis = try Axes.resolved(axis, rank: shape.rank)
    let strides = shape.strides
    var y = results.bytes(0)
    var first = 0
    for index in 0..<operands.count {
      let x = operands[index]
      Kernels.copyStrided(
        x.bytes, sourceStrides: x.shape.strides, into: &y, targetOffset: first * strides[axis], targetStrides: strides,
        extents: x.shape.extents, elementSize: elementSize, team: team)
      first += x.shape[axis]
    }
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("Concat", ["axis": .int(axis)], since: 4) }

  // MARK: Gradient

  /// ∂ of each operand is its part of ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    var gradients: [Value?] = []
    var first = 0
    for index in step.operands.indices {
      let shape = try step.shape(index)
      let axis = try Axes.resolved(axis, rank: shape.rank)
      gradients.append(step.wants[index] ? try graph.add(Slice(first..<first + shape[axis], axis: axis), seed) : nil)
      first += shape[axis]
    }
    return gradients
  }
}
