import CarpusTensors

/// The axes that a reduction runs over, from an attribute or an operand, and what all reductions do with them.
struct ReductionAxes: Sendable {
  private let axes: [Int]?
  let keepsAxes: Bool
  private let isIdentityWithoutAxes: Bool

  init(_ node: inout NodeReader) throws(OperatorError) {
    axes = try node.ints("axes")
    keepsAxes = try node.flag("keepdims", default: true)
    isIdentityWithoutAxes = try node.flag("noop_with_empty_axes", default: false)
  }

  init(_ axes: [Int], keepsAxes: Bool) {
    self.axes = axes
    self.keepsAxes = keepsAxes
    isIdentityWithoutAxes = true
  }

  /// The axes in ascending order, for a rank; `nil` when they are not known yet.
  func resolved(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> [Int]? {
    let given = axes ?? operands.knownIntegers(1)
    if given == nil && operands.isPresent(1) { return nil }
    let wanted = given ?? []
    if wanted.isEmpty { return isIdentityWithoutAxes ? [] : Array(0..<rank) }
    return try Axes.resolved(wanted, rank: rank).sorted()
  }

  /// Whether `[N, C, H, W]` becomes `[N, C, 1, 1]`.
  func keepsPlanes(_ operands: [OperandInfo]) -> Bool { keepsAxes && (try? resolved(operands, rank: 4)) == [2, 3] }

  /// - Parameter takesTruth: whether truth values may be reduced.
  func resultTypes(for operands: [OperandInfo], takesTruth: Bool = false) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard takesTruth || x.elementType != .bool else { throw .operands("truth values are no numbers") }
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard let axes = try resolved(operands, rank: extents.count) else {
      return [ValueType(x.elementType, keepsAxes ? .unknown(rank: extents.count) : .unknown)]
    }
    let result = extents.enumerated().compactMap { axis, extent in
      axes.contains(axis) ? (keepsAxes ? .some(.some(1)) : nil) : .some(extent)
    }
    return [ValueType(x.elementType, PartialShape(result))]
  }

  /// What a result sees of the first operand.
  func views(_ operands: [OperandInfo]) -> [AxisView]? {
    guard let rank = operands.shape(0)?.rank, let axes = try? resolved(operands, rank: rank) else { return nil }
    var target = 0
    return (0..<rank).map { axis in
      guard axes.contains(axis) else {
        defer { target += 1 }
        return .same(target)
      }
      target += keepsAxes ? 1 : 0
      return .all
    }
  }

  func reduce(_ reduction: Reduction, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    guard let axes = try resolved(operands.infos, rank: x.shape.rank) else { throw .operands("the axes are not integers") }
    let part = ReducedPart(x, axes, team: results.team)
    switch results.elementType(0) {
    case .float32: floating(Float.self, reduction, part, into: &results)
    case .float64: floating(Double.self, reduction, part, into: &results)
    case .int8: try integral(Int8.self, reduction, part, into: &results)
    case .int16: try integral(Int16.self, reduction, part, into: &results)
    case .int32: try integral(Int32.self, reduction, part, into: &results)
    case .int64: try integral(Int64.self, reduction, part, into: &results)
    case .uint8: try integral(UInt8.self, reduction, part, into: &results)
    case .uint16: try integral(UInt16.self, reduction, part, into: &results)
    case .uint32: try integral(UInt32.self, reduction, part, into: &results)
    case .uint64: try integral(UInt64.self, reduction, part, into: &results)
    default: throw .operands("no reduction of \(results.elementType(0))")
    }
  }

  /// `Y = f(X[…])`, calculated in double precision; for integers the result is cut off towards 0.
  func reduce(
    _ operands: borrowing Operands, into results: inout Results, _ function: (_ numbers: [Double]) -> Double
  ) throws(OperatorError) {
    let x = operands[0], team = results.team
    guard let axes = try resolved(operands.infos, rank: x.shape.rank) else { throw .operands("the axes are not integers") }
    let part = ReducedPart(x.converted(to: .float64, team: team), axes, team: team)
    let values = part.source.elements(Double.self)
    let reduced = (0..<results.shape(0).count).map { place in
      let first = place / part.inner * part.reduced * part.inner + place % part.inner
      return function((0..<part.reduced).map { values[first + $0 * part.inner] })
    }
    results.copyElements(of: Tensor(reduced).converted(to: results.elementType(0), team: team))
  }

  /// The largest or smallest of truth values; false is smaller than true.
  func reduceTruth(toLargest isLargest: Bool, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    guard let axes = try resolved(operands.infos, rank: x.shape.rank) else { throw .operands("the axes are not integers") }
    let part = ReducedPart(x, axes, team: results.team)
    let values = part.source.elements(Bool.self)
    var y = results.elements(0, as: Bool.self)
    for place in y.indices {
      let first = place / part.inner * part.reduced * part.inner + place % part.inner
      let contains = (0..<part.reduced).contains { values[first + $0 * part.inner] == isLargest }
      y[place] = contains == isLargest
    }
  }

