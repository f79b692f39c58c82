public import CarpusTensors

/// `Y` is the number of elements of `X`, an int64 scalar.
///
/// - Operands: `X`, any type and shape.
public struct Size: Inspecting, Attributeless {
  public static let signature = OperatorSignature("Size", operands: 1...1, numerics: .moves, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.tensor(0)
    return [ValueType(.int64, Shape([]))]
  }

  public func inspected(_ operands: [OperandInfo]) -> Tensor? {
    operands[0].type?.staticShape.map { Tensor(scalar: Int64($0.count)) }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let count = operands[0].shape.count
    var y = results.elements(0, as: Int64.self)
    y[0] = Int64(count)
  }

  // MARK: Gradient

  /// The number does not change with the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
