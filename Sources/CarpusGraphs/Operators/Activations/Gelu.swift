import CarpusTensors

/// `Y = X Φ(X)` with the normal distribution function Φ; or, with `approximate` "tanh",
/// `Y = X/2 (1 + tanh u(X)/2)` with `u(X) = 2 √(2/π) (X + 0.044715 X³)`.
///
/// - Operands: `X`, floating-point, any shape.
/// - Throws: for any other `approximate`.
public struct Gelu: ElementwiseFunction {
  public static let signature = OperatorSignature("Gelu", since: 20, operands: 1...1, gradient: .defined)
  private let isApproximate: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let approximate = try node.string("approximate") ?? "none"
    guard ["none", "tanh"].contains(approximate) else {
      throw .attribute("attribute approximate must be none or tanh, not \(approximate)")
    }
    isApproximate = approximate == "tanh"
  }

  public init() { isApproximate = false }

  /// The coefficients of X and X³ in u(X).
  private static let linear = 2 * (2 / Double.pi).squareRoot(), cubic = 0.044715 * linear

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    guard isApproximate else { return Elementwise.evaluate(.gelu, operands, into: &results) }
    let team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0].elements(T.self), linear = T(Self.linear), cubic = T(Self.cubic)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = x[index] * (linear + cubic * x[index] * x[index]) }
      // (1 + tanh u/2) / 2 is the sigmoid function of u.
      Kernels.apply(.sigmoid, inPlace: &y, team: team)
      for index in y.indices { y[index] *= x[index] }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? { isApproximate ? nil : .gelu }

  // MARK: Gradient

  /// ∂X = (Φ(X) + X φ(X)) ∂Y; approximately, with σ = sigmoid u(X), (σ + X σ (1 - σ) u'(X)) ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = try step.operand(0)
    guard isApproximate else { return [try graph.add(ElementwiseAdjoint(of: .gelu), seed, x)] }
    let square = try graph.product(x, x)
    let argument = try graph.product(x, graph.shifted(graph.scaled(square, by: Self.cubic), by: Self.linear))
    let sigmoid = try graph.add(Sigmoid(), argument)
    let derivative = try graph.shifted(graph.scaled(square, by: 3 * Self.cubic), by: Self.linear)
    let steepness = try graph.add(ElementwiseAdjoint(of: .sigmoidOfResult), graph.product(x, derivative), sigmoid)
    return [try graph.product(seed, graph.sum(sigmoid, steepness))]
  }
}
