import CarpusTensors

/// `Y[…, i, …] = X[…, start + i·step, …]` from `start` to before `end` along some axes, as in NumPy: negative numbers
/// count from the end, numbers beyond the ends are clamped.
///
/// - Operands: `X`, any type and shape; `starts`, `ends` and, if given, `axes`, `steps`, integers `[n]` (attributes before
///   version 10, without steps).
/// - Throws: when the lists differ in length, a step is 0, or an axis does not exist or is named twice.
public struct Slice: Forwarding, Viewing, Writable {
  public static let signature = OperatorSignature("Slice", operands: 1...5, numerics: .moves, gradient: .defined)
  private let starts, ends, axes: [Int]?
  /// No file gives them here.
  private let steps: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    starts = try node.ints("starts")
    ends = try node.ints("ends")
    axes = try node.ints("axes")
    steps = nil
  }

  /// A range of one axis.
  init(_ range: Range<Int>, axis: Int) {
    starts = [range.lowerBound]
    ends = [range.upperBound]
    axes = [axis]
    steps = nil
  }

  /// Some axes from the last element to the first.
  init(reversing axes: [Int]) {
    starts = axes.map { _ in -1 }
    ends = axes.map { _ in Int(Int32.min) }
    self.axes = axes
    steps = axes.map { _ in -1 }
  }

  // MARK: Shape

  /// What is taken along each axis; `nil` where it is not known yet.
  private func slices(_ operands: [OperandInfo], of extents: [Int?]) throws(OperatorError) -> [AxisSlice?] {
    let lists = (
      try operands.integerList(1, or: starts), try operands.integerList(2, or: ends), try operands.integerList(3, or: axes),
      try operands.integerList(4, or: steps)
    )
    if case .absent = lists.0 { throw .operands("the starts are missing") }
    if case .absent = lists.1 { throw .operands("the ends are missing") }
    var slices = extents.map { $0.map(AxisSlice.init(all:)) }
    guard case .known(let starts) = lists.0, case .known(let ends) = lists.1,
      let steps = Self.known(lists.3, default: starts.map { _ in 1 }), let axes = Self.known(lists.2, default: Array(starts.indices))
    else {
      guard case .known(let axes) = lists.2 else { return extents.map { _ in nil } }
      for axis in try Axes.resolved(axes, rank: extents.count) { slices[axis] = nil }
      return slices
    }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw .operands("\(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) steps do not fit together")
    }
    guard !steps.contains(0) else { throw .operands("a step of 0 leads nowhere") }
    for (index, axis) in try Axes.resolved(axes, rank: extents.count).enumerated() {
      slices[axis] = extents[axis].map { AxisSlice(from: starts[index], to: ends[index], by: steps[index], of: $0) }
    }
    return slices
  }

  private static func known(_ list: IntegerList, default fallback: [Int]) -> [Int]? {
    switch list {
    case .absent: fallback
    case .known(let values): values
    case .later: nil
    }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    return [ValueType(x.elementType, PartialShape(try slices(operands, of: extents).map { $0?.count }))]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? {
    guard let extents = operands[0].type?.staticShape?.extents else { return nil }
    return (try? slices(operands, of: extents)) == extents.map { AxisSlice(all: $0) } ? [0] : nil
  }

  /// Of planes `[N, C, H, W]`: the channels that are taken, if nothing else is cut off.
  func channels(of operands: [OperandInfo]) -> Range<Int>? {
    guard let extents = operands.shape(0)?.extents, extents.count == 4, let slices = try? slices(operands, of: extents) else { return nil }
    for (axis, slice) in slices.enumerated() where axis != 1 && slice != AxisSlice(all: extents[axis]) { return nil }
    guard let slice = slices[1], slice.step == 1, slice.count > 0 else { return nil }
    return slice.start..<slice.start + slice.count
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let extents = operands.shape(0)?.extents, let slices = try? slices(operands, of: extents) else { return nil }
    let known = slices.compactMap(\.self)
    guard known.count == extents.count else { return nil }
    return known.enumerated().map { axis, slice in
      .window(axis: axis, stride: Double(slice.step), first: Double(slice.start), last: Double(slice.start))
    }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], shape = results.shape(0), team = results.team
    let window = StridedWindow(try slices(operands.infos, of: x.shape.extents).compactMap { $0 }, of: x.shape)
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceOffset: window.offset, sourceStrides: window.strides, into: &y, targetStrides: shape.strides, extents: shape.extents,
      elementSize: x.elementType.byteCount, team: team)
  }

  // MARK: Writing

  /// Ranges, steps and axes are operands from version 10 on.
  public func written(opset: Int) -> WrittenNode {
    guard let starts, let ends else { return WrittenNode("Slice", since: 10) }
    let axes = self.axes ?? Array(starts.indices)
    return opset < 10
      ? WrittenNode("Slice", ["starts": .ints(starts), "ends": .ints(ends), "axes": .ints(axes)], since: 1)
      : WrittenNode("Slice", constants: ([starts, ends, axes] + (steps.map { [$0] } ?? [])).map { Tensor($0.map(Int64.init)) }, since: 10)
  }

  // MARK: Gradient

  /// ∂X is ∂Y where Y was taken from, and 0 elsewhere.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let shape = try step.shape(0)
    let slices = try slices(step.operandInfos, of: shape.extents).compactMap { $0 }
    guard slices.count == shape.rank else { throw .notDifferentiable("where the slice lies depends on data") }
    return [try graph.add(SliceAdjoint(slices, of: shape), seed)] + step.operands.dropFirst().map { _ in nil }
  }
}

