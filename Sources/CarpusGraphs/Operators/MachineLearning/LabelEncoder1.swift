import CarpusTensors

/// `LabelEncoder` before version 2: `Y` is the text `classes_strings[X]` of a number, or the number of a text; a default for what is neither.
///
/// - Operands: `X`, int64 or text.
/// - Results: `Y`, text or int64.
public struct LabelEncoder1: Operator {
  public static let signature = OperatorSignature(
    "LabelEncoder", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .stops)
  private let tables: TextNumbers

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let texts = try node.strings("classes_strings") ?? []
    tables = try TextNumbers(&node, texts, texts.indices.map { Int64($0) })
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

/// Texts and their numbers, looked up in the direction that the operand asks for.
struct TextNumbers: Sendable {
  private let ofTexts, ofNumbers: LabelTable

  init(_ node: inout NodeReader, _ texts: [String], _ numbers: [Int64]) throws(OperatorError) {
    let text = try node.string("default_string") ?? "_Unused", number = try node.int("default_int64") ?? -1
    let left = Tensor(texts, shape: [texts.count]), right = Tensor(numbers)
    ofTexts = try LabelTable(left, right, other: Tensor(scalar: Int64(number)), lastWins: true)
    ofNumbers = try LabelTable(right, left, other: Tensor([text], shape: []), lastWins: true)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: [.string, .int64])
    return try (x.elementType == .string ? ofTexts : ofNumbers).resultTypes(for: operands)
  }

  func look(up x: Tensor, into results: inout Results) throws(OperatorError) {
    try (x.elementType == .string ? ofTexts : ofNumbers).look(up: x, into: &results)
  }
}
