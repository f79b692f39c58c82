import CarpusTensors
import Glibc

/// One step of Adam: `G′ = norm · X + G`, `V′ = α V + (1 − α) G′`, `H′ = β H + (1 − β) G′²`, `X′ = (1 − post) (X − r V′ / (√H′ + ε))` with
/// `r = R √(1 − βᵀ) / (1 − αᵀ)`, or `r = R` for the first step, T = 0.
///
/// - Operands: the learning rate `R`, the count of updates `T`, then tensors `X`, their gradients `G`, and the means of their gradients `V`
///   and of the squares of these `H`.
/// - Results: the new tensors, then the new means, then the new means of squares.
public struct Adam: OptimizerRule {
  public static let signature = OperatorSignature(
    "Adam", domain: "ai.onnx.preview.training", operands: 6...OperatorSignature.any, results: 3...OperatorSignature.any,
    gradient: .defined)
  static let stateCount = 2
  private let norm, post, alpha, beta, epsilon: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    norm = Double(try node.float("norm_coefficient") ?? 0)
    post = Double(try node.float("norm_coefficient_post") ?? 0)
    alpha = Double(try node.float("alpha") ?? 0.9)
    beta = Double(try node.float("beta") ?? 0.999)
    epsilon = Double(try node.float("epsilon") ?? 1e-6)
  }

  // MARK: Kernel

  /// What the learning rate is multiplied by, because the means begin with zeros.
  private func correction(_ count: Double) -> Double { count > 0 ? (1 - pow(beta, count)).squareRoot() / (1 - pow(alpha, count)) : 1 }

  func updated(_ element: OptimizedElement, count: Double) -> OptimizedElement {
    let gradient = norm * element.value + element.gradient
    let mean = alpha * element.states[0] + (1 - alpha) * gradient
    let squares = beta * element.states[1] + (1 - beta) * gradient * gradient
    let value = element.value - element.rate * correction(count) * mean / (squares.squareRoot() + epsilon)
    return OptimizedElement(value: (1 - post) * value, states: [mean, squares])
  }

  // MARK: Gradient

  /// Where `H′` is 0 the root has no derivative, and none flows through it.
  func pulledBack(_ element: OptimizedElement, count: Double, seed: OptimizedElement) -> OptimizedElement {
    let inner = norm * element.value + element.gradient, new = updated(element, count: count).states
    let root = new[1].squareRoot(), divisor = root + epsilon, rate = element.rate * correction(count), own = (1 - post) * seed.value
    let mean = seed.states[0] - own * rate / divisor
    let squares = seed.states[1] + (root > 0 ? own * rate * new[0] / (divisor * divisor) / (2 * root) : 0)
    let gradient = (1 - alpha) * mean + 2 * (1 - beta) * inner * squares
    return OptimizedElement(
      value: own + norm * gradient, gradient: gradient, states: [alpha * mean, beta * squares], rate: -own * correction(count) * new[0] / divisor)
  }
}
