import CarpusTensors

/// What the models of ai.onnx.ml have in common: `X`, numbers `[N, F]`, or `[F]` for one row.
enum Features {
  static let types: [ElementType] = [.float32, .float64, .int64, .int32]

  /// Number of rows, and of features; `nil` where they are not known.
  static func extents(_ operands: [OperandInfo]) throws(OperatorError) -> (rows: Int?, features: Int?) {
    let x = try operands.tensor(0, of: types)
    guard let extents = x.shape.extents else { return (nil, nil) }
    switch extents.count {
    case 1: return (1, extents[0])
    case 2: return (extents[0], extents[1])
    default: throw .operands("X must have the shape [N, F] or [F], not \(x.shape)")
    }
  }

  /// Number of rows of an `X` with `count` features.
  static func rows(_ operands: [OperandInfo], features count: Int) throws(OperatorError) -> Int? {
    let (rows, features) = try extents(operands)
    if let features, features != count { throw .operands("X has \(features) features and the model \(count)") }
    return rows
  }

  /// `X` as `[N, F]`, of float32 if it is that and of float64 otherwise; `nil` while its rank is not known.
  static func matrix(_ operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> Value? {
    let type = try infos.tensor(0, of: types)
    guard let rank = type.shape.rank, var x = operands[0] else { return nil }
    if type.elementType != .float32 { x = try graph.add(Cast(to: .float64), x) }
    return rank == 1 ? try graph.add(Unsqueeze(axes: [0]), x) : x
  }
}
