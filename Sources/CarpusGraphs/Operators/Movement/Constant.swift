public import CarpusTensors

/// `Y` is the value of an attribute: `value`, a tensor; `sparse_value`, a tensor most of whose elements are 0; `value_float`, `value_int` or
/// `value_string`, a scalar; `value_floats`, `value_ints` or `value_strings`, a vector. Floating-point numbers are float32, integers int64.
public struct Constant: Inspecting {
  public static let signature = OperatorSignature("Constant", operands: 0...0, numerics: .moves, gradient: .stops)
  private let value: Tensor

  public init(_ node: inout NodeReader) throws(OperatorError) {
    var values: [Tensor] = []
    if let value = try node.tensor("value") { values.append(value) }
    if let value = try node.tensor("sparse_value") { values.append(value) }
    if let value = try node.string("value_string") { values.append(Tensor([value], shape: [])) }
    if let value = try node.strings("value_strings") { values.append(Tensor(value, shape: [value.count])) }
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
