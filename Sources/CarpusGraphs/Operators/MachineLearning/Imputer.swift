import CarpusTensors

/// `Y` is `X` with one value, which stands for what is missing, replaced: by one number for all features, or by one for each.
///
/// - Operands: `X`, float32 or float64 (with the attributes for floats; NaN can be what is replaced), int64 or int32, `[…, F]`.
public struct Imputer: StandIn {
  public static let signature = OperatorSignature("Imputer", domain: "ai.onnx.ml", operands: 1...1, gradient: .defined)
  private let floats: [Float], integers: [Int]
  private let missingFloat: Float, missingInteger: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    floats = try node.floats("imputed_value_floats") ?? []
    integers = try node.ints("imputed_value_int64s") ?? []
    missingFloat = try node.float("replaced_value_float") ?? 0
    missingInteger = try node.int("replaced_value_int64") ?? 0
    guard floats.isEmpty != integers.isEmpty else {
      throw .attribute("one of imputed_value_floats and imputed_value_int64s must be given")
    }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: Features.types)
    guard x.elementType.isFloatingPoint == integers.isEmpty else {
      throw .operands("X is of \(x.elementType), and what is put in are \(integers.isEmpty ? "floats" : "integers")")
    }
    let count = max(floats.count, integers.count)
    if let extents = x.shape.extents, let last = extents.last ?? 1, count != 1, last != count {
      throw .operands("X has \(last) features, and there are \(count) values to put in")
    }
    if x.elementType == .int32 {
      for value in integers + [missingInteger] where Int32(exactly: value) == nil { throw .operands("\(value) is no int32") }
    }
    return [.tensor(x)]
  }

  /// ∂X = ∂Y where nothing was replaced, else 0.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let type = try infos.tensor(0).elementType
    guard let x = operands[0], try infos.tensor(0).shape.rank != nil else { return nil }
    let imputed = integers.isEmpty ? Tensor(floats) : Tensor(integers.map { Int64($0) })
    let missing = integers.isEmpty ? Tensor(scalar: missingFloat) : Tensor(scalar: Int64(missingInteger))
    let isMissing = missingFloat.isNaN && integers.isEmpty
      ? try graph.add(Not(), graph.add(Equal(), x, x)) : try graph.add(Equal(), x, graph.constant(missing.converted(to: type)))
    let shaped = imputed.shape.count == 1 ? imputed.reshaped([]) : imputed
    return [try graph.add(Where(), isMissing, graph.constant(shaped.converted(to: type)), x)]
  }
}
