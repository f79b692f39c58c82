import CarpusTensors

/// `Y = (Σ |X|^p)^(1/p)` over each window; padding counts as 0.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct LpPool: WindowPooling {
  public static let signature = OperatorSignature("LpPool", operands: 1...1, gradient: .defined)
  let attributes: WindowAttributes
  private let p: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    attributes = try WindowAttributes(pooling: &node)
    p = try WindowNorm.exponent(&node)
  }

  private func norm(_ x: Shape) throws(OperatorError) -> WindowNorm {
    let window = try attributes.placement(on: Array(x.extents.dropFirst(2))).window()
    return try WindowNorm(p: p, planes: x[0] * x[1], window: window)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try norm(operands[0].shape).evaluate(operands[0], into: &results)
  }

  // MARK: Gradient

  /// ∂X = sign X · |X|^(p−1) · Σ ∂Y · Y^(1−p) over the windows that X is in; 0 from a window where Y is 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let adjoint = WindowNormAdjoint(norm: try norm(try step.shape(0)), shape: try step.shape(0))
    return [try graph.add(adjoint, seed, try step.operand(0), step.results[0])]
  }
}

/// The p-norm of each window.
struct WindowNorm: Sendable {
  private let p: Double
  private let sums: Convolution

  /// The attribute `p`: an integer, a real number in version 1.
  static func exponent(_ node: inout NodeReader) throws(OperatorError) -> Double {
    let p = node.opset < 2 ? Double(try node.float("p") ?? 2) : Double(try node.int("p") ?? 2)
    guard p > 0, p.isFinite else { throw .attribute("attribute p must be positive, not \(p)") }
    return p
  }

  init(p: Double, planes: Int, window: SlidingWindow) throws(OperatorError) {
    guard let sums = Convolution(batch: planes, inputChannels: 1, outputChannels: 1, window: window) else {
      throw .unsupported("a window of \(window.kernel) on \(window.input) cannot be laid out")
    }
    self.p = p
    self.sums = sums
  }

  func evaluate(_ x: Tensor, into results: inout Results) throws(OperatorError) {
    let target = results.shape(0), team = results.team, scratch = results.scratch
    func apply<T: KernelScalar>(_ type: T.Type) throws(OperatorError) {
      let powers = try power(magnitudes(type, x, team), T(p), team), ones = [T](repeating: 1, count: sums.weightCount)
      let sum = Tensor(shape: target) { (y: inout MutableSpan<T>) in
        Kernels.convolution(powers.elements(T.self), weights: ones.span, sums, into: &y, scratch: scratch, team: team)
      }
      results.copyElements(of: try power(sum, T(1 / p), team))
    }
    results.elementType(0) == .float64 ? try apply(Double.self) : try apply(Float.self)
  }

  func evaluateAdjoint(seed: Tensor, x: Tensor, y: Tensor, into results: inout Results) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    func apply<T: KernelScalar>(_ type: T.Type) throws(OperatorError) {
      let scaled = try power(y, T(1 - p), team), slopes = try power(magnitudes(type, x, team), T(p - 1), team)
      let ones = [T](repeating: 1, count: sums.weightCount)
      let seeds = Tensor(shape: y.shape) { (target: inout MutableSpan<T>) in
        let s = seed.elements(T.self), values = y.elements(T.self), factors = scaled.elements(T.self)
        for place in s.indices { target[place] = values[place] == 0 ? 0 : s[place] * factors[place] }
      }
      var gradient = results.elements(0, as: T.self)
      Kernels.convolutionInputGradient(
        seed: seeds.elements(T.self), weights: ones.span, sums, into: &gradient, scratch: scratch, team: team)
      let values = x.elements(T.self), factors = slopes.elements(T.self)
      for place in values.indices {
        let value = values[place]
        gradient[place] = value > 0 ? gradient[place] * factors[place] : value < 0 ? -gradient[place] * factors[place] : 0
      }
    }
    results.elementType(0) == .float64 ? try apply(Double.self) : try apply(Float.self)
  }

  private func magnitudes<T: KernelScalar>(_ type: T.Type, _ x: Tensor, _ team: ThreadTeam) -> Tensor {
    Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in Kernels.apply(.absolute, to: x.elements(T.self), into: &y, team: team) }
  }

  private func power<T: KernelScalar>(_ x: Tensor, _ exponent: T, _ team: ThreadTeam) throws(OperatorError) -> Tensor {
    if exponent == 1 { return x }
    let broadcast = try Broadcast(of: x.shape, []), exponents = [exponent]
    return Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
      Kernels.apply(.power, x.elements(T.self), exponents.span, broadcast, into: &y, team: team)
    }
  }
}

/// `∂X` of a p-norm over windows.
///
/// - Operands: `seed`, `X`, and the result `Y`.
struct WindowNormAdjoint: InternalOperator {
  static let signature = OperatorSignature("LpPool", domain: "adjoint", operands: 3...3, gradient: .undefined)
  let norm: WindowNorm
  let shape: Shape

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(1).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try norm.evaluateAdjoint(seed: operands[0], x: operands[1], y: operands[2], into: &results)
  }
}