  private func floating<T: KernelScalar>(_ type: T.Type, _ reduction: Reduction, _ part: ReducedPart, into results: inout Results) {
    let team = results.team
    var y = results.elements(0, as: T.self)
    Kernels.reduce(
      reduction, part.source.elements(T.self), outer: part.outer, reduced: part.reduced, inner: part.inner, into: &y, team: team)
  }

  private func integral<T: TensorElement & FixedWidthInteger>(
    _ type: T.Type, _ reduction: Reduction, _ part: ReducedPart, into results: inout Results
  ) throws(OperatorError) {
    let x = part.source.elements(T.self)
    var y = results.elements(0, as: T.self)
    for place in y.indices {
      let first = place / part.inner * part.reduced * part.inner + place % part.inner
      y[place] = try reduction.apply((0..<part.reduced).lazy.map { first + $0 * part.inner }, of: x)
    }
  }

  /// - Parameter first: the version in which the axes became an operand.
  func written(_ name: String, operandSince first: Int, opset: Int) -> WrittenNode {
    let kept = AttributeValue.int(keepsAxes ? 1 : 0), list = axes ?? []
    guard opset >= first else { return WrittenNode(name, ["keepdims": kept, "axes": .ints(list)], since: list.isEmpty ? first : 1) }
    return WrittenNode(
      name, ["keepdims": kept, "noop_with_empty_axes": .int(isIdentityWithoutAxes ? 1 : 0)], constants: [Tensor(list.map(Int64.init))], since: first)
  }

  /// A seed of the reduced shape, stretched to the operand's.
  func spread(_ seed: Value?, _ step: Step, in graph: inout GraphBuilder) throws(OperatorError) -> Value? {
    guard let seed, step.wants[0] else { return nil }
    let shape = try step.shape(0)
    return try graph.expanded(try graph.reshaped(seed, to: try keptShape(step)), to: shape)
  }

  /// The operand's shape with 1 along the reduced axes.
  func keptShape(_ step: Step) throws(OperatorError) -> Shape {
    let shape = try step.shape(0)
    guard let axes = try resolved(step.operandInfos, rank: shape.rank) else { throw .notDifferentiable("the axes depend on data") }
    return Shape(shape.extents.enumerated().map { axes.contains($0) ? 1 : $1 })
  }
}

/// A tensor as outer × reduced × inner, permuted if the reduced axes are not neighbours.
private struct ReducedPart {
  let source: Tensor
  let outer, reduced, inner: Int

  /// - Parameter axes: in ascending order.
  init(_ x: Tensor, _ axes: [Int], team: ThreadTeam) {
    let rank = x.shape.rank
    let first = axes.first ?? rank
    if axes == Array(first..<first + axes.count) {
      source = x
      outer = x.shape.extents.prefix(first).reduce(1, *)
      inner = x.shape.extents.dropFirst(first + axes.count).reduce(1, *)
    } else {
      let kept = (0..<rank).filter { !axes.contains($0) }
      source = x.permuted(kept + axes, team: team)
      outer = kept.reduce(1) { $0 * x.shape[$1] }
      inner = 1
    }
    reduced = axes.reduce(1) { $0 * x.shape[$1] }
  }
}

extension Reduction {
  /// What becomes of integers; they wrap around.
  fileprivate func apply<T: TensorElement & FixedWidthInteger>(
    _ places: some Sequence<Int>, of x: Span<T>
  ) throws(OperatorError) -> T {
    var sum: T = 0, product: T = 1, largest = T.min, smallest = T.max
    for place in places {
      let value = x[place]
      switch self {
      case .sum: sum &+= value
      case .l1: sum &+= value < 0 ? 0 &- value : value
      case .sumOfSquares: sum &+= value &* value
      case .product: product &*= value
      case .maximum: largest = max(largest, value)
      case .minimum: smallest = min(smallest, value)
      case .mean, .l2: throw .unsupported("integers have no mean or Euclidean norm among themselves")
      }
    }
    switch self {
    case .sum, .l1, .sumOfSquares, .mean, .l2: return sum
    case .product: return product
    case .maximum: return largest
    case .minimum: return smallest
    }
  }
}

/// Axes as files give them: counted from the end when negative.
enum Axes {
  /// - Throws: when one is outside `-rank ..< rank`.
  static func resolved(_ axis: Int, rank: Int) throws(OperatorError) -> Int {
    guard axis >= -rank, axis < rank else { throw .attribute("axis \(axis) does not exist in a tensor of rank \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  /// - Throws: when one is out of range or named twice.
  static func resolved(_ axes: [Int], rank: Int) throws(OperatorError) -> [Int] {
    var result: [Int] = []
    for axis in axes { result.append(try resolved(axis, rank: rank)) }
    guard Set(result).count == result.count else { throw .attribute("an axis is named twice in \(axes)") }
    return result
  }
}

extension Tensor {
  /// Axis `i` of the result is axis `order[i]` of the tensor.
  func permuted(_ order: [Int], team: ThreadTeam) -> Tensor {
    let target = Shape(order.map { shape[$0] })
    let strides = shape.strides
    return Tensor(elementType: elementType, shape: target) { bytes in
      Kernels.copyStrided(
        self.bytes, sourceStrides: order.map { strides[$0] }, into: &bytes, targetStrides: target.strides, extents: target.extents,
        elementSize: elementType.byteCount, team: team)
    }
  }
}
