import CarpusTensors

/// `Y = values[i]` where `X = keys[i]`, else a default, element by element.
///
/// Keys and values are `keys_T` and `values_T` with T one of `strings`, `int64s`, `floats`, or, since version 4, `tensor`. Of equal keys the
/// last one counts since version 4 and the first one before. Every NaN is the same key.
///
/// - Operands: `X`, of the type of the keys.
/// - Results: `Y`, of the type of the values.
public struct LabelEncoder: Operator {
  public static let signature = OperatorSignature(
    "LabelEncoder", domain: "ai.onnx.ml", since: 2, operands: 1...1, numerics: .exact, gradient: .stops)
  private let table: LabelTable

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let keys = try Self.list("keys", &node), values = try Self.list("values", &node)
    let integer = try node.int("default_int64") ?? -1, float = try node.float("default_float") ?? -0.0
    let text = try node.string("default_string") ?? "_Unused"
    let other: Tensor
    if let given = try node.tensor("default_tensor") {
      other = given
    } else if values.elementType == .string {
      other = Tensor([text], shape: [])
    } else {
      other = values.elementType.isInteger
        ? Tensor(scalar: Int64(integer)).converted(to: values.elementType) : Tensor(scalar: float).converted(to: values.elementType)
    }
    table = try LabelTable(keys, values, other: other, isByValue: node.opset >= 4, lastWins: node.opset >= 4)
  }

  private static func list(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> Tensor {
    var found: [Tensor] = []
    if let texts = try node.strings(name + "_strings"), !texts.isEmpty { found.append(Tensor(texts, shape: [texts.count])) }
    if let integers = try node.ints(name + "_int64s"), !integers.isEmpty { found.append(Tensor(integers.map { Int64($0) })) }
    if let floats = try node.floats(name + "_floats"), !floats.isEmpty { found.append(Tensor(floats)) }
    if let tensor = try node.tensor(name + "_tensor") { found.append(tensor) }
    guard let list = found.first, found.count == 1 else {
      throw .attribute("there must be one list of \(name), and there are \(found.count)")
    }
    guard [.string, .int64, .float32, .int32, .int16, .float64].contains(list.elementType) else {
      throw .attribute("the \(name) must be text or numbers, not \(list.elementType)")
    }
    return list
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try table.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try table.look(up: operands[0], into: &results)
  }

  // MARK: Gradient

  /// Labels have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
