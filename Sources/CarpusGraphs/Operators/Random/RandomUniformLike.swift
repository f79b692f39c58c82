/// Random numbers, evenly between `low` (0 by default) and `high` (1), which does not occur, in the shape of an operand.
///
/// The numbers depend on `seed` and the place alone, see `RandomNumbers`; without a seed it is 0, so that every run gives the
/// same ones.
///
/// - Operands: `X`, any type, whose shape the result has, and whose type if `dtype` names none.
public struct RandomUniformLike: RandomLike {
  public static let signature = OperatorSignature("RandomUniformLike", operands: 1...1, numerics: .exact, gradient: .stops)
  let distribution: RandomDistribution

  public init(_ node: inout NodeReader) throws(OperatorError) { distribution = try .uniform(&node) }
}