/// What a slice takes along one axis: `count` elements, the first at `start`, each `step` after the one before.
struct AxisSlice: Hashable, Sendable {
  let start, step, count: Int

  init(all extent: Int) { self.init(start: 0, step: 1, count: extent) }

  private init(start: Int, step: Int, count: Int) {
    self.start = start
    self.step = step
    self.count = count
  }

  /// - Precondition: the step is not 0.
  init(from start: Int, to end: Int, by step: Int, of extent: Int) {
    func clamped(_ position: Int, _ bounds: ClosedRange<Int>) -> Int {
      min(max(position < 0 ? position + extent : position, bounds.lowerBound), bounds.upperBound)
    }
    guard extent > 0 else { self.init(all: 0); return }
    let first = clamped(start, step > 0 ? 0...extent : 0...extent - 1)
    let last = clamped(end, step > 0 ? 0...extent : -1...extent - 1)
    let distance = step > 0 ? last - first : first - last
    let count = distance > 0 ? (distance - 1) / Int(clamping: step.magnitude) + 1 : 0
    // One element has no next: any step is as good.
    self.init(start: count == 0 ? 0 : first, step: count > 1 ? step : 1, count: count)
  }
}

/// Where the elements of a slice lie in a tensor.
struct StridedWindow {
  let offset: Int
  let strides: [Int]

  init(_ slices: [AxisSlice], of shape: Shape) {
    let own = shape.strides
    offset = zip(slices, own).reduce(0) { $0 + $1.0.start * $1.1 }
    strides = zip(slices, own).map { $0.step * $1 }
  }
}

/// Zeros, with the seed where a slice was taken from: the adjoint of `Slice`.
///
/// - Operands: `seed`, of the shape of the slice.
struct SliceAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("Slice", domain: "adjoint", operands: 1...1, numerics: .moves, gradient: .undefined)
  private let slices: [AxisSlice]
  private let shape: Shape

  init(_ slices: [AxisSlice], of shape: Shape) {
    self.slices = slices
    self.shape = shape
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let seed = try operands.tensor(0)
    guard seed.shape.shape?.extents == slices.map(\.count) else { throw .operands("a seed of \(seed) is not that of the slice") }
    return [ValueType(seed.elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0], team = results.team
    results.fill(with: Tensor(zeros: seed.elementType, shape: []))
    let window = StridedWindow(slices, of: shape)
    var y = results.bytes(0)
    Kernels.copyStrided(
      seed.bytes, sourceStrides: seed.shape.strides, into: &y, targetOffset: window.offset, targetStrides: window.strides,
      extents: seed.shape.extents, elementSize: seed.elementType.byteCount, team: team)
  }

  /// Zeros are put between the elements, where the step is not 1, and around them.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    var value = try operands.present(0)
    guard slices.allSatisfy({ $0.count > 0 }) else { return [graph.constant(Tensor(zeros: try infos.tensor(0).elementType, shape: shape))] }
    let reversed = slices.indices.filter { slices[$0].step < 0 }
    if !reversed.isEmpty { value = try graph.add(Slice(reversing: reversed), value) }
    let steps = slices.map(\.step.magnitude).map(Int.init(clamping:))
    var extents = slices.map(\.count)
    if steps.contains(where: { $0 != 1 }) {
      // Each axis gets one behind it, on which zeros follow the element.
      let apart = Shape(extents.flatMap { [$0, 1] })
      let zeros = [Int](repeating: 0, count: apart.rank) + steps.flatMap { [0, $0 - 1] }
      extents = zip(extents, steps).map { $0 * $1 }
      value = try graph.reshaped(graph.add(Pad(zeros: zeros), graph.reshaped(value, to: apart)), to: Shape(extents))
    }
    let first = slices.map { $0.step < 0 ? $0.start + ($0.count - 1) * $0.step : $0.start }
    return [try graph.add(Pad(zeros: first + shape.extents.indices.map { shape[$0] - first[$0] - extents[$0] }), value)]
  }
}
