import CarpusTensors

/// An operator that changes extents, each element of the result being a mean of elements near its place, axis by axis.
protocol Resampling: Viewing {
  var interpolation: Interpolation { get }

  /// - Parameter x: the shape of the first operand.
  func map(_ x: Shape, _ operands: [OperandInfo]) throws(OperatorError) -> SeparableMap
}

extension Resampling {
  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let x = operands.shape(0), let map = try? map(x, operands) else { return nil }
    return map.axes.enumerated().map { axis, weights in weights?.view(axis) ?? .same(axis) }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try map(operands[0].shape, operands.infos).resize(operands[0], interpolation, into: &results)
  }
}
