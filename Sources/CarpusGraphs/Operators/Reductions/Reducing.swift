import CarpusTensors

/// A reduction over axes, which all reductions name alike.
protocol Reducing: Viewing {
  var axes: ReductionAxes { get }
  init(axes: ReductionAxes)
}

extension Reducing {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init(axes: try ReductionAxes(&node)) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    index == 0 ? axes.views(operands) : nil
  }
}

/// A reduction that a kernel does, and that integers have too.
protocol KernelReducing: Reducing {
  static var reduction: Reduction { get }
}

extension KernelReducing {
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(Self.reduction, operands, into: &results)
  }
}

/// A reduction that is not linear.
protocol CurvedReducing: Reducing {
  static var adjoint: ReductionAdjoint.Kind { get }
}

extension CurvedReducing {
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try axes.pullback(Self.adjoint, step, seeds[0], in: &graph)
  }
}

/// The largest or the smallest of numbers or truth values.
protocol ExtremalReducing: CurvedReducing {
  static var reduction: Reduction { get }
}

extension ExtremalReducing {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try axes.resultTypes(for: operands, takesTruth: true)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard results.elementType(0) != .bool else {
      return try axes.reduceTruth(toLargest: Self.reduction == .maximum, operands, into: &results)
    }
    try axes.reduce(Self.reduction, operands, into: &results)
  }
}
