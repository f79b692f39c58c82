import CarpusTensors

/// `Z[…, j] = X[…, Y[j]]`: columns of `X`.
///
/// - Operands: `X`, float32, float64, int64, int32 or text, rank at least 1; `Y`, int64, any shape, in the order of its elements.
/// - Results: `Z`, the shape of `X` with as many columns as `Y` has elements; `[1, n]` for a vector `X`.
/// - Throws: when there is no such column.
public struct ArrayFeatureExtractor: StandIn, Attributeless {
  public static let signature = OperatorSignature(
    "ArrayFeatureExtractor", domain: "ai.onnx.ml", operands: 2...2, numerics: .moves, gradient: .defined)

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: Features.types + [.string]), indices = try operands.tensor(1, of: [.int64, .int32])
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard !extents.isEmpty else { throw .operands("X must have at least one axis") }
    let count = indices.shape.shape?.count
    return [try Movement.resultType(x.elementType, extents.count == 1 ? [1, count] : extents.dropLast() + [count])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let rank = try infos.tensor(0).shape.rank, let x = operands[0], let y = operands[1] else { return nil }
    let indices = try graph.add(Reshape.self, ["shape": .ints([-1])], y)
    let picked = try graph.add(Gather(axis: rank - 1), x, indices)
    return [rank == 1 ? try graph.add(Unsqueeze(axes: [0]), picked) : picked]
  }
}
