import CarpusTensors

/// `Y = saturate(round(X / scale) + zeroPoint)`: halves to the even integer; float8 and float4 by their own rounding.
///
/// The division is done in the type `precision` or, without it, that of the scale. Without a zero point and `output_dtype` the result is uint8.
///
/// - Operands: `X`, floating-point or int32; `scale`: one number, one for each position along `axis`, or one for each block of
///   `block_size` positions; optionally `zeroPoint` of the shape of the scale and the type of the result.
/// - Throws: when the scales do not fit.
public struct QuantizeLinear: Pointwise {
  public static let signature = OperatorSignature("QuantizeLinear", since: 10, operands: 2...3, numerics: .exact, gradient: .stops)
  private let grid: QuantizationGrid
  private let overflow: CompactFloat.Overflow
  private let outputType: ElementType?
  private let precision: ElementType?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    grid = try QuantizationGrid(&node)
    overflow = try node.flag("saturate", default: true) ? .saturates : .escapes
    outputType = try node.optionalElementType("output_dtype")
    precision = try node.optionalElementType("precision")
    if let precision, !precision.isFloatingPoint { throw .attribute("attribute precision must be a floating-point type, not \(precision)") }
  }

  /// One scale for all, or for each position along an axis.
  init(to type: ElementType, axis: Int = 1) {
    grid = QuantizationGrid(axis: axis)
    overflow = .saturates
    outputType = type
    precision = nil
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), scale = try operands.tensor(1), zero = try operands.optionalTensor(2)
    try Quantization.check(operands, 0, "X", { $0.isFloatingPoint || $0 == .int32 }, "a floating-point type or int32")
    try Quantization.check(
      operands, 1, "the scale", { $0.isFloatingPoint || $0 == .int32 || $0 == .float8e8m0 }, "a floating-point type, float8e8m0 or int32")
    let target = outputType ?? zero?.elementType ?? .uint8
    guard Quantization.isQuantized(target) else { throw .operands("numbers are not quantized to \(target)") }
    guard zero?.elementType ?? target == target else {
      throw .operands("the zero point must have the type of the result, \(target), not \(zero?.elementType ?? target)")
    }
    try grid.check(x.shape, scale: scale.shape, zeroPoint: zero?.shape)
    return [ValueType(target, x.shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], scale = operands[1], target = results.elementType(0), team = results.team
    let places = try grid.places(x.shape, scale: scale.shape)
    // A scale that is a power of two or an integer does not say how exact a quotient is to be.
    let precision = precision ?? (scale.elementType.isFloatingPoint ? scale.elementType : x.elementType.isFloatingPoint ? x.elementType : .float64)
    func quantized<T: KernelScalar>(_ type: T.Type) -> Tensor {
      let numbers = x.converted(to: precision, team: team).converted(to: T.elementType, team: team)
      let scales = scale.converted(to: precision).converted(to: T.elementType).array(of: T.self)
      var quotients = numbers.array(of: T.self)
      places.forEach { quotients[$0] /= scales[$1] }
      if precision.isHalf {
        quotients = Tensor(quotients).converted(to: precision, team: team).converted(to: T.elementType, team: team).array(of: T.self)
      }
      return Quantization.rounded(
        quotients, shape: x.shape, as: target, overflow: overflow, adding: operands.optional(2), places: places, team: team)
    }
    results.set(0, .tensor(precision == .float64 ? quantized(Double.self) : quantized(Float.self)))
  }

  // MARK: Gradient

  /// Rounding has no derivative to speak of: nothing flows back, also where the result is dequantized at once.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}

extension NodeReader {
  /// An element type whose number may be 0 for none.
  mutating func optionalElementType(_ name: String) throws(OperatorError) -> ElementType? {
    guard let number = try int(name), number != 0 else { return nil }
    guard let type = ElementType(dataType: number) else {
      throw .unsupported("attribute \(name) is \(ElementType.name(ofDataType: number)), which is not supported")
    }
    return type
  }
}
