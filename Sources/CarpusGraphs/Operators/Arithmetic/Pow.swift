import CarpusTensors

/// `Y = X` to the power of `E`, broadcast; a negative number has no broken power: NaN.
///
/// - Operands: `X`, numeric; `E`, numeric, possibly of another type. The result has the type of X; an integer X to a
///   floating-point power is cut off towards 0, other integers wrap around.
/// - Throws: when the integer 0 is raised to a negative integer.
public struct Pow: Pointwise, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Pow", since: 7, operands: 2...2, gradient: .defined)

  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), exponent = try operands.tensor(1)
    guard x.elementType != .bool, exponent.elementType != .bool else { throw .operands("truth values are no numbers") }
    return [ValueType(x.elementType, try Broadcasting.shape(x.shape, exponent.shape))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], exponent = operands[1], team = results.team
    if x.elementType.isFloatingPoint {
      return try Arithmetic.floating(.power, x, exponent.converted(to: x.elementType, team: team), into: &results)
    }
    let broadcast = try Broadcast(of: x.shape, exponent.shape)
    let isWhole = exponent.elementType.isInteger
    let powers = isWhole
      ? try Self.integral(x.converted(to: .int64), exponent.converted(to: .int64), broadcast.result)
      : Self.real(x.converted(to: .float64), exponent.converted(to: .float64), broadcast, team: team)
    let type = results.elementType(0)
    var y = results.bytes(0)
    Kernels.convert(powers.bytes, of: powers.elementType, into: &y, as: type, team: team)
  }

  private static func real(_ x: Tensor, _ exponent: Tensor, _ broadcast: Broadcast, team: ThreadTeam) -> Tensor {
    Tensor(shape: broadcast.result) { (y: inout MutableSpan<Double>) in
      Kernels.apply(.power, x.elements(), exponent.elements(), broadcast, into: &y, team: team)
    }
  }

  private static func integral(_ x: Tensor, _ exponent: Tensor, _ shape: Shape) throws(OperatorError) -> Tensor {
    try Tensor(shape: shape) { (y: inout MutableSpan<Int64>) throws(OperatorError) in
      let x64 = x.elements(Int64.self), e64 = exponent.elements(Int64.self)
      var places = try BroadcastPlaces(x.shape, exponent.shape)
      for index in y.indices {
        y[index] = try power(x64[places.first], e64[places.second])
        places.advance()
      }
    }
  }

  /// By repeated squaring.
  private static func power(_ x: Int64, _ exponent: Int64) throws(OperatorError) -> Int64 {
    guard exponent >= 0 else {
      guard x != 0 else { throw .operands("the integer 0 is raised to the power \(exponent)") }
      return x == 1 ? 1 : x == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0
    }
    var result: Int64 = 1, base = x, rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* base }
      base = base &* base
      rest >>= 1
    }
    return result
  }

  // MARK: Gradient

  /// ∂X = E X^(E-1) ∂Y, 0 where E = 0; ∂E = Y ln X ∂Y, 0 where X = 0 and E ≥ 0. Summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let x = try step.operand(0)
    let exponent = try graph.add(Cast(to: step.elementType(0)), step.operand(1))
    let zero = try graph.scalar(0, like: x)
    let isZeroth = try graph.add(Equal(), exponent, zero)
    var gradients: [Value?] = [nil, nil]
    if step.wants[0] {
      let power = try graph.add(Pow(), x, graph.shifted(exponent, by: -1))
      let derivative = try graph.add(Where(), isZeroth, zero, graph.product(exponent, power))
      gradients[0] = try graph.summed(graph.product(seed, derivative), to: step.shape(0))
    }
    if step.wants[1] {
      let isFlat = try graph.add(And(), graph.add(Equal(), x, zero), graph.add(Not(), graph.add(Less(), exponent, zero)))
      let derivative = try graph.add(Where(), isFlat, zero, graph.product(step.results[0], graph.add(Log(), x)))
      gradients[1] = try graph.summed(graph.product(seed, derivative), to: step.shape(1))
    }
    return gradients
  }
}
