import CarpusTensors

/// `Y[i]` is what the map `X` has for word `i` of the vocabulary, or 0 (the empty text).
///
/// - Operands: `X`, a map from text (with `string_vocabulary`) or int64 (with `int64_vocabulary`) to numbers or text.
/// - Results: `Y`, a vector of the type of the map's values.
/// - Throws: when the map has a key that is not in the vocabulary.
public struct DictVectorizer: Operator {
  public static let signature = OperatorSignature(
    "DictVectorizer", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .stops)
  private let vocabulary: Vocabulary

  public init(_ node: inout NodeReader) throws(OperatorError) {
    vocabulary = try Vocabulary(&node, integers: "int64_vocabulary", texts: "string_vocabulary")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard case .map(let key, let value)? = operands[0].type, let element = value.tensor?.elementType else {
      throw .operands("operand 0 must be a map, not \(operands[0].type?.description ?? "nothing")")
    }
    guard key == vocabulary.keyType else { throw .operands("the keys of the map are of \(key), and the vocabulary of \(vocabulary.keyType)") }
    guard [.int64, .float32, .float64, .string].contains(element) else { throw .operands("the map leads to \(element)") }
    return [ValueType(element, [vocabulary.count])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard case .map(let keys, let values)? = operands.value(0) else { throw .operands("operand 0 must be a map") }
    var sources = [Int64](repeating: Int64(values.shape.count), count: vocabulary.count)
    for (index, key) in TableKey.keys(keys, isByValue: true).enumerated() {
      guard let place = vocabulary.places[key] else { throw .operands("the map has the key \(key), which is not in the vocabulary") }
      sources[place] = Int64(index)
    }
    if let texts = values.texts { return try results.setTexts(0, sources.map { Int($0) < texts.count ? texts[Int($0)] : "" }) }
    if let integers = values.integers {
      results.set(0, .tensor(Tensor(sources.map { Int($0) < integers.count ? Int64(integers[Int($0)]) : 0 })))
    } else {
      let numbers = values.doubles
      results.setNumbers(sources.map { Int($0) < numbers.count ? numbers[Int($0)] : 0 })
    }
  }

  // MARK: Gradient

  /// A map is no tensor.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
