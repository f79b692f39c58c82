import CarpusTensors

/// What all quantised operators have in common: integers on a grid of width `scale` around a zero point.
enum Quantization {
  /// The integers that a type of 16 bits or less can hold; `nil` for other types.
  static func range(_ type: ElementType) -> ClosedRange<Double>? {
    switch type {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int4: -8...7
    case .uint4: 0...15
    case .int2: -2...1
    case .uint2: 0...3
    default: nil
    }
  }

  /// The types that numbers are quantised to: integers of 16 bits or less, float8 and float4.
  static func isQuantized(_ type: ElementType) -> Bool {
    range(type) != nil || (CompactFloat(type) != nil && type != .float8e8m0)
  }

  /// The elements minus their zero points, exactly, in float64.
  ///
  /// - Parameter zeroPoint: of an integer type of 32 bits or less or a compact one, like `x`; it broadcasts to the shape of `x`.
  static func differences(_ x: Tensor, _ zeroPoint: Tensor?, team: ThreadTeam) throws(OperatorError) -> Tensor {
    let numbers = x.converted(to: .float64, team: team)
    guard let zeroPoint, zeroPoint.doubles.contains(where: { $0 != 0 }) else { return numbers }
    return try arithmetic(.subtract, numbers, zeroPoint.converted(to: .float64, team: team), as: Double.self, to: x.shape, team: team)
  }

  /// f(a, b), broadcast.
  ///
  /// - Parameter shape: what the result must have, if that is known.
  static func arithmetic<T: KernelScalar>(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, as type: T.Type, to shape: Shape? = nil, team: ThreadTeam
  ) throws(OperatorError) -> Tensor {
    let broadcast = try Broadcast(of: a.shape, b.shape)
    guard shape ?? broadcast.result == broadcast.result else { throw .operands("\(b.shape) does not broadcast to \(a.shape)") }
    return Tensor(shape: broadcast.result) { (y: inout MutableSpan<T>) in
      Kernels.apply(function, a.elements(T.self), b.elements(T.self), broadcast, into: &y, team: team)
    }
  }

  /// Sums of products of integers as int32, which may wrap around.
  static func accumulated(_ sums: Tensor, team: ThreadTeam) -> Tensor {
    sums.converted(to: .int64, team: team).converted(to: .int32, team: team)
  }

  /// `saturate(round(x · (a · b / y)) + zeroPoint)` for integers `x` in units of a · b, the scales of two factors, computed in float32.
  ///
  /// - Parameters:
  ///   - scales: a, b and y; a and b broadcast to `x`, y is one number.
  ///   - zeroPoint: one number of the type of the result.
  static func requantized(
    _ x: Tensor, scales: (a: Tensor, b: Tensor, y: Tensor), zeroPoint: Tensor, team: ThreadTeam
  ) throws(OperatorError) -> Tensor {
    guard scales.y.shape.count == 1, zeroPoint.shape.count == 1 else { throw .operands("the scale and zero point of the result must be one number") }
    let (a, b, y) = (scales.a.converted(to: .float32), scales.b.converted(to: .float32), scales.y.converted(to: .float32).reshaped([]))
    let unit = try arithmetic(.divide, arithmetic(.multiply, a, b, as: Float.self, team: team), y, as: Float.self, team: team)
    let quotients = try arithmetic(
      .multiply, x.converted(to: .float32, team: team), unit, as: Float.self, to: x.shape, team: team)
    return rounded(quotients.array(of: Float.self), shape: x.shape, as: zeroPoint.elementType, adding: zeroPoint, team: team)
  }

  /// `saturate(round(x) + zeroPoint)`: integers to the nearest, halves to the even one, NaN as 0; floating-point codes of the sum.
  ///
  /// - Parameter zero: the index of the zero point of an element.
  static func rounded<T: KernelScalar>(
    _ quotients: [T], shape: Shape, as target: ElementType, overflow: CompactFloat.Overflow = .saturates, adding zeroPoint: Tensor?,
    places: QuantizationPlaces? = nil, team: ThreadTeam
  ) -> Tensor {
    var values = quotients
    let zeros = (zeroPoint?.doubles ?? [0]).map { T($0) }
    let places = places ?? QuantizationPlaces(outer: 1, extent: 1, inner: shape.count)
    if let range = range(target) {
      let low = T(range.lowerBound), high = T(range.upperBound), stride = zeros.count > 1
      places.forEach { element, scale in
        let value = values[element].rounded(.toNearestOrEven) + zeros[stride ? scale : 0]
        values[element] = value.isNaN ? zeros[stride ? scale : 0] : min(max(value, low), high)
      }
    } else if zeroPoint != nil {
      // Also where it is 0: −0 becomes 0.
      places.forEach { element, scale in values[element] += zeros[zeros.count > 1 ? scale : 0] }
    }
    return Tensor(values, shape: shape).converted(to: target, overflow: overflow, team: team)
  }

  /// Refuses an operand that is not one of some types.
  static func check(
    _ operands: [OperandInfo], _ index: Int, _ name: String, _ allowed: (ElementType) -> Bool, _ wanted: String
  ) throws(OperatorError) {
    guard let type = try operands.optionalTensor(index)?.elementType, !allowed(type) else { return }
    throw .operands("\(name) must be of \(wanted), not \(type)")
  }

  /// The types of 8-bit integer operands of products.
  static func isByte(_ type: ElementType) -> Bool { type == .int8 || type == .uint8 }

  /// Refuses a zero point whose type is not that of the operand it belongs to.
  static func checkZeroPoint(_ operands: [OperandInfo], _ index: Int, of operand: Int) throws(OperatorError) {
    guard let zero = try operands.optionalTensor(index), zero.elementType != (try operands.tensor(operand).elementType) else { return }
    throw .operands("the zero point of operand \(operand) must have its type, \(try operands.tensor(operand).elementType), not \(zero.elementType)")
  }
}
