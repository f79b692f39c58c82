import CarpusTensors

/// `Y` is `X` with elements put before and after along its axes; negative numbers take elements away, before anything is put
/// there.
///
/// The new elements are, by `mode`: `constant`, a given value; `edge`, the nearest element; `reflect`, the elements mirrored at
/// the outermost, which is not repeated; `wrap`, the elements from the other end.
///
/// - Operands: `X`, any type and shape; `pads` int64 `[2n]`, first all before, then all after (an attribute before version 11,
///   `paddings` in version 1); the value, a scalar of the type of `X` (an attribute before version 11; 0 by default); `axes`,
///   integers `[n]`, all by default.
/// - Throws: when more is taken away than there is, or nothing is left to be repeated.
public struct Pad: Forwarding, Viewing, Writable {
  public static let signature = OperatorSignature("Pad", operands: 1...4, numerics: .moves, gradient: .defined)
  private let mode: Mode
  private let pads: [Int]?
  private let value: Float

  private enum Mode: String, CaseIterable { case constant, edge, reflect, wrap }

  public init(_ node: inout NodeReader) throws(OperatorError) {
    mode = try node.choice("mode", default: .constant)
    pads = try node.ints(node.opset < 2 ? "paddings" : "pads")
    value = try node.float("value") ?? 0
  }

  /// With zeros.
  init(zeros pads: [Int]) {
    mode = .constant
    self.pads = pads
    value = 0
  }

  // MARK: Shape

