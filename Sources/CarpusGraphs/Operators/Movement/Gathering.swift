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
  /// Single elements, at the place of each index but for its position along an axis that is not negative (GatherElements,
  /// ScatterElements).
  case elements(axis: Int)
  /// `length` neighbours along an axis that is not 0 for each index along all axes before it; the indices, one for each position
  /// along axis 0, say where they begin. At the end of the axis they go on at its beginning, if they wrap (TensorScatter).
  case runs(axis: Int, length: Int, wraps: Bool)

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
    case .elements(let axis):
      try Self.checkElements(indices: PartialShape(indices.shape), of: PartialShape(shape), axis: axis)
      return SliceSelection(
        outer: 1, extent: shape.count, inner: 1, numbers: try Self.elements(given, indices.shape, of: shape, axis: axis))
    case .runs(let axis, let length, let wraps):
      guard axis > 0, axis < shape.rank, given.count == extents[0] else {
        throw .operands("\(given.count) positions do not fit a tensor of shape \(shape) along axis \(axis)")
      }
      let runs = product(0..<axis)
      var numbers: [Int64] = []
      numbers.reserveCapacity(runs * length)
      for run in 0..<runs {
        let start = try Self.start(given[run / (runs / extents[0])], length, of: extents[axis], wraps: wraps)
        for place in 0..<length { numbers.append(Int64(run * extents[axis] + (start + place) % extents[axis])) }
      }
      return SliceSelection(outer: 1, extent: runs * extents[axis], inner: product(axis + 1..<shape.rank), numbers: numbers)
    }
  }

  /// - Throws: when an index tensor for single elements has another rank than the tensor, or is larger along another axis.
  static func checkElements(indices: PartialShape, of shape: PartialShape, axis: Int) throws(OperatorError) {
    guard let given = indices.extents, let extents = shape.extents else { return }
    guard given.count == extents.count else {
      throw .operands("indices of shape \(indices) must have the rank of the tensor, which is \(shape)")
    }
    for (place, (a, b)) in zip(given, extents).enumerated() where place != axis {
      if let a, let b, a > b { throw .operands("indices of shape \(indices) reach beyond axis \(place) of a tensor of shape \(shape)") }
    }
  }

  private static func elements(_ given: [Int], _ rows: Shape, of shape: Shape, axis: Int) throws(OperatorError) -> [Int64] {
    let strides = shape.strides
    var numbers: [Int64] = [], coordinates = [Int](repeating: 0, count: shape.rank)
    numbers.reserveCapacity(given.count)
    // The place of position 0 along the axis.
    var first = 0
    for index in given {
      numbers.append(Int64(first + (try position(index, shape[axis], axis: axis)) * strides[axis]))
      for other in coordinates.indices.reversed() {
        coordinates[other] += 1
        if other != axis { first += strides[other] }
        if coordinates[other] < rows[other] { break }
        if other != axis { first -= strides[other] * rows[other] }
        coordinates[other] = 0
      }
    }
    return numbers
  }

  private static func start(_ position: Int, _ length: Int, of extent: Int, wraps: Bool) throws(OperatorError) -> Int {
    guard length <= extent else { throw .operands("\(length) elements do not fit into \(extent)") }
    guard wraps else {
      guard (0...extent - length).contains(position) else {
        throw .operands("\(length) elements at position \(position) do not fit into \(extent)")
      }
      return position
    }
    return extent == 0 ? 0 : (position % extent + extent) % extent
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

/// Zeros, with each seed added where its element was picked from: the adjoint of `Gather`, `GatherND` and `GatherElements`.
/// Indices that occur several times add up, in their order.
///
/// - Operands: `seed`, of the shape of the picked slices; `indices`, integers.
struct GatherAdjoint: InternalOperator, Lowered {
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

  /// The seeds are added to zeros at the coordinates of their slices.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let seed = try operands.present(0), indices = try graph.add(Cast(to: .int64), operands.present(1)), type = try infos.tensor(0).elementType
    let given = try infos.writtenShape(1)
    switch rule {
    case .axis(let axis):
      // The picked axis comes first, the others follow.
      let order = [axis] + (0..<shape.rank).filter { $0 != axis }
      let zeros = graph.constant(Tensor(zeros: type, shape: Shape(order.map { shape[$0] })))
      let outer = shape.extents.prefix(axis).reduce(1, *), inner = shape.extents.dropFirst(axis + 1).reduce(1, *)
      let rows = try graph.add(Transpose([1, 0, 2]), graph.reshaped(seed, to: Shape([outer, given.count, inner])))
      let updates = try graph.reshaped(rows, to: Shape([given.count] + order.dropFirst().map { shape[$0] }))
      let sums = try graph.add(ScatterND.adding, zeros, graph.reshaped(indices, to: [given.count, 1]), updates)
      return [try graph.add(Transpose(order.indices.sorted { order[$0] < order[$1] }), sums)]
    case .coordinates(let batchAxes):
      var coordinates = indices
      if batchAxes > 0 {
        // The position along the batch axes becomes part of the coordinates.
        let rows = Shape(Array(given.extents.dropLast())), strides = rows.strides
        let places = (0..<rows.count).flatMap { row in (0..<batchAxes).map { Int64(row / strides[$0] % rows[$0]) } }
        let grid = graph.constant(Tensor(places, shape: Shape(rows.extents + [batchAxes])))
        coordinates = try graph.add(Concat(axis: rows.rank), [grid, indices], results: 1)[0]
      }
      return [try graph.add(ScatterND.adding, graph.constant(Tensor(zeros: type, shape: shape)), coordinates, seed)]
    case .elements(let axis):
      return [try graph.add(ScatterElements(axis: axis, .add), graph.constant(Tensor(zeros: type, shape: shape)), indices, seed)]
    case .runs: throw .unsupported("the gradient of neighbours that are picked along an axis is not written")
    }
  }
}

extension Array where Element == OperandInfo {
  /// The type of an operand that says where elements are.
  func indexTensor(_ index: Int) throws(OperatorError) -> TensorType {
    let indices = try tensor(index)
    guard indices.elementType.isInteger else { throw .operands("indices must be integers, not \(indices.elementType)") }
    return indices
  }
}
