import CarpusTensors

/// `Y` is the values of a map in the order of their keys: side by side (`map_form` DENSE), or each in the column that its key names among
/// `max_map` columns (SPARSE), which are 0 or empty elsewhere; as float32, int64 or text (`cast_to`).
///
/// - Operands: `X`, a map from int64 to text or float32.
/// - Results: `Y`, `[1, n]`.
/// - Throws: when a text is no number, or a key no column.
public struct CastMap: Operator {
  public static let signature = OperatorSignature("CastMap", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .stops)
  private let target: ElementType
  /// Columns of the sparse form.
  private let width: Int?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let names: [String: ElementType] = ["TO_FLOAT": .float32, "TO_INT64": .int64, "TO_STRING": .string]
    let name = try node.string("cast_to") ?? "TO_FLOAT", form = try node.string("map_form") ?? "DENSE"
    guard let target = names[name] else { throw .attribute("cast_to must be TO_FLOAT, TO_INT64 or TO_STRING, not \(name)") }
    guard form == "DENSE" || form == "SPARSE" else { throw .attribute("map_form must be DENSE or SPARSE, not \(form)") }
    let width = try node.int("max_map") ?? 1
    guard form == "DENSE" || width > 0 else { throw .attribute("max_map must be positive, not \(width)") }
    self.target = target
    self.width = form == "DENSE" ? nil : width
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard case .map(.int64, let value)? = operands[0].type, let element = value.tensor?.elementType, element == .float32 || element == .string
    else { throw .operands("operand 0 must be a map from int64 to text or float32, not \(operands[0].type?.description ?? "nothing")") }
    var count: Int?
    if case .map(let keys, _)? = operands[0].known { count = keys.shape.count }
    return [try Movement.resultType(target, [1, width ?? count])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard case .map(let keys, let values)? = operands.value(0) else { throw .operands("operand 0 must be a map") }
    let numbers = keys.integers ?? [], order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var columns: [(column: Int, source: Int)] = []
    for (place, source) in order.enumerated() {
      if let width, !(0..<width).contains(numbers[source]) {
        throw .operands("the map has the key \(numbers[source]), and there are \(width) columns")
      }
      columns.append((width == nil ? place : numbers[source], source))
    }
    let count = results.shape(0).count
    if target == .string {
      let texts = values.texts ?? values.array(of: Float.self).map { String($0) }
      var result = [String](repeating: "", count: count)
      for (column, source) in columns { result[column] = texts[source] }
      return try results.setTexts(0, result)
    }
    var result = [Double](repeating: 0, count: count)
    if let texts = values.texts {
      for (column, source) in columns {
        guard let number = Double(texts[source]) else { throw .operands("the text \"\(texts[source])\" is no number") }
        result[column] = number
      }
    } else {
      let numbers = values.doubles
      for (column, source) in columns { result[column] = numbers[source] }
    }
    results.setNumbers(result)
  }

  // MARK: Gradient

  /// A map is no tensor.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
