import CarpusTensors

/// The axis of a softmax, or the axes that are taken as one.
struct SoftmaxAxis: Sendable {
  private let axis: Int
  private let joinsAxes: Bool

  init(_ node: inout NodeReader) throws(OperatorError) {
    joinsAxes = node.opset < 13
    axis = try node.int("axis") ?? (joinsAxes ? 1 : -1)
  }

  /// A single axis.
  init(_ axis: Int) {
    self.axis = axis
    joinsAxes = false
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank { _ = try resolved(rank) }
    return [.tensor(x)]
  }

  /// A tensor of `shape` as outer × count × inner, the middle one being what is normalised.
  func extents(_ shape: Shape) throws(OperatorError) -> (outer: Int, count: Int, inner: Int) {
    let axis = try resolved(shape.rank)
    let outer = shape.extents.prefix(axis).reduce(1, *)
    let end = joinsAxes ? shape.rank : axis + 1
    return (outer, shape.extents.prefix(end).dropFirst(axis).reduce(1, *), shape.extents.dropFirst(end).reduce(1, *))
  }

  func views(rank: Int) -> [AxisView]? {
    guard let axis = try? resolved(rank) else { return nil }
    return (0..<rank).map { $0 == axis || joinsAxes && $0 > axis ? .all : .same($0) }
  }

  /// The axes that are normalised together, for a rank.
  func axes(rank: Int) throws(OperatorError) -> [Int] {
    let axis = try resolved(rank)
    return joinsAxes ? Array(axis..<rank) : [axis]
  }

  func written(_ name: String, opset: Int) throws(OperatorError) -> WrittenNode {
    guard joinsAxes == (opset < 13) else {
      throw .unsupported("\(name) of version \(joinsAxes ? "12 or older" : "13") does not mean the same in version \(opset)")
    }
    return WrittenNode(name, ["axis": .int(axis)], since: 1)
  }

  private func resolved(_ rank: Int) throws(OperatorError) -> Int {
    // A matrix of one column: no axis follows.
    if joinsAxes, axis == rank { return axis }
    return try Axes.resolved(axis, rank: rank)
  }
}

/// A softmax or its logarithm along an axis.
protocol ExponentialNormalizing: Viewing, Writable, Floating {
  var axis: SoftmaxAxis { get }
  init(_ axis: SoftmaxAxis)
}

extension ExponentialNormalizing {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init(try SoftmaxAxis(&node)) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axis.resultTypes(for: operands) }

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    operands.shape(0).flatMap { axis.views(rank: $0.rank) }
  }

  public func written(opset: Int) throws(OperatorError) -> WrittenNode { try axis.written(Self.signature.name, opset: opset) }
}
