import CarpusTensors

/// Pooling over all spatial axes: `[N, C, spatial extents…]` becomes `[N, C, 1, …]`.
protocol GlobalPool: Viewing {}

extension GlobalPool {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard let extents = x.shape.extents else { return [.tensor(x)] }
    guard extents.count >= 3 else { throw .operands("operand 0 must have a batch axis, a channel axis and spatial axes, not \(x.shape)") }
    return [ValueType(x.elementType, PartialShape(extents.enumerated().map { $0 < 2 ? $1 : 1 }))]
  }

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    operands.shape(0).map { $0.extents.indices.map { $0 < 2 ? .same($0) : .all } }
  }
}

/// A global pooling that is a reduction.
protocol GlobalReducing: GlobalPool, Attributeless {
  static var reduction: Reduction { get }
}

extension GlobalReducing {
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.reduce(
        Self.reduction, x.elements(T.self), outer: x.shape[0] * x.shape[1], reduced: x.shape.extents.dropFirst(2).reduce(1, *), inner: 1,
        into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
