import CarpusTensors

/// `Y[i_perm(0), i_perm(1), …] = X[i_0, i_1, …]`: axis `k` of `Y` is axis `perm[k]` of `X`; all axes reversed by default.
///
/// - Operands: `X`, any type and shape.
/// - Throws: when `perm` does not name every axis once.
public struct Transpose: Forwarding, Viewing, Writable {
  public static let signature = OperatorSignature("Transpose", operands: 1...1, numerics: .moves, gradient: .defined)
  private let order: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    order = try node.ints("perm")
    if let order, order.sorted() != Array(order.indices) { throw .attribute("attribute perm must name every axis once, not \(order)") }
  }

  /// - Precondition: `order` names every axis once.
  init(_ order: [Int]) { self.order = order }

  private func order(rank: Int) throws(OperatorError) -> [Int] {
    guard let order else { return (0..<rank).reversed() }
    guard order.count == rank else { throw .operands("attribute perm names \(order.count) axes, the tensor has \(rank)") }
    return order
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, order.map { .unknown(rank: $0.count) } ?? .unknown)] }
    return [ValueType(x.elementType, PartialShape(try order(rank: extents.count).map { extents[$0] }))]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? {
    guard case .tensor(let type) = results[0], let rank = type.shape.rank else { return nil }
    return (try? order(rank: rank)) == Array(0..<rank) ? [0] : nil
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard let rank = operands.shape(0)?.rank, let order = try? order(rank: rank) else { return nil }
    return (0..<rank).map { axis in order.firstIndex(of: axis).map { .same($0) } ?? .all }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], shape = results.shape(0), team = results.team
    let strides = x.shape.strides
    let order = try order(rank: x.shape.rank)
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceStrides: order.map { strides[$0] }, into: &y, targetStrides: shape.strides, extents: shape.extents,
      elementSize: x.elementType.byteCount, team: team)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("Transpose", order.map { ["perm": .ints($0)] } ?? [:], since: 1) }

  // MARK: Gradient

  /// ∂X is ∂Y with the axes put back.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let order = try order(rank: try step.shape(0).rank)
    return [try graph.add(Transpose(order.indices.sorted { order[$0] < order[$1] }), seed)]
  }
}
