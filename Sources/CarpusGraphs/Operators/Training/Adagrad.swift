import CarpusTensors

/// One step of Adagrad: `G′ = norm · X + G`, `H′ = H + G′²`, `X′ = X − R / (1 + T · decay) · G′ / (√H′ + ε)`.
///
/// - Operands: the learning rate `R`, the count of updates `T`, then tensors `X`, their gradients `G` and their sums of squares `H`.
/// - Results: the new tensors, then their new sums of squares.
public struct Adagrad: OptimizerRule {
  public static let signature = OperatorSignature(
    "Adagrad", domain: "ai.onnx.preview.training", operands: 5...OperatorSignature.any, results: 2...OperatorSignature.any,
    gradient: .defined)
  static let stateCount = 1
  private let norm, decay, epsilon: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    norm = Double(try node.float("norm_coefficient") ?? 0)
    decay = Double(try node.float("decay_factor") ?? 0)
    epsilon = Double(try node.float("epsilon") ?? 1e-6)
  }

  // MARK: Kernel

  func updated(_ element: OptimizedElement, count: Double) -> OptimizedElement {
    let gradient = norm * element.value + element.gradient, squares = element.states[0] + gradient * gradient
    let direction = gradient / (squares.squareRoot() + epsilon)
    return OptimizedElement(value: element.value - element.rate / (1 + count * decay) * direction, states: [squares, 0])
  }

  // MARK: Gradient

  /// Where `H′` is 0 the root has no derivative, and none flows through it.
  func pulledBack(_ element: OptimizedElement, count: Double, seed: OptimizedElement) -> OptimizedElement {
    let inner = norm * element.value + element.gradient, root = (element.states[0] + inner * inner).squareRoot()
    let divisor = root + epsilon, factor = 1 / (1 + count * decay), rate = element.rate * factor
    let squares = seed.states[0] + (root > 0 ? seed.value * rate * inner / (divisor * divisor) / (2 * root) : 0)
    let gradient = 2 * inner * squares - seed.value * rate / divisor
    return OptimizedElement(
      value: seed.value + norm * gradient, gradient: gradient, states: [squares, 0], rate: -seed.value * factor * inner / divisor)
  }
}
