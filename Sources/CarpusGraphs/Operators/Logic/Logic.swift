import CarpusTensors

/// What operators on truth values have in common.
enum Logic {
  static func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var shape = PartialShape([])
    for index in operands.indices {
      let type = try operands.tensor(index)
      guard type.elementType == .bool else { throw .operands("operand \(index) must be truth values, not \(type.elementType)") }
      shape = try Broadcasting.shape(shape, type.shape)
    }
    return [ValueType(.bool, shape)]
  }
}

/// An operator on two broadcast truth values.
protocol BinaryLogic: Pointwise, Attributeless {
  static func holds(_ a: Bool, _ b: Bool) -> Bool
}

extension BinaryLogic {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Logic.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    let x = a.elements(Bool.self), z = b.elements(Bool.self)
    var places = try BroadcastPlaces(a.shape, b.shape)
    var y = results.elements(0, as: Bool.self)
    for index in y.indices {
      y[index] = Self.holds(x[places.first], z[places.second])
      places.advance()
    }
  }

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