  /// What is added to each axis; `nil` if that is not known yet.
  private func paddings(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> [AxisPadding]? {
    let lists = (try operands.integerList(1, or: pads), try operands.integerList(3, or: nil))
    if case .absent = lists.0 { throw .operands("the numbers of elements to add are missing") }
    guard case .known(let pads) = lists.0 else { return nil }
    var axes = Array(0..<rank)
    switch lists.1 {
    case .absent: break
    case .known(let given): axes = try Axes.resolved(given, rank: rank)
    case .later: return nil
    }
    guard pads.count == 2 * axes.count else {
      throw .operands("\(axes.count) axes take \(2 * axes.count) numbers of elements, not \(pads.count)")
    }
    for pad in pads where pad.magnitude > 1 << 48 { throw .operands("\(pad) elements are too many to add") }
    var paddings = [AxisPadding](repeating: AxisPadding(before: 0, after: 0), count: rank)
    for (index, axis) in axes.enumerated() { paddings[axis] = AxisPadding(before: pads[index], after: pads[axes.count + index]) }
    return paddings
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    if let value = try operands.optionalTensor(2) {
      guard value.elementType == x.elementType else { throw .operands("the value must be \(x.elementType), not \(value.elementType)") }
      if let count = value.shape.shape?.count, count != 1 { throw .operands("the value must be one number, not \(count)") }
    }
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard let paddings = try paddings(operands, rank: extents.count) else {
      return [ValueType(x.elementType, .unknown(rank: extents.count))]
    }
    var result: [Int?] = []
    for (axis, extent) in extents.enumerated() {
      guard let extent else { result.append(paddings[axis].isNothing ? extent : nil); continue }
      let kept = paddings[axis].kept(extent)
      guard kept >= 0 else { throw .operands("more elements are taken from axis \(axis) than its \(extent)") }
      guard kept > 0 || mode == .constant || paddings[axis].padded(extent) == 0 else {
        throw .operands("axis \(axis) has no elements that could be repeated")
      }
      result.append(paddings[axis].padded(extent))
    }
    return [try Movement.resultType(x.elementType, result)]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? {
    guard case .tensor(let type)? = operands[0].type, let rank = type.shape.rank, let paddings = try? paddings(operands, rank: rank) else {
      return nil
    }
    return paddings.allSatisfy(\.isNothing) ? [0] : nil
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let rank = operands.shape(0)?.rank, let paddings = try? paddings(operands, rank: rank) else { return nil }
    return paddings.enumerated().map { axis, padding in .shifted(axis, by: -padding.before) }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    guard let paddings = try paddings(operands.infos, rank: x.shape.rank) else {
      throw .operands("the numbers of elements are no integers")
    }
    if mode == .constant {
      let value: Tensor
      if let given = operands.optional(2) { value = given } else { value = try filling(x.elementType) }
      guard value.shape.count == 1 else { throw .operands("the value must be one number, not \(value.shape.count)") }
      fill(x, paddings, with: value, into: &results)
    } else if results.shape(0).count > 0 {
      let team = results.team
      var y = x
      for step in repetitions(paddings, of: x.shape) { y = try y.gathered(step.positions, axis: step.axis, team: team) }
      results.copyElements(of: y)
    }
  }

  private func fill(_ x: Tensor, _ paddings: [AxisPadding], with value: Tensor, into results: inout Results) {
    results.fill(with: value)
    let from = x.shape.strides, to = results.shape(0).strides, team = results.team
    func offset(_ strides: [Int], _ first: (AxisPadding) -> Int) -> Int { zip(paddings, strides).reduce(0) { $0 + first($1.0) * $1.1 } }
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceOffset: offset(from) { max(-$0.before, 0) }, sourceStrides: from, into: &y,
      targetOffset: offset(to) { max($0.before, 0) },
      targetStrides: to, extents: zip(paddings, x.shape.extents).map { $0.kept($1) }, elementSize: x.elementType.byteCount, team: team)
  }

  /// The value where it is an attribute.
  private func filling(_ type: ElementType) throws(OperatorError) -> Tensor {
    if value == 0 { return Tensor(zeros: type, shape: []) }
    guard type.isFloatingPoint || type.isInteger || type == .bool else { throw .operands("\(value) is no element of \(type)") }
    return Tensor(scalar: value).converted(to: type)
  }

  private struct Repetition {
    let axis: Int
    /// For each position in the result, the one in `X` that is repeated there.
    let positions: [Int64]
    /// The shape before.
    let shape: Shape
  }

  /// Padding one axis after the other: those that get shorter first, so that nothing on the way is larger than both ends.
  ///
  /// - Precondition: the result has elements.
  private func repetitions(_ paddings: [AxisPadding], of shape: Shape) -> [Repetition] {
    let growth = zip(paddings, shape.extents).map { $0.padded($1) - $1 }
    let axes = paddings.indices.filter { !paddings[$0].isNothing }.sorted { (growth[$0], $0) < (growth[$1], $1) }
    var extents = shape.extents
    return axes.map { axis in
      let padding = paddings[axis], before = Shape(extents)
      let kept = padding.kept(extents[axis]), first = max(-padding.before, 0)
      extents[axis] = padding.padded(extents[axis])
      let positions = (0..<extents[axis]).map { Int64(first + repeated($0 - max(padding.before, 0), kept)) }
      return Repetition(axis: axis, positions: positions, shape: before)
    }
  }

  /// The position in `0..<extent` whose element stands at a position that may lie outside.
  private func repeated(_ position: Int, _ extent: Int) -> Int {
    func modulo(_ period: Int) -> Int { (position % period + period) % period }
    switch mode {
    case .constant, .edge: return min(max(position, 0), extent - 1)
    case .wrap: return modulo(extent)
    case .reflect:
      guard extent > 1 else { return 0 }
      let place = modulo(2 * (extent - 1))
      return place < extent ? place : 2 * (extent - 1) - place
    }
  }

  // MARK: Writing

  /// The numbers of elements are an operand from version 11 on.
  public func written(opset: Int) -> WrittenNode {
    var attributes: [String: AttributeValue] = ["mode": .string(mode.rawValue)]
    guard let pads else { return WrittenNode("Pad", attributes, since: 11) }
    guard opset < 11 else { return WrittenNode("Pad", attributes, constants: [Tensor(pads.map(Int64.init))], since: value == 0 ? 11 : .max) }
    attributes["pads"] = .ints(pads)
    attributes["value"] = .float(value)
    return WrittenNode("Pad", attributes, since: 2)
  }

  // MARK: Gradient

  /// ∂X is the part of ∂Y that X became; elements that were repeated get the sum. ∂value is the sum of the rest of ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    var gradients: [Value?] = step.operands.map { _ in nil }
    guard let seed = seeds[0] else { return gradients }
    let shape = try step.shape(0)
    guard let paddings = try paddings(step.operandInfos, rank: shape.rank) else {
      throw .notDifferentiable("how much is added depends on data")
    }
    if gradients.count > 2, step.wants[2], mode == .constant {
      let own = graph.constant(Tensor([Bool](repeating: true, count: shape.count), shape: shape))
      let isOwn = try graph.add(Pad(zeros: paddings.map(\.before) + paddings.map(\.after)), own)
      let others = try graph.add(Where(), isOwn, graph.scalar(0, like: seed), seed)
      gradients[2] = try graph.reshaped(graph.summed(others, to: []), to: step.shape(2))
    }
    guard step.wants[0] else { return gradients }
    if mode == .constant {
      gradients[0] = try graph.add(Pad(zeros: paddings.map { -$0.before } + paddings.map { -$0.after }), seed)
    } else if graph.type(of: seed).staticShape?.count == 0 {
      gradients[0] = graph.constant(Tensor(zeros: try step.elementType(0), shape: shape))
    } else {
      var gradient = seed
      for step in repetitions(paddings, of: shape).reversed() {
        gradient = try graph.add(GatherAdjoint(.axis(step.axis), of: step.shape), gradient, graph.constant(Tensor(step.positions)))
      }
      gradients[0] = gradient
    }
    return gradients
  }
}

/// How many elements are put before and after an axis; negative: taken away.
private struct AxisPadding {
  let before, after: Int

  var isNothing: Bool { before == 0 && after == 0 }
  /// How many of the axis' own elements remain.
  func kept(_ extent: Int) -> Int { extent + min(before, 0) + min(after, 0) }
  func padded(_ extent: Int) -> Int { extent + before + after }
}

extension Tensor {
  /// The slices at positions along an axis.
  fileprivate func gathered(_ positions: [Int64], axis: Int, team: ThreadTeam) throws(OperatorError) -> Tensor {
    let selection = try SliceRule.axis(axis).selection(Tensor(positions), from: shape)
    var extents = shape.extents
    extents[axis] = positions.count
    let shape = Shape(extents)
    let storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
    var bytes = storage.mutableRawSpan(offset: 0, byteCount: storage.byteCount)
    try selection.gather(self, into: &bytes, team: team)
    return Tensor(elementType: elementType, shape: shape, storage: storage)
  }
}
