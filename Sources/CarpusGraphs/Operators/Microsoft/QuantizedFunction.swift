import CarpusTensors

extension GraphBuilder {
  /// `(X − zeroPoint) · scale` of the operands from `index` on; the zero point may be left out.
  mutating func dequantized(_ operands: [Value?], at index: Int) throws(OperatorError) -> Value {
    return try add(DequantizeLinear(), [operands[index], operands[index + 1], operands.optional(index + 2)], results: 1)[0]
  }

  /// `saturate(round(x / scale) + zeroPoint)` with the scale and the zero point from the operands from `index` on, in the type of operand `model`.
  mutating func quantized(_ x: Value, _ operands: [Value?], at index: Int, like model: Int) throws(OperatorError) -> Value {
    guard let value = operands[model], case .tensor(let type) = type(of: value) else { throw .operands("operand \(model) must be a tensor") }
    return try add(QuantizeLinear(to: type.elementType), [x, operands[index], operands.optional(index + 1)], results: 1)[0]
  }
}

/// A function of quantised numbers, quantised again.
///
/// Operands: `X`, `xScale`, `xZero`, `yScale`, `yZero`.
protocol QuantizedFunction: Fused {
  var function: any Operator { get }
}

extension QuantizedFunction {
  func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
    let y = try graph.add(function, graph.dequantized(operands, at: 0))
    return [try graph.quantized(y, operands, at: 3, like: 0)]
  }
}

/// A function of two quantised numbers, quantised again.
///
/// Operands: `A`, `aScale`, `aZero`, `B`, `bScale`, `bZero`, `yScale`, `yZero`.
protocol QuantizedBinaryFunction: Fused {
  var function: any Operator { get }
}

extension QuantizedBinaryFunction {
  func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
    let y = try graph.add(function, graph.dequantized(operands, at: 0), graph.dequantized(operands, at: 3))
    return [try graph.quantized(y, operands, at: 6, like: 0)]
  }
}
