import CarpusTensors
import Foundation

/// A window that is a sum of cosines.
protocol CosineWindowing: Operator {
  /// a₀, a₁, a₂
  static var coefficients: (Double, Double, Double) { get }
  var window: CosineWindow { get }
  init(window: CosineWindow)
}

extension CosineWindowing {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init(window: try CosineWindow(&node, Self.coefficients)) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try window.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { window.evaluate(into: &results) }

  /// The result depends on nothing that has a gradient.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

/// What the windows that are sums of cosines have in common: `Y[n] = a₀ − a₁ cos(2πn/N) + a₂ cos(4πn/N)`, where N is `size` or, with `periodic` 0,
/// `size` − 1. A window of one element is 1.
struct CosineWindow: Sendable {
  private let coefficients: (Double, Double, Double)
  private let isPeriodic: Bool
  private let target: ElementType

  init(_ node: inout NodeReader, _ coefficients: (Double, Double, Double)) throws(OperatorError) {
    self.coefficients = coefficients
    isPeriodic = try node.flag("periodic", default: true)
    target = try node.elementType("output_datatype") ?? .float32
    guard target.isFloatingPoint || target.isInteger else { throw .attribute("attribute output_datatype must be a numeric type, not \(target)") }
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    switch try operands.integerList(0, or: nil) {
    case .absent: throw .operands("the size is missing")
    case .later: return [ValueType(target, [nil])]
    case .known(let size):
      guard size.count == 1, size[0] >= 0 else { throw .operands("the size must be one number that is not negative, not \(size)") }
      return [try Movement.resultType(target, [size[0]])]
    }
  }

  func evaluate(into results: inout Results) {
    let size = results.shape(0).count, period = Double(isPeriodic ? size : size - 1), (a0, a1, a2) = coefficients
    let values = (0..<size).map { n in
      let angle = 2 * Double.pi * Double(n) / period
      return size == 1 ? 1 : a0 - a1 * cos(angle) + a2 * cos(2 * angle)
    }
    results.set(0, .tensor(Tensor(values).converted(to: results.elementType(0))))
  }
}
