import CarpusTensors
import Glibc

/// `Y[n, c, l] = f(b[c] + Σⱼ W[c, 0, j] · P[n, c, l + j])`, P being the past state (zeros without one) followed by `X`; f is the identity or
/// `silu(x) = x sigmoid(x)`.
///
/// - Operands: `X` `[N, channels, length]`, `W` `[channels, 1, k]`, floating-point; optionally `b` `[channels]` and the past state
///   `[N, channels, k − 1]`.
/// - Results: `Y` like `X`, and the last k − 1 elements of P along the last axis.
public struct CausalConvWithState: Costed, Floating {
  public static let signature = OperatorSignature("CausalConvWithState", since: 27, operands: 2...4, results: 1...2, gradient: .defined)
  private let isActivated: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let activation = try node.string("activation") ?? "none"
    guard ["none", "silu", "swish"].contains(activation) else {
      throw .attribute("attribute activation must be none, silu or swish, not '\(activation)'")
    }
    isActivated = activation != "none"
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), w = try operands.tensor(1)
    for index in operands.indices {
      if let type = try operands.optionalTensor(index), type.elementType != x.elementType {
        throw .operands("all operands must have one element type, not \(x.elementType) and \(type.elementType)")
      }
    }
    guard x.shape.rank == nil || x.shape.rank == 3 else { throw .operands("X must have three axes, not \(x.shape)") }
    guard w.shape.agrees(with: [x.shape[1], 1, nil]), w.shape[2] != 0 else {
      throw .operands("W must be \(PartialShape([x.shape[1], 1, nil])) with a positive last extent, not \(w.shape)")
    }
    if let bias = try operands.optionalTensor(2), !bias.shape.agrees(with: [x.shape[1]]) {
      throw .operands("the bias must be \(PartialShape([x.shape[1]])), not \(bias.shape)")
    }
    let state: PartialShape = [x.shape[0], x.shape[1], w.shape[2].map { $0 - 1 }]
    if let past = try operands.optionalTensor(3), !past.shape.agrees(with: state) {
      throw .operands("the past state must be \(state), not \(past.shape)")
    }
    return [.tensor(x), ValueType(x.elementType, state)]
  }

  // MARK: Cost

  /// Each element of the result is a sum of k products.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let w = operands.shape(1), let y = results.first?.staticShape else { return nil }
    return product(y.extents + [w[2]])
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let rows = try CausalRows<T>(operands)
    if results.isWanted(0) {
      var y = results.elements(0, as: T.self)
      for row in 0..<rows.count {
        for (place, sum) in rows.sums(row).enumerated() { y[row * rows.length + place] = T(isActivated ? sum / (1 + exp(-sum)) : sum) }
      }
    }
    guard results.isWanted(1) else { return }
    var state = results.elements(1, as: T.self)
    for row in 0..<rows.count {
      for (place, value) in rows.padded(row).suffix(rows.kernel - 1).enumerated() { state[row * (rows.kernel - 1) + place] = value }
    }
  }

  // MARK: Gradient

  /// With ∂S = f′ ∂Y: ∂P[l + j] = Σ W[j] ∂S[l], where the seed of the new state is added, ∂W[j] = Σ ∂S[l] P[l + j], ∂b = Σ ∂S.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let seeds = seeds + [Value?](repeating: nil, count: 2 - seeds.count)
    let gradients = try graph.add(CausalConvAdjoint(isActivated: isActivated), seeds + step.operands, results: 4)
    return step.operands.indices.map { step.wants[$0] ? gradients[$0] : nil }
  }
}

/// The operands of a causal convolution, row by row: a row is one channel of one item.
struct CausalRows<T: KernelScalar> {
  let count, channels, length, kernel: Int
  private let x, weights: [T]
  private let bias, past: [T]?

  /// - Parameter first: the index of `X` among the operands.
  init(_ operands: borrowing Operands, first: Int = 0) throws(OperatorError) {
    let shape = operands[first].shape
    (channels, length, kernel) = (shape[1], shape[2], operands[first + 1].shape[2])
    count = shape[0] * channels
    guard kernel > 0 else { throw .operands("W must have a positive last extent") }
    guard let row = Shape(checking: [2, length + kernel - 1]) else { throw .tooLarge("\(length) elements are too many") }
    try MemoryLimit.check(row, .float64)
    x = operands[first].array(of: T.self)
    weights = operands[first + 1].array(of: T.self)
    bias = operands.optional(first + 2)?.array(of: T.self)
    past = operands.optional(first + 3)?.array(of: T.self)
  }

  /// What came before, and the elements of the row.
  func padded(_ row: Int) -> [T] {
    let before = past.map { Array($0[row * (kernel - 1)..<(row + 1) * (kernel - 1)]) } ?? [T](repeating: 0, count: kernel - 1)
    return before + x[row * length..<(row + 1) * length]
  }

  func weight(_ row: Int, _ index: Int) -> T { weights[row % channels * kernel + index] }

  /// What goes into the activation.
  func sums(_ row: Int) -> [Double] {
    let padded = padded(row), start = Double(bias?[row % channels] ?? 0)
    return (0..<length).map { place in
      (0..<kernel).reduce(start) { $0 + Double(weight(row, $1)) * Double(padded[place + $1]) }
    }
  }
}

/// The gradients of the operands of `CausalConvWithState`; one of no elements where an operand is absent.
///
/// - Operands: the seeds of both results, each or none of them, and the operands of `CausalConvWithState`.
struct CausalConvAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature("CausalConvWithState", domain: "adjoint", operands: 4...6, results: 4...4, gradient: .undefined)
  let isActivated: Bool

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try operands.gradientTypes(of: 2..<6)
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let rows = try CausalRows<T>(operands, first: 2), (length, kernel) = (rows.length, rows.kernel)
    let ySeed = operands.optional(0)?.array(of: T.self), stateSeed = operands.optional(1)?.array(of: T.self)
    var dx: [T] = [], dw = [Double](repeating: 0, count: rows.channels * kernel), past: [T] = []
    var bias = [Double](repeating: 0, count: rows.channels)
    for row in 0..<rows.count {
      var gradient = [Double](repeating: 0, count: length + kernel - 1)
      if let stateSeed {
        for index in 0..<kernel - 1 { gradient[length + index] += Double(stateSeed[row * (kernel - 1) + index]) }
      }
      if let ySeed {
        let padded = rows.padded(row), channel = row % rows.channels
        for (place, sum) in rows.sums(row).enumerated() {
          let sigmoid = 1 / (1 + exp(-sum))
          let seed = Double(ySeed[row * length + place]) * (isActivated ? sigmoid * (1 + sum * (1 - sigmoid)) : 1)
          bias[channel] += seed
          for index in 0..<kernel {
            gradient[place + index] += seed * Double(rows.weight(row, index))
            dw[channel * kernel + index] += seed * Double(padded[place + index])
          }
        }
      }
      past += gradient.prefix(kernel - 1).map { T($0) }
      dx += gradient.dropFirst(kernel - 1).map { T($0) }
    }
    for (index, gradient) in [dx, dw.map { T($0) }, bias.map { T($0) }, past].enumerated() where operands.isPresent(2 + index) {
      results.copyElements(of: Tensor(gradient, shape: results.shape(index)), to: index)
    }
  }
}
