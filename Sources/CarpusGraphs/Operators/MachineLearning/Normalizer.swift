import CarpusTensors

/// `Y = X / max X` (MAX), `X / Σ |X|` (L1) or `X / √Σ X²` (L2) for each row; `Y = X` where the divisor is 0.
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, C]` or `[C]`.
/// - Results: `Y`, float32.
public struct Normalizer: StandIn {
  public static let signature = OperatorSignature("Normalizer", domain: "ai.onnx.ml", operands: 1...1, gradient: .defined)

  private enum Norm: String, CaseIterable { case max = "MAX", l1 = "L1", l2 = "L2" }
  private let norm: Norm

  public init(_ node: inout NodeReader) throws(OperatorError) { norm = try node.choice("norm", default: .max) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try Features.extents(operands)
    return [ValueType(.float32, try operands.tensor(0).shape)]
  }

  /// Gradients are those of the nodes: that of the largest element is shared among equals, and that of |X| is 0 at 0.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard var x = operands[0], try infos.tensor(0).shape.rank != nil else { return nil }
    if try infos.tensor(0).elementType != .float32 { x = try graph.add(Cast(to: .float64), x) }
    let axes: [String: AttributeValue] = ["axes": .ints([-1])]
    let norm = switch self.norm {
    case .max: try graph.add(ReduceMax.self, axes, x)
    case .l1: try graph.add(ReduceL1.self, axes, x)
    case .l2: try graph.add(ReduceL2.self, axes, x)
    }
    let isZero = try graph.add(Equal(), norm, graph.scalar(0, like: x))
    let divisor = try graph.add(Where(), isZero, graph.scalar(1, like: x), norm)
    return [try graph.add(Cast(to: .float32), try graph.quotient(x, divisor))]
  }
}
