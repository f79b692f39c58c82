import CarpusTensors

/// The kernel of a support vector machine, for rows `x` and support vectors `v`: LINEAR `x·v`, POLY `(γ x·v + c)^d`,
/// RBF `exp(-γ |x - v|²)`, SIGMOID `tanh(γ x·v + c)`.
enum SupportVectorKernel: Sendable {
  case linear
  case polynomial(gamma: Double, offset: Double, degree: Double)
  case radial(gamma: Double)
  case sigmoid(gamma: Double, offset: Double)

  init(_ node: inout NodeReader) throws(OperatorError) {
    let numbers = (try node.floats("kernel_params") ?? []).map(Double.init), name = try node.string("kernel_type") ?? "LINEAR"
    guard numbers.isEmpty || numbers.count == 3 else { throw .attribute("kernel_params must be gamma, coef0 and degree, not \(numbers)") }
    let (gamma, offset, degree) = numbers.isEmpty ? (0, 0, 0) : (numbers[0], numbers[1], numbers[2])
    switch name {
    case "LINEAR": self = .linear
    case "POLY": self = .polynomial(gamma: gamma, offset: offset, degree: degree)
    case "RBF": self = .radial(gamma: gamma)
    case "SIGMOID": self = .sigmoid(gamma: gamma, offset: offset)
    default: throw .attribute("kernel_type must be LINEAR, POLY, RBF or SIGMOID, not \(name)")
    }
  }

  /// `[N, S]` for `x` `[N, F]` and `count` vectors of `features` numbers, one after the other.
  func values(
    _ x: Value, _ vectors: [Float], count: Int, features: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> Value {
    let columns = (0..<vectors.count).map { vectors[$0 % count * features + $0 / count] }
    let product = try graph.add(MatMul(), x, graph.numbers(columns, [features, count], like: x))
    switch self {
    case .linear: return product
    case .polynomial(let gamma, let offset, let degree):
      let inner = try graph.shifted(graph.scaled(product, by: gamma), by: offset)
      return try graph.add(Pow(), inner, graph.scalar(degree, like: x))
    case .sigmoid(let gamma, let offset): return try graph.add(Tanh(), graph.shifted(graph.scaled(product, by: gamma), by: offset))
    case .radial(let gamma):
      // |x - v|² term by term: |x|² - 2 x·v + |v|² would lose the digits of vectors close by.
      let rows = try graph.add(Unsqueeze(axes: [1]), x)
      let difference = try graph.add(Sub(), rows, graph.numbers(vectors, [1, count, features], like: x))
      let distance = try graph.add(ReduceSum(axes: [2], keepsAxes: false), graph.product(difference, difference))
      return try graph.add(Exp(), graph.scaled(distance, by: -gamma))
    }
  }
}
