/// Random numbers of the normal distribution with `mean` (0 by default) and the standard deviation `scale` (1), in the shape of
/// an operand.
///
/// The numbers depend on `seed` and the place alone, see `RandomNumbers`; without a seed it is 0, so that every run gives the
/// same ones.
///
/// - Operands: `X`, any type, whose shape the result has, and whose type if `dtype` names none.
public struct RandomNormalLike: RandomLike {
  public static let signature = OperatorSignature("RandomNormalLike", operands: 1...1, numerics: .exact, gradient: .stops)
  let distribution: RandomDistribution

  public init(_ node: inout NodeReader) throws(OperatorError) { distribution = try .normal(&node) }
}
