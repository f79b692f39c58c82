import CarpusTensors

/// `Y = (X − mean) / √(variance + epsilon) · Scale + B`, mean and variance over the axes from `axis` on.
///
/// - Operands: `X`, floating-point; `Scale` and optionally `B`, broadcast to these axes.
/// - Results: `Y`; optionally the mean and `1 / √(variance + epsilon)`, of the type that `stash_type` says (float32 or bfloat16), with
///   extent 1 along these axes.
public struct LayerNormalization: Viewing, Floating {
  public static let signature = OperatorSignature("LayerNormalization", since: 17, operands: 2...3, results: 1...3, gradient: .defined)
  private let axis: Int
  private let epsilon: Double
  private let stashType: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -1
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    stashType = switch try node.int("stash_type") ?? 1 {
    case 1: .float32
    case 16: .bfloat16
    case let other: throw .attribute("attribute stash_type must be 1 (float32) or 16 (bfloat16), not \(other)")
    }
  }

  init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
    stashType = .float32
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), scale = try operands.tensor(1), bias = try operands.optionalTensor(2)
    guard let extents = x.shape.extents else { return [.tensor(x), ValueType(stashType, .unknown), ValueType(stashType, .unknown)] }
    let first = try Axes.resolved(axis, rank: extents.count)
    let normalized = PartialShape(Array(extents.dropFirst(first)))
    for parameter in [scale, bias].compactMap(\.self) {
      guard parameter.elementType == x.elementType else { throw .operands("all operands must have one element type") }
      let whole = try Broadcasting.shape(normalized, parameter.shape)
      let stretches = zip(normalized.extents ?? [], whole.extents ?? []).contains { $0 == 1 && $1 != nil && $1 != 1 }
      guard !stretches, whole.rank == nil || whole.rank == normalized.rank else {
        throw .operands("a parameter of \(parameter.shape) does not broadcast to \(normalized)")
      }
    }
    let moments = ValueType(stashType, PartialShape(extents.enumerated().map { $0 < first ? $1 : 1 }))
    return [.tensor(x), moments, moments]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let rank = operands.shape(0)?.rank, let first = try? Axes.resolved(axis, rank: rank) else { return nil }
    return (0..<rank).map { $0 < first ? .same($0) : .all }
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let parts = try NormalizedRows(x.shape, axis: axis)
    let scale = operands[1].expanded(to: parts.row, team: team)
    let bias = operands.optional(2)?.expanded(to: parts.row, team: team)
    do {
      var y = results.elements(0, as: T.self)
      Kernels.layerNormalization(
        x.elements(T.self), gamma: scale.elements(T.self), beta: bias?.elements(T.self), epsilon: epsilon, rows: parts.rows,
        count: parts.row.count, into: &y, team: team)
    }
    guard results.isWanted(1) || results.isWanted(2) else { return }
    let values = x.elements(T.self)
    for row in 0..<parts.rows {
      let moments = Self.moments(values.extracting(row * parts.row.count..<(row + 1) * parts.row.count))
      for (index, value) in [(1, moments.mean), (2, 1 / (moments.variance + epsilon).squareRoot())] where index < results.count {
        // bfloat16 is rounded from float32 afterwards.
        var target = results.elements(index, as: Float.self)
        target[row] = Float(value)
      }
    }
  }

  private static func moments<T: KernelScalar>(_ x: Span<T>) -> (mean: Double, variance: Double) {
    var sum = 0.0, squares = 0.0
    for index in x.indices { sum += Double(x[index]) }
    let mean = sum / Double(x.count)
    for index in x.indices { squares += (Double(x[index]) - mean) * (Double(x[index]) - mean) }
    return (mean, squares / Double(x.count))
  }

  // MARK: Gradient

  /// With r = 1 / √(variance + epsilon), n = (X − mean) r and g = ∂Y · Scale: ∂X = (g − mean g − n · mean(g · n)) r, and from the other
  /// results (∂mean − n r² ∂r) / count; ∂Scale = Σ n · ∂Y and ∂B = Σ ∂Y, summed to their shapes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let x = try step.operand(0), shape = try step.shape(0), type = try step.elementType(0)
    let axes = Array(try Axes.resolved(axis, rank: shape.rank)..<shape.rank)
    var gradients = [Value?](repeating: nil, count: step.operands.count), parts: [Value] = []
    if let seed = seeds[0] {
      if step.wants[0] { parts.append(try graph.add(LayerNormalizationAdjoint(axis: axis, epsilon: epsilon), seed, x, try step.operand(1))) }
      if step.wants[1] {
        let normalized = try graph.normalized(x, over: axes, epsilon: epsilon).value
        gradients[1] = try graph.summed(graph.product(seed, normalized), to: step.shape(1))
      }
      if gradients.count > 2, step.wants[2] { gradients[2] = try graph.summed(seed, to: step.shape(2)) }
    }
    guard step.wants[0] else { return gradients }
    let share = 1 / Double(axes.reduce(1) { $0 * shape[$1] })
    if seeds.count > 1, let seed = seeds[1] {
      parts.append(try graph.expanded(graph.scaled(graph.add(Cast(to: type), seed), by: share), to: shape))
    }
    if seeds.count > 2, let seed = seeds[2] {
      let (normalized, rate) = try graph.normalized(x, over: axes, epsilon: epsilon)
      let factor = try graph.product(graph.add(Cast(to: type), seed), graph.product(rate, rate))
      parts.append(try graph.scaled(graph.product(normalized, factor), by: -share))
    }
    for part in parts { gradients[0] = try gradients[0].map { sum throws(OperatorError) in try graph.sum(sum, part) } ?? part }
    return gradients
  }
}

