/// Random numbers, evenly between `low` (0 by default) and `high` (1), which does not occur, in the shape `shape`.
///
/// The numbers depend on `seed` and the place alone, see `RandomNumbers`; without a seed it is 0, so that every run gives the
/// same ones.
///
/// - Throws: when an extent of the attribute `shape` is negative, or the result does not fit into memory.
public struct RandomUniform: RandomOfShape {
  public static let signature = OperatorSignature("RandomUniform", operands: 0...0, numerics: .exact, gradient: .stops)
  let distribution: RandomDistribution
  let shape: [Int]

  public init(_ node: inout NodeReader) throws(OperatorError) {
    shape = try node.ints(required: "shape")
    distribution = try .uniform(&node)
  }
}
