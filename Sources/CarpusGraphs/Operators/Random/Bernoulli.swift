import CarpusTensors

/// `Y[i]` is 1 with probability `X[i]` and 0 otherwise: 1 where `u[i] < X[i]`, with evenly distributed u.
///
/// The numbers u depend on `seed` and the place alone, see `RandomNumbers`; without a seed it is 0, so that every run gives the
/// same ones.
///
/// - Operands: `X`, probabilities, floating-point.
/// - Results: `Y`, numbers or truth values of the type `dtype`, that of `X` by default.
/// - Throws: when a probability does not lie between 0 and 1.
public struct Bernoulli: Operator {
  public static let signature = OperatorSignature("Bernoulli", since: 15, operands: 1...1, gradient: .stops)
  private let numbers: RandomNumbers
  private let elementType: ElementType?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    numbers = try RandomNumbers(&node)
    elementType = try node.elementType("dtype")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let type = elementType, !(type.isFloatingPoint || type.isInteger || type == .bool) {
      throw .attribute("attribute dtype must be a type of real numbers or truth values, not \(type)")
    }
    return [ValueType(elementType ?? x.elementType, x.shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let probabilities = operands[0].doubles
    if let wrong = probabilities.first(where: { !(0...1).contains($0) }) { throw .operands("\(wrong) is no probability") }
    let hits = Tensor(shape: operands[0].shape) { (hits: inout MutableSpan<Bool>) in
      for places in RandomNumbers.parts(of: hits.count) {
        for (place, number) in zip(places, numbers.uniform(places)) { hits[place] = number < probabilities[place] }
      }
    }
    results.copyElements(of: hits.converted(to: results.elementType(0), team: results.team))
  }

  // MARK: Gradient

  /// A draw does not change smoothly with its probability; PyTorch, too, has no gradient here.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
