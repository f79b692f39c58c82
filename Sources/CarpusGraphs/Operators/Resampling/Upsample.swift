import CarpusTensors

/// `Y` is `X` with more elements: element i is interpolated at position i / scale. `Resize` replaces it from version 10.
///
/// - Operands: `X`, any type; `scales` `[rank]` from version 9. They are an attribute in version 7, and in version 1, for
/// `[N×C×H×W]`,
///   the attributes `height_scale` and `width_scale`.
/// - Result: an extent is ⌊extent · scale⌋.
/// - Throws: when a scale is below 1.
public struct Upsample: Resampling {
  public static let signature = OperatorSignature("Upsample", operands: 1...2, numerics: .moves, gradient: .defined)
  private let sizing: AxisSizing
  let interpolation: Interpolation
  /// True for the version that knows tensors of four axes only.
  private let isPlanar: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    isPlanar = node.opset < 7
    let scales = isPlanar
      ? [1, 1, try node.float(required: "height_scale"), try node.float(required: "width_scale")] : try node.floats("scales")
    if let scales { try Self.check(scales.map(Double.init)) }
    if node.opset < 9, scales == nil { throw .attribute("attribute scales is missing") }
    sizing = AxisSizing(scales: scales)
    let mode = try node.string("mode") ?? "nearest"
    switch mode {
    case "nearest": interpolation = Interpolation(kernel: .nearest(.floor), coordinates: .asymmetric)
    case "linear", "bilinear": interpolation = Interpolation(kernel: .linear, coordinates: .asymmetric)
    default: throw .attribute("attribute mode must be nearest or linear, not '\(mode)'")
    }
  }

  private static func check(_ scales: [Double]) throws(OperatorError) {
    for scale in scales where !(scale >= 1) { throw .operands("a scale must be at least 1, not \(scale)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    if isPlanar, let rank = try operands.tensor(0).shape.rank, rank != 4 {
      throw .operands("X must be [N×C×H×W], not \(try operands.tensor(0).shape)")
    }
    try interpolation.check(try operands.tensor(0).elementType)
    if operands.isPresent(1), let scales = operands[1].value { try Self.check(scales.doubles) }
    return try sizing.resultTypes(for: operands)
  }

  func map(_ x: Shape, _ operands: [OperandInfo]) throws(OperatorError) -> SeparableMap {
    try sizing.map(x, operands, interpolation, regions: nil, empty: 0)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes back to the elements it was made from. The scales must be constant.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try step.refuse(1, "the scales")
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    let shape = try step.shape(0), map: SeparableMap
    do { map = try self.map(shape, step.operandInfos) } catch { throw .notDifferentiable("the scales depend on data: \(error)") }
    return [try graph.add(SeparableAdjoint(of: map, shape: shape), seed)] + step.operands.dropFirst().map { _ in nil }
  }
}
