import CarpusTensors

/// An operator whose result has the elements of its first operand, in their order, in another shape.
protocol Reshaping: Forwarding, Joining, Viewing {}

extension Reshaping {
  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { Self.forwardsEqualTypes(operands, results) }

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    index == 0 ? operands.shape(0).flatMap { Self.reshaped($0, to: result) } : nil
  }

  func joined(_ operands: [OperandInfo]) -> Int? { 1 }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.copyElements(of: operands[0]) }

  /// ∂X is ∂Y in the shape of X.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try graph.reshapedBack(step, seeds)
  }
}

/// An operator that puts in or drops axes of extent 1, named by an attribute or, since version 13, by an operand.
protocol AxisReshaping: Reshaping, Writable {
  var axes: [Int]? { get }
  init(axes: [Int]?)

  /// The shape of the result for the extents of `X` and what is known of the axes.
  func shape(_ extents: [Int?], _ list: IntegerList) throws(OperatorError) -> PartialShape
}

extension AxisReshaping {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init(axes: try node.ints("axes")) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let list = try operands.integerList(1, or: axes)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    return [ValueType(x.elementType, try shape(extents, list))]
  }

  public func written(opset: Int) -> WrittenNode {
    let name = Self.signature.name
    guard let axes else { return WrittenNode(name, since: 1) }
    return opset < 13
      ? WrittenNode(name, ["axes": .ints(axes)], since: 1) : WrittenNode(name, constants: [Tensor(axes.map(Int64.init))])
  }
}
