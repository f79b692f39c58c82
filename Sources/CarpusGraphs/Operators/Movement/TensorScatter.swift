import CarpusTensors

/// `Y = X`, then the elements of `update` from position `start[b]` on along `axis`, for each position b along axis 0; in `mode`
/// circular they go on at the beginning when they reach the end.
///
/// - Operands: `X` `[b, …, n, …]`, any type; `update` `[b, …, m, …]` of the same type with m ≤ n along `axis`; `start` int64
///   `[b]`, 0 by default.
/// - Throws: when the axis is the first, the shapes do not fit together, or linear updates reach beyond the end.
public struct TensorScatter: Operator {
  public static let signature = OperatorSignature("TensorScatter", since: 24, operands: 2...3, numerics: .moves, gradient: .defined)
  private let axis: Int
  private let wraps: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -2
    let mode = try node.string("mode") ?? "linear"
    guard mode == "linear" || mode == "circular" else { throw .attribute("attribute mode must be linear or circular, not '\(mode)'") }
    wraps = mode == "circular"
  }

  // MARK: Shape

  private func axis(rank: Int) throws(OperatorError) -> Int {
    let axis = try Axes.resolved(axis, rank: rank)
    guard axis > 0 else { throw .attribute("axis 0 counts the items of a batch; nothing is put behind another item") }
    return axis
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), update = try operands.tensor(1)
    if let start = try operands.optionalTensor(2) {
      guard start.elementType.isInteger else { throw .operands("positions must be integers, not \(start.elementType)") }
      guard start.shape.agrees(with: [x.shape[0]]) else {
        throw .operands("positions of shape \(start.shape) must be one for each item of \(x.shape)")
      }
    }
    if let extents = x.shape.extents, let given = update.shape.extents {
      let axis = try axis(rank: extents.count)
      let fits = given.count == extents.count && zip(given, extents).enumerated().allSatisfy { place, pair in
        guard let a = pair.0, let b = pair.1 else { return true }
        return place == axis ? a <= b : a == b
      }
      guard fits else { throw .operands("an update of shape \(update.shape) does not fit into \(x.shape) along axis \(axis)") }
    }
    return [try Scattering.resultType(of: x, updates: update, .none)]
  }

  private func scattering(_ x: Shape, _ update: Shape) throws(OperatorError) -> Scattering {
    let axis = try axis(rank: x.rank)
    return Scattering(rule: .runs(axis: axis, length: update[axis], wraps: wraps), reduction: .none)
  }

  private static func zeros(_ x: Shape) -> Tensor { Tensor(zeros: .int64, shape: [x[0]]) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], update = operands[1], start = operands.optional(2) ?? Self.zeros(x.shape)
    try scattering(x.shape, update.shape).evaluate(x, start, update, into: &results)
  }

  // MARK: Gradient

  /// ∂X is ∂Y with zeros at the update, ∂update is ∂Y there.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let shape = try step.shape(0)
    let start = step.operands.count > 2 ? step.operands[2] : nil
    let gradients = try scattering(shape, try step.shape(1)).pullback(
      seeds[0], x: try step.operand(0), indices: start ?? graph.constant(Self.zeros(shape)), updates: try step.operand(1),
      wants: (step.wants[0], step.wants[1]), in: &graph)
    return [gradients.x, gradients.updates] + step.operands.dropFirst(2).map { _ in nil }
  }
}
