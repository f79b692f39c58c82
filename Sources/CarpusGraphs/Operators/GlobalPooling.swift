import CarpusTensors

/// What pooling over all spatial axes has in common: `[N, C, spatial extents…]` becomes `[N, C, 1, …]`.
enum GlobalPooling {
  static func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard let extents = x.shape.extents else { return [.tensor(x)] }
    guard extents.count >= 3 else { throw .operands("operand 0 must have a batch axis, a channel axis and spatial axes, not \(x.shape)") }
    return [ValueType(x.elementType, PartialShape(extents.enumerated().map { $0 < 2 ? $1 : 1 }))]
  }

  static func evaluate(_ reduction: Reduction, _ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.reduce(
        reduction, x.elements(T.self), outer: x.shape[0] * x.shape[1], reduced: x.shape.extents.dropFirst(2).reduce(1, *), inner: 1,
        into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}

/// `Y` is the mean of each channel over all spatial axes.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct GlobalAveragePool: Operator {
  public static let signature = OperatorSignature("GlobalAveragePool", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try GlobalPooling.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    GlobalPooling.evaluate(.mean, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y / n for n positions.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let shape = try step.shape(0)
    let count = shape.extents.dropFirst(2).reduce(1, *)
    return [try graph.expanded(try graph.scaled(seed, by: 1 / Double(max(count, 1))), to: shape)]
  }
}

/// `Y` is the largest element of each channel over all spatial axes; NaN if one is.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct GlobalMaxPool: Operator {
  public static let signature = OperatorSignature("GlobalMaxPool", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try GlobalPooling.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    GlobalPooling.evaluate(.maximum, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes to the first largest element of its channel.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    // One window that covers a channel, laid out as a row.
    let shape = try step.shape(0), positions = shape.extents.dropFirst(2).reduce(1, *)
    guard positions > 0 else { return [nil] }
    let rows = try graph.reshaped(try step.operand(0), to: Shape([shape[0], shape[1], positions]))
    let maxima = try graph.reshaped(seed, to: Shape([shape[0], shape[1], 1]))
    let gradient = try graph.add(MaxPoolAdjoint(WindowAttributes(kernel: [positions])), maxima, rows)
    return [try graph.reshaped(gradient, to: shape)]
  }
}
