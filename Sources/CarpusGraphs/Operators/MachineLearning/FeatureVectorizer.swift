import CarpusTensors

/// `Y` is all operands side by side, each cut or filled up with zeros to the number of columns that `inputdimensions` gives it.
///
/// - Operands: float32, float64, int64 or int32, `[N, Cᵢ]`, or `[Cᵢ]` for one row.
/// - Results: `Y`, float32 `[N, Σ dimensions]`.
public struct FeatureVectorizer: StandIn {
  public static let signature = OperatorSignature(
    "FeatureVectorizer", domain: "ai.onnx.ml", operands: 1...OperatorSignature.any, gradient: .defined)
  private let dimensions: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    dimensions = try node.ints("inputdimensions")
    if let dimensions {
      guard dimensions.count == node.operandCount, dimensions.allSatisfy({ (0...1 << 40).contains($0) }) else {
        throw .attribute("inputdimensions must hold a size for each of \(node.operandCount) operands, not \(dimensions)")
      }
    }
  }

  /// Extents of each operand as a matrix.
  private func extents(_ operands: [OperandInfo]) throws(OperatorError) -> [(rows: Int?, columns: Int?)] {
    var result: [(Int?, Int?)] = []
    for index in operands.indices { result.append(try Features.extents([operands[index]])) }
    return result
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let extents = try extents(operands)
    let rows = Set(extents.compactMap(\.rows))
    guard rows.count <= 1 else { throw .operands("the operands have different numbers of rows: \(rows.sorted())") }
    let columns = dimensions ?? extents.compactMap(\.columns)
    let total = columns.reduce(into: 0) { $0 = $0.addingReportingOverflow($1).partialValue }
    return [try Movement.resultType(.float32, [rows.first, columns.count == operands.count ? total : nil])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    var parts: [Value?] = []
    for (index, extents) in try extents(infos).enumerated() {
      guard let rows = extents.rows, let columns = extents.columns else { return nil }
      guard let x = try Features.matrix([operands[index]], [infos[index]], in: &graph) else { return nil }
      let part = try graph.add(Cast(to: .float32), x), wanted = dimensions?[index] ?? columns
      parts.append(wanted < columns ? try graph.add(Slice(0..<wanted, axis: 1), part) : part)
      if wanted > columns {
        guard case .tensor(let type) = try Movement.resultType(.float32, [rows, wanted - columns]), let shape = type.shape.shape else { return nil }
        parts.append(try graph.expanded(graph.constant(Tensor(scalar: 0 as Float)), to: shape))
      }
    }
    return try graph.add(Concat(axis: 1), parts, results: 1)
  }
}
