import CarpusTensors

/// The elements of `X` as the type of `like`, converted as by `Cast`.
///
/// - Operands: `X` and `like`, any types but complex, any shapes.
/// - Throws: when a text is no number.
public struct CastLike: Forwarding, Pointwise {
  public static let signature = OperatorSignature("CastLike", since: 15, operands: 2...2, numerics: .exact, gradient: .defined)
  private let rounding: CastRounding

  public init(_ node: inout NodeReader) throws(OperatorError) { rounding = try CastRounding(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Cast.check(operands.tensor(0).elementType, operands.tensor(1).elementType)
    return [ValueType(try operands.tensor(1).elementType, try operands.tensor(0).shape)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands[0].type == results[0] ? [0] : nil }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try rounding.cast(operands[0], into: &results)
  }

  // MARK: Gradient

  /// ∂X is ∂Y in the type of X; none flows through integers, nor to `like`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    return [try graph.add(Cast(to: step.elementType(0)), seed), nil]
  }
}
