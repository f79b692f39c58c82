import CarpusTensors

/// One step of gradient descent with momentum: `G′ = norm · X + G`, `V′ = α V + β G′` (β = 1 for the first step, T = 0), and
/// `X′ = X − R V′`, or `X′ = X − R (G′ + α V′)` in the mode `nesterov`.
///
/// - Operands: the learning rate `R`, the count of updates `T`, then tensors `X`, their gradients `G` and their momenta `V`.
/// - Results: the new tensors, then their new momenta.
public struct Momentum: OptimizerRule {
  public static let signature = OperatorSignature(
    "Momentum", domain: "ai.onnx.preview.training", operands: 5...OperatorSignature.any, results: 2...OperatorSignature.any,
    gradient: .defined)
  static let stateCount = 1
  private let norm: Double
  private let alpha, beta: Double
  private let isNesterov: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    norm = Double(try node.float(required: "norm_coefficient"))
    alpha = Double(try node.float(required: "alpha"))
    beta = Double(try node.float(required: "beta"))
    let mode = try node.string("mode") ?? ""
    guard ["standard", "nesterov"].contains(mode) else {
      throw .attribute("attribute mode must be standard or nesterov, not '\(mode)'")
    }
    isNesterov = mode == "nesterov"
  }

  // MARK: Kernel

  private func gain(_ count: Double) -> Double { count > 0 ? beta : 1 }

  func updated(_ element: OptimizedElement, count: Double) -> OptimizedElement {
    let gradient = norm * element.value + element.gradient
    let momentum = alpha * element.states[0] + gain(count) * gradient
    let direction = isNesterov ? gradient + alpha * momentum : momentum
    return OptimizedElement(value: element.value - element.rate * direction, gradient: direction, states: [momentum, 0])
  }

  // MARK: Gradient

  func pulledBack(_ element: OptimizedElement, count: Double, seed: OptimizedElement) -> OptimizedElement {
    let direction = -element.rate * seed.value
    let momentum = seed.states[0] + (isNesterov ? alpha : 1) * direction
    let gradient = gain(count) * momentum + (isNesterov ? direction : 0)
    return OptimizedElement(
      value: seed.value + norm * gradient, gradient: gradient, states: [alpha * momentum, 0],
      rate: -seed.value * updated(element, count: count).gradient)
  }
}
