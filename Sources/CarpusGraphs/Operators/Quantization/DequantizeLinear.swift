import CarpusTensors

/// `Y = (X − zeroPoint) · scale`, in the type `output_dtype` or, without it, that of the scale.
///
/// - Operands: `X`, integers of at most 32 bits, float8 or float4; `scale`: one number, one for each position along `axis`, or one for each
///   block of `block_size` positions; optionally `zeroPoint` of the shape of the scale and the type of X.
/// - Throws: when the scales do not fit.
public struct DequantizeLinear: Pointwise {
  public static let signature = OperatorSignature("DequantizeLinear", since: 10, operands: 2...3, numerics: .exact, gradient: .defined)
  private let grid: QuantizationGrid
  private let outputType: ElementType?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    grid = try QuantizationGrid(&node)
    outputType = try node.optionalElementType("output_dtype")
    if let outputType, !outputType.isFloatingPoint {
      throw .attribute("attribute output_dtype must be a floating-point type, not \(outputType)")
    }
  }

  /// One scale for all, or for each position along an axis.
  init(axis: Int = 1) { self.init(QuantizationGrid(axis: axis)) }

  private init(_ grid: QuantizationGrid) {
    self.grid = grid
    outputType = nil
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), scale = try operands.tensor(1), zero = try operands.optionalTensor(2)
    try Quantization.check(operands, 0, "X", { Quantization.isQuantized($0) || $0 == .int32 }, "an integer type of at most 32 bits, float8 or float4")
    try Quantization.check(operands, 1, "the scale", { $0.isFloatingPoint || $0 == .float8e8m0 }, "a floating-point type or float8e8m0")
    try Quantization.checkZeroPoint(operands, 2, of: 0)
    guard let target = outputType ?? (scale.elementType.isFloatingPoint ? scale.elementType : nil) else {
      throw .operands("attribute output_dtype is missing: numbers are not dequantized to float8e8m0")
    }
    try grid.check(x.shape, scale: scale.shape, zeroPoint: zero?.shape)
    return [ValueType(target, x.shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], scale = operands[1], zero = operands.optional(2), target = results.elementType(0), team = results.team
    let places = try grid.places(x.shape, scale: scale.shape)
    func dequantized<T: KernelScalar>(_ type: T.Type) -> Tensor {
      let scales = scale.converted(to: T.elementType).array(of: T.self), zeros = (zero?.doubles ?? [0]).map { T($0) }
      var values = x.converted(to: T.elementType, team: team).array(of: T.self)
      let stride = zeros.count > 1
      places.forEach { values[$0] = (values[$0] - zeros[stride ? $1 : 0]) * scales[$1] }
      return Tensor(values, shape: x.shape).converted(to: target, team: team)
    }
    results.set(0, .tensor(target == .float64 ? dequantized(Double.self) : dequantized(Float.self)))
  }

  // MARK: Gradient

  /// ∂scale sums (X − zeroPoint) · ∂Y over the elements of each scale. Nothing flows to X and the zero point, nor on to what X was
  /// quantized from: a network that rounds its activations has no gradient through the rounding.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    var gradients: [Value?] = step.operands.map { _ in nil }
    guard let seed = seeds[0], step.wants[1] else { return gradients }
    let shape = try step.shape(1), type = try step.elementType(1)
    let ones = graph.constant(Tensor([Double](repeating: 1, count: shape.count), shape: shape).converted(to: type))
    let differences = try graph.add(
      DequantizeLinear(grid), [step.operand(0), ones] + Array(step.operands.dropFirst(2)), results: 1)[0]
    let products = try graph.product(differences, graph.add(Cast(to: type), seed))
    gradients[1] = try graph.add(ScaleSum(grid, scale: shape), products)
    return gradients
  }
}

/// The sum of the elements that share a scale, for each scale.
///
/// - Operands: one, floating-point.
private struct ScaleSum: InternalOperator {
  static let signature = OperatorSignature("DequantizeLinear", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let grid: QuantizationGrid
  private let scale: Shape

  init(_ grid: QuantizationGrid, scale: Shape) {
    self.grid = grid
    self.scale = scale
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, scale)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let places = try grid.places(x.shape, scale: scale)
    let numbers = x.doubles
    var sums = [Double](repeating: 0, count: scale.count)
    places.forEach { sums[$1] += numbers[$0] }
    results.set(0, .tensor(Tensor(sums, shape: scale).converted(to: results.elementType(0))))
  }
}
