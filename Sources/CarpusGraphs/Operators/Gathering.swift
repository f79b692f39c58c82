import CarpusTensors

/// Slices of a tensor, seen as outer × extent × inner elements, picked by their numbers along the middle axis.
struct SliceSelection {
  let outer, extent, inner: Int
  /// In range, none negative.
  let numbers: [Int64]
}

/// How an index tensor picks slices.
enum SliceRule: Sendable {
  /// By positions along an axis that is not negative (Gather).
  case axis(Int)
  /// By coordinates along the first axes, which are the last axis of the index tensor; the first of all axes are
  /// walked together with those of the index tensor (GatherND, ScatterND).
  case coordinates(batchAxes: Int)

  /// - Throws: when an index lies outside its axis, or the shapes do not fit together.
  func selection(_ indices: Tensor, from shape: Shape) throws(OperatorError) -> SliceSelection {
    guard let given = indices.integers else { throw .operands("indices must be integers, not \(indices.elementType)") }
    let extents = shape.extents
    func product(_ range: Range<Int>) -> Int { extents[range].reduce(1, *) }
    switch self {
    case .axis(let axis):
      guard axis < shape.rank else { throw .operands("\(shape) has no axis \(axis)") }
      var numbers: [Int64] = []
      numbers.reserveCapacity(given.count)
      for index in given { numbers.append(Int64(try Self.position(index, extents[axis], axis: axis))) }
      return SliceSelection(
        outer: product(0..<axis), extent: extents[axis], inner: product(axis + 1..<shape.rank), numbers: numbers)
    case .coordinates(let batchAxes):
      _ = try Self.sliceShape(indices: PartialShape(indices.shape), of: PartialShape(shape), batchAxes: batchAxes)
      let length = indices.shape[indices.shape.rank - 1], end = batchAxes + length
      let rows = Shape(Array(indices.shape.extents.dropLast())).count
      let batches = product(0..<batchAxes), slicesPerBatch = product(batchAxes..<end)
      var numbers: [Int64] = []
      numbers.reserveCapacity(rows)
      for row in 0..<rows {
        var number = 0
        for place in 0..<length {
          let axis = batchAxes + place
          number = number * extents[axis] + (try Self.position(given[row * length + place], extents[axis], axis: axis))
        }
        numbers.append(Int64(row / (rows / batches) * slicesPerBatch + number))
      }
      return SliceSelection(outer: 1, extent: batches * slicesPerBatch, inner: product(end..<shape.rank), numbers: numbers)
    }
  }

  /// The shape of all the slices that coordinates pick: that of the index tensor without its last axis, then the axes that
  /// have no coordinate. Unknown where the number of coordinates is.
  static func sliceShape(indices: PartialShape, of shape: PartialShape, batchAxes: Int) throws(OperatorError) -> [Int?]? {
    if let rank = indices.rank, rank <= batchAxes || rank == 0 {
      throw .operands("indices of shape \(indices) hold no coordinates behind \(batchAxes) batch axes")
    }
    guard let rows = indices.extents, let last = rows.last, let length = last, let extents = shape.extents else { return nil }
    guard batchAxes <= extents.count, length >= 0, length <= extents.count - batchAxes else {
      throw .operands("\(length) coordinates and \(batchAxes) batch axes are too many for a tensor of shape \(shape)")
    }
    for axis in 0..<batchAxes {
      if let a = rows[axis], let b = extents[axis], a != b {
        throw .operands("indices of shape \(indices) do not fit a tensor of shape \(shape) at batch axis \(axis)")
      }
    }
    return rows.dropLast() + extents[(batchAxes + length)...]
  }

  private static func position(_ index: Int, _ extent: Int, axis: Int) throws(OperatorError) -> Int {
    guard index >= -extent, index < extent else {
      throw .operands("index \(index) lies outside axis \(axis), which has \(extent) elements")
    }
    return index < 0 ? index + extent : index
  }
}

extension SliceSelection {
  /// The picked slices of `x` in result 0.
  func gather(_ x: Tensor, into results: inout Results) throws(OperatorError) {
    let team = results.team
    var y = results.bytes(0)
    try gather(x, into: &y, team: team)
  }

  func gather(_ x: Tensor, into y: inout MutableRawSpan, team: ThreadTeam) throws(OperatorError) {
    do {
      try Kernels.gather(
        x.bytes, outer: outer, extent: extent, innerByteCount: inner * x.elementType.byteCount, indices: numbers.span, into: &y, team: team)
    } catch {
      throw .operands("index \(error.index) lies outside an axis of \(error.extent) elements")
    }
  }
}

/// Zeros, with each seed added where its element was picked from: the adjoint of `Gather` and `GatherND`. Indices that
/// occur several times add up, in their order.
///
/// - Operands: `seed`, of the shape of the picked slices; `indices`, integers.
struct GatherAdjoint: InternalOperator {
  static let signature = OperatorSignature("Gather", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let rule: SliceRule
  private let shape: Shape

  /// - Parameter shape: of the tensor that slices were picked from.
  init(_ rule: SliceRule, of shape: Shape) {
    self.rule = rule
    self.shape = shape
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.tensor(1)
    return [ValueType(try operands.floatingTensor(0).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let selection = try rule.selection(operands[1], from: shape)
    guard operands[0].shape.count == selection.outer * selection.numbers.count * selection.inner else {
      throw .operands("a seed of shape \(operands[0].shape) is not that of the slices")
    }
    results.elementType(0) == .float64
      ? add(Double.self, operands[0], selection, into: &results) : add(Float.self, operands[0], selection, into: &results)
  }

  private func add<T: KernelScalar>(_ type: T.Type, _ seed: Tensor, _ selection: SliceSelection, into results: inout Results) {
    let team = results.team, inner = selection.inner, count = selection.numbers.count
    let seed = seed.elements(T.self)
    var y = results.elements(0, as: T.self)
    Kernels.fill(&y, with: 0, team: team)
    for part in 0..<selection.outer {
      for position in 0..<count {
        let from = (part * count + position) * inner, to = (part * selection.extent + Int(selection.numbers[position])) * inner
        for place in 0..<inner { y[to + place] += seed[from + place] }
      }
    }
  }
}
