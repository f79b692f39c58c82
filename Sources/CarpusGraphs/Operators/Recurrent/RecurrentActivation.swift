import CarpusTensors
import Glibc

/// A function between the sums and the gates of a recurrent layer.
struct RecurrentActivation: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case affine, elu, hardsigmoid, leakyrelu, relu, scaledtanh, sigmoid, softplus, softsign, tanh, thresholdedrelu

    /// What `alpha` and `beta` are when a file does not say; `nil` for what the function does not have.
    var standard: (alpha: Double?, beta: Double?) {
      switch self {
      case .affine: (1, 0)
      case .elu: (1, nil)
      case .hardsigmoid: (0.2, 0.5)
      case .leakyrelu: (0.01, nil)
      case .scaledtanh: (1, 1)
      case .thresholdedrelu: (1, nil)
      case .relu, .sigmoid, .softplus, .softsign, .tanh: (nil, nil)
      }
    }
  }

  let kind: Kind
  let alpha, beta: Double

  /// The functions of each direction. `activation_alpha` and `activation_beta` hold, in the order of the functions, a number for each one
  /// that has such a parameter; those at the end may be missing.
  static func read(
    _ node: inout NodeReader, directions: Int, standard: [Kind]
  ) throws(OperatorError) -> [[RecurrentActivation]] {
    var kinds = [[Kind]](repeating: standard, count: directions).flatMap(\.self)
    if let names = try node.strings("activations"), !names.isEmpty {
      // RNN's own default names two functions, whatever the direction.
      guard names.count == kinds.count || (standard.count == 1 && names.count > kinds.count) else {
        throw .attribute("attribute activations must name \(kinds.count) functions, not \(names.count)")
      }
      for (index, name) in names.prefix(kinds.count).enumerated() {
        guard let kind = Kind(rawValue: name.lowercased()) else { throw .attribute("there is no activation '\(name)'") }
        kinds[index] = kind
      }
    }
    var alphas = (try node.floats("activation_alpha") ?? [])[...], betas = (try node.floats("activation_beta") ?? [])[...]
    let functions = kinds.map { kind in
      let (alpha, beta) = kind.standard
      return RecurrentActivation(
        kind: kind, alpha: alpha.map { alphas.popFirst().map(Double.init) ?? $0 } ?? 0,
        beta: beta.map { betas.popFirst().map(Double.init) ?? $0 } ?? 0)
    }
    return (0..<directions).map { Array(functions[$0 * standard.count..<($0 + 1) * standard.count]) }
  }

  func value(_ x: Double) -> Double {
    switch kind {
    case .affine: alpha * x + beta
    case .elu: x >= 0 ? x : alpha * expm1(x)
    case .hardsigmoid: min(max(alpha * x + beta, 0), 1)
    case .leakyrelu: x >= 0 ? x : alpha * x
    case .relu: max(x, 0)
    case .scaledtanh: alpha * tanh(beta * x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .softsign: x / (1 + abs(x))
    case .tanh: tanh(x)
    case .thresholdedrelu: x >= alpha ? x : 0
    }
  }

  /// The derivative at `x`; at kinks as in PyTorch: that of the side towards 0 or −∞.
  func slope(_ x: Double) -> Double {
    switch kind {
    case .affine: alpha
    case .elu: x > 0 ? 1 : alpha * exp(x)
    case .hardsigmoid: alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0
    case .leakyrelu: x > 0 ? 1 : alpha
    case .relu: x > 0 ? 1 : 0
    case .scaledtanh: alpha * beta * (1 - tanh(beta * x) * tanh(beta * x))
    case .sigmoid: value(x) * (1 - value(x))
    case .softplus: 1 / (1 + exp(-x))
    case .softsign: 1 / ((1 + abs(x)) * (1 + abs(x)))
    case .tanh: 1 - tanh(x) * tanh(x)
    case .thresholdedrelu: x > alpha ? 1 : 0
    }
  }
}
