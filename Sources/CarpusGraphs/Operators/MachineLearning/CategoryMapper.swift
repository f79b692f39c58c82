import CarpusTensors

/// `Y` is the number `cats_int64s[i]` of a text `cats_strings[i]`, or its text; a default for what is in neither list.
///
/// - Operands: `X`, text or int64.
/// - Results: `Y`, int64 or text.
public struct CategoryMapper: Operator {
  public static let signature = OperatorSignature(
    "CategoryMapper", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .stops)
  private let tables: TextNumbers

  public init(_ node: inout NodeReader) throws(OperatorError) {
    tables = try TextNumbers(&node, try node.strings("cats_strings") ?? [], (try node.ints("cats_int64s") ?? []).map { Int64($0) })
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try tables.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try tables.look(up: operands[0], into: &results)
  }

  // MARK: Gradient

  /// Labels have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
