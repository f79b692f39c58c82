public import CarpusTensors

/// `Y` is the value of an attribute: `value`, a tensor; `value_float` or `value_int`, a scalar; `value_floats` or
/// `value_ints`, a vector. Floating-point numbers are float32, integers int64.
public struct Constant: Inspecting {
  public static let signature = OperatorSignature("Constant", operands: 0...0, numerics: .moves, gradient: .stops)
  private let value: Tensor

  public init(_ node: inout NodeReader) throws(OperatorError) {
    for name in ["value_string", "value_strings", "sparse_value"] where node.unreadAttributes.contains(name) {
      throw .unsupported("constants given as \(name) are not supported; dense numbers are")
    }
    var values: [Tensor] = []
    if let value = try node.tensor("value") { values.append(value) }
    if let value = try node.float("value_float") { values.append(Tensor(scalar: value)) }
    if let value = try node.floats("value_floats") { values.append(Tensor(value)) }
    if let value = try node.int("value_int") { values.append(Tensor(scalar: Int64(value))) }
    if let value = try node.ints("value_ints") { values.append(Tensor(value.map { Int64($0) })) }
    guard let value = values.first, values.count == 1 else { throw .attribute("a constant has one value, and this has \(values.count)") }
    self.value = value
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) -> [ValueType] { [ValueType(value.elementType, value.shape)] }

  public func inspected(_ operands: [OperandInfo]) -> Tensor? { value }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.copyElements(of: value) }

  // MARK: Gradient

  /// There is no operand.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [] }
}