extension GraphBuilder {
  /// `(X − mean) · rate` with `rate = 1 / √(variance + epsilon)`, mean and variance over axes, which stay with extent 1.
  mutating func normalized(_ x: Value, over axes: [Int], epsilon: Double) throws(OperatorError) -> (value: Value, rate: Value) {
    let distance = try add(Sub(), x, mean(x, over: axes))
    let variance = try mean(product(distance, distance), over: axes)
    let rate = try add(Reciprocal(), add(Sqrt(), shifted(variance, by: epsilon)))
    return (try product(distance, rate), rate)
  }
}

/// `∂X` of a normalization over the axes from `axis` on.
///
/// - Operands: `seed` and `X`, of one shape; optionally `Scale`, broadcast to these axes.
struct LayerNormalizationAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("LayerNormalization", domain: "adjoint", operands: 2...3, gradient: .undefined)
  private let axis: Int
  private let epsilon: Double

  init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let seed = operands[0], x = operands[1], team = results.team
    let parts = try NormalizedRows(x.shape, axis: axis)
    let scale = operands.optional(2)?.expanded(to: parts.row, team: team)
    func apply<T: KernelScalar>(_ type: T.Type) {
      var target = results.elements(0, as: T.self)
      Kernels.layerNormalizationGradient(
        seed: seed.elements(T.self), at: x.elements(T.self), gamma: scale?.elements(T.self), epsilon: epsilon, rows: parts.rows,
        count: parts.row.count, into: &target, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (seed, x) = (try operands.present(0), try operands.present(1)), shape = try infos.writtenShape(1)
    let axes = Array(try Axes.resolved(axis, rank: shape.rank)..<shape.rank)
    let share = 1 / Double(max(axes.reduce(1) { $0 * shape[$1] }, 1))
    func mean(_ value: Value) throws(OperatorError) -> Value { try graph.scaled(graph.total(value, over: axes), by: share) }
    let distance = try graph.difference(x, mean(x))
    let deviation = try graph.add(Sqrt(), graph.shifted(mean(graph.product(distance, distance)), by: epsilon))
    let normal = try graph.quotient(distance, deviation)
    let g = operands.count > 2 ? try graph.product(seed, operands.present(2)) : seed
    let part = try graph.sum(mean(g), graph.product(normal, mean(graph.product(g, normal))))
    return [try graph.quotient(graph.difference(g, part), deviation)]
  }
}

/// A tensor as rows that are normalised.
private struct NormalizedRows {
  let rows: Int
  let row: Shape

  init(_ shape: Shape, axis: Int) throws(OperatorError) {
    let first = try Axes.resolved(axis, rank: shape.rank)
    rows = shape.extents.prefix(first).reduce(1, *)
    row = Shape(Array(shape.extents.dropFirst(first)))
  }
}

extension Tensor {
  /// The tensor broadcast to `target`.
  fileprivate func expanded(to target: Shape, team: ThreadTeam) -> Tensor {
    if shape.count == target.count { return reshaped(target) }
    return Tensor(elementType: elementType, shape: target) { bytes in
      Kernels.copyStrided(
        self.bytes, sourceStrides: Broadcasting.strides(of: shape, in: target), into: &bytes, targetStrides: target.strides,
        extents: target.extents, elementSize: elementType.byteCount, team: team)
    }
  }
}
