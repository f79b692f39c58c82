import CarpusTensors

/// `Y = X Wᵀ + b`, with the axes of `X` from `axis` on, and of `W` from `axis_w` on, taken together. One of ONNX's experimental operators,
/// removed in version 1.2 of the standard.
///
/// - Operands: `X`, `W`, floating-point; `b`, `[M]`.
/// - Results: `Y`, `[N, M]`.
public struct FC: StandIn {
  public static let signature = OperatorSignature("FC", operands: 3...3, gradient: .defined)
  private let axes: [Int]

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = [try node.int("axis") ?? 1, try node.int("axis_w") ?? 1] }

  /// Rows and columns of an operand as a matrix.
  private func extents(_ operands: [OperandInfo], _ index: Int) throws(OperatorError) -> [Int?] {
    guard let extents = try operands.floatingTensor(index).shape.extents else { return [nil, nil] }
    guard (0...extents.count).contains(axes[index]) else { throw .attribute("operand \(index) has no axis \(axes[index])") }
    return [extents[..<axes[index]], extents[axes[index]...]].map { PartialShape(Array($0)).shape?.count }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try extents(operands, 0), w = try extents(operands, 1)
    if let a = x[1], let b = w[1], a != b { throw .operands("X has \(a) columns and W \(b)") }
    return [try Movement.resultType(try operands.floatingTensor(0).elementType, [x[0], w[0]])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard try infos.tensor(0).shape.rank != nil, try infos.tensor(1).shape.rank != nil else { return nil }
    let x = try graph.add(Flatten.self, ["axis": .int(axes[0])], operands[0])
    let w = try graph.add(Flatten.self, ["axis": .int(axes[1])], operands[1])
    return [try graph.add(Gemm.self, ["transB": .int(1)], x, w, operands[2])]
  }
}
