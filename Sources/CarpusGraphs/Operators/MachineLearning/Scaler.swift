import CarpusTensors

/// `Y = (X - offset) · scale`, with one offset and scale for all features or one for each.
///
/// - Operands: `X`, float32, float64, int64 or int32, `[…, F]`.
/// - Results: `Y`, float32.
public struct Scaler: StandIn {
  public static let signature = OperatorSignature("Scaler", domain: "ai.onnx.ml", operands: 1...1, gradient: .defined)
  private let offset, scale: [Float]

  public init(_ node: inout NodeReader) throws(OperatorError) {
    offset = try node.floats("offset") ?? [0]
    scale = try node.floats("scale") ?? [1]
    guard !offset.isEmpty, offset.count == scale.count || offset.count == 1 || scale.count == 1 else {
      throw .attribute("\(offset.count) offsets and \(scale.count) scales do not fit together")
    }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: Features.types)
    let count = max(offset.count, scale.count)
    if let extents = x.shape.extents, let last = extents.last ?? 1, count != 1, last != count {
      throw .operands("X has \(last) features, and there are \(count) scales")
    }
    return [ValueType(.float32, x.shape)]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard var x = operands[0], try infos.tensor(0).shape.rank != nil else { return nil }
    if try infos.tensor(0).elementType != .float32 { x = try graph.add(Cast(to: .float64), x) }
    let centred = try graph.add(Sub(), x, graph.numbers(offset, offset.count == 1 ? [] : [offset.count], like: x))
    let y = try graph.product(centred, graph.numbers(scale, scale.count == 1 ? [] : [scale.count], like: x))
    return [try graph.add(Cast(to: .float32), y)]
  }
}
