import CarpusTensors

/// `Y = X / s^beta` with `s = bias + alpha / size · Σ X²` over the `size` channels around each: ⌊(size − 1) / 2⌋ before it,
/// ⌈(size − 1) / 2⌉ after it, as far as there are any.
///
/// - Operands: `X` `[N×C×…]`, floating-point.
public struct LRN: Viewing {
  public static let signature = OperatorSignature("LRN", operands: 1...1, gradient: .defined)
  private let alpha, beta, bias: Double
  private let size: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    alpha = Double(try node.float("alpha") ?? 0.0001)
    beta = Double(try node.float("beta") ?? 0.75)
    bias = Double(try node.float("bias") ?? 1)
    size = try node.int(required: "size")
    guard size > 0 else { throw .attribute("attribute size must be positive, not \(size)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank, rank < 2 { throw .operands("X must be [N×C×…], not \(x.shape)") }
    return [.tensor(x)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    operands.shape(0).map { $0.extents.indices.map { $0 == 1 ? .regrouped(axes: [1]) : .same($0) } }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let broadcast = try Broadcast(of: x.shape, []), whole = try Broadcast(of: x.shape, x.shape)
    func apply<T: KernelScalar>(_ type: T.Type) {
      let exponent = [T(-beta)]
      var squares = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
        Kernels.apply(.multiply, x.elements(T.self), x.elements(T.self), whole, into: &y, team: team)
      }
      squares = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
        ChannelSum(before: before, after: after).apply(to: squares, into: &y)
        Kernels.apply(.affine(scale: alpha / Double(size), offset: bias), inPlace: &y, team: team)
      }
      let factors = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
        Kernels.apply(.power, squares.elements(T.self), exponent.span, broadcast, into: &y, team: team)
      }
      var y = results.elements(0, as: T.self)
      Kernels.apply(.multiply, x.elements(T.self), factors.elements(T.self), whole, into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  private var before: Int { (size - 1) / 2 }
  private var after: Int { size / 2 }

  // MARK: Gradient

  /// ∂X = ∂Y / s^beta − 2 alpha beta / size · X · Σ ∂Y Y / s, the sum over the channels in whose neighbourhood X is.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = try step.operand(0)
    let squares = try graph.add(ChannelSum(before: before, after: after), try graph.product(x, x))
    let s = try graph.shifted(graph.scaled(squares, by: alpha / Double(size)), by: bias)
    let direct = try graph.product(seed, try graph.add(Pow(), s, try graph.scalar(-beta, like: x)))
    let shared = try graph.quotient(graph.product(seed, step.results[0]), s)
    let returned = try graph.product(x, graph.add(ChannelSum(before: after, after: before), shared))
    return [try graph.sum(direct, graph.scaled(returned, by: -2 * alpha * beta / Double(size)))]
  }
}

/// `Y[n, c, …] = Σ X[n, i, …]` for c − before ≤ i ≤ c + after.
struct ChannelSum: InternalOperator {
  static let signature = OperatorSignature("ChannelSum", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let before, after: Int

  init(before: Int, after: Int) {
    self.before = before
    self.after = after
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(0))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      self.apply(to: operands[0], into: &y)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  func apply<T: KernelScalar>(to x: Tensor, into y: inout MutableSpan<T>) {
    let (batch, channels, inner) = x.shape.channels
    let values = x.elements(T.self)
    for item in 0..<batch {
      for channel in 0..<channels {
        let target = (item * channels + channel) * inner
        for place in target..<target + inner { y[place] = 0 }
        for other in max(channel - min(before, channel), 0)...min(channel + min(after, channels), channels - 1) {
          let line = values.extracting((item * channels + other) * inner..<(item * channels + other + 1) * inner)
          for place in line.indices { y[target + place] += line[place] }
        }
      }
    }
  }
}
