import CarpusTensors

/// `Y[…, c] = 1` where `X[…]` is category `c`, else 0. Numbers are cut off to integers first.
///
/// - Operands: `X`, text (with `cats_strings`), int64, int32, float32 or float64 (with `cats_int64s`), any shape.
/// - Results: `Y`, float32, with one more axis than `X`.
/// - Throws: when an element is none of the categories and `zeros` is 0.
public struct OneHotEncoder: Operator {
  public static let signature = OperatorSignature(
    "OneHotEncoder", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .stops)
  private let categories: Vocabulary
  private let allowsOthers: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    categories = try Vocabulary(&node, integers: "cats_int64s", texts: "cats_strings")
    allowsOthers = try node.int("zeros") ?? 1 != 0
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: categories.keyType == .string ? [.string] : Features.types)
    guard let extents = x.shape.extents else { return [ValueType(.float32, .unknown)] }
    return [try Movement.resultType(.float32, extents + [categories.count])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let keys = x.texts?.map(TableKey.init) ?? x.converted(to: .int64).array(of: Int64.self).map { .integer(Int($0)) }
    var y = results.elements(0, as: Float.self)
    for index in y.indices { y[index] = 0 }
    for (index, key) in keys.enumerated() {
      if let place = categories.places[key] {
        y[index * categories.count + place] = 1
      } else if !allowsOthers {
        throw .operands("element \(index), \(key), is none of the \(categories.count) categories")
      }
    }
  }

  // MARK: Gradient

  /// Categories have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
