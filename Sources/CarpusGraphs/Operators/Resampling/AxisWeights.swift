import CarpusTensors

/// A linear map along one axis, with few weights in each row: `y[o] = Σ_k weights[k] · x[columns[k]]` over the entries k of row o.
///
/// Interpolation along the axes of a tensor is one such map after another, and its adjoint the transposed maps.
struct AxisWeights: Sendable {
  /// Extent of the axis before.
  let columnCount: Int
  /// The entries of row o are `starts[o]..<starts[o + 1]`.
  private(set) var starts = [0]
  private(set) var columns: [Int] = []
  private(set) var weights: [Double] = []

  init(columnCount: Int) { self.columnCount = columnCount }

  /// Extent of the axis afterwards.
  var rowCount: Int { starts.count - 1 }

  /// Adds an entry to the row that is being made; neighbouring entries of one column become one.
  mutating func add(_ weight: Double, at column: Int) {
    if columns.count > starts[starts.count - 1], columns[columns.count - 1] == column {
      weights[weights.count - 1] += weight
    } else if weight != 0 {
      columns.append(column)
      weights.append(weight)
    }
  }

  /// What the rows see of the axis: on average they lie `columnCount / rowCount` apart, and the window holds the entries of each of them.
  func view(_ axis: Int) -> AxisView {
    let stride = Double(columnCount) / Double(max(rowCount, 1))
    var first = Double.infinity, last = -Double.infinity
    for row in 0..<rowCount {
      for column in columns[starts[row]..<starts[row + 1]] {
        first = min(first, Double(column) - Double(row) * stride)
        last = max(last, Double(column) - Double(row) * stride)
      }
    }
    return first <= last ? .window(axis: axis, stride: stride, first: first, last: last) : .regrouped(axes: [axis])
  }

  mutating func endRow() { starts.append(columns.count) }

  var isIdentity: Bool {
    rowCount == columnCount && columns.count == rowCount
      && columns.indices.allSatisfy { starts[$0] == $0 && columns[$0] == $0 && weights[$0] == 1 }
  }

  var transposed: AxisWeights {
    var result = AxisWeights(columnCount: rowCount)
    var next = [Int](repeating: 0, count: columnCount + 1)
    for column in columns { next[column + 1] += 1 }
    for column in 0..<columnCount { next[column + 1] += next[column] }
    result.starts = next
    result.columns = [Int](repeating: 0, count: columns.count)
    result.weights = [Double](repeating: 0, count: columns.count)
    for row in 0..<rowCount {
      for entry in starts[row]..<starts[row + 1] {
        let place = next[columns[entry]]
        next[columns[entry]] += 1
        result.columns[place] = row
        result.weights[place] = weights[entry]
      }
    }
    return result
  }

  /// All weights, row by row.
  var matrix: [Double] {
    var matrix = [Double](repeating: 0, count: rowCount * columnCount)
    for row in 0..<rowCount {
      for entry in starts[row]..<starts[row + 1] { matrix[row * columnCount + columns[entry]] += weights[entry] }
    }
    return matrix
  }

  /// Maps the middle axis of `x`, outer × columnCount × inner; a row without entries becomes `empty`.
  func apply<T: KernelScalar>(to x: Span<T>, outer: Int, inner: Int, empty: T, into y: inout MutableSpan<T>) {
    let weights = self.weights.map { T($0) }
    for block in 0..<outer {
      let source = x.extracting(block * columnCount * inner..<(block + 1) * columnCount * inner)
      let first = block * rowCount * inner
      for row in 0..<rowCount {
        let entries = starts[row]..<starts[row + 1], target = first + row * inner
        if entries.isEmpty {
          for place in target..<target + inner { y[place] = empty }
        } else if inner == 1 {
          var sum: T = 0
          for entry in entries { sum += weights[entry] * source[columns[entry]] }
          y[target] = sum
        } else {
          for entry in entries {
            let weight = weights[entry], line = source.extracting(columns[entry] * inner..<(columns[entry] + 1) * inner)
            if entry == entries.lowerBound {
              for place in line.indices { y[target + place] = weight * line[place] }
            } else {
              for place in line.indices { y[target + place] += weight * line[place] }
            }
          }
        }
      }
    }
  }
}

/// Maps along some axes of a tensor, one after the other.
struct SeparableMap: Sendable {
  /// One for each axis; `nil` where it stays as it is.
  let axes: [AxisWeights?]
  /// What a row without entries becomes.
  let empty: Double

  /// The adjoint; what rows without entries become does not depend on the operand.
  var transposed: SeparableMap { SeparableMap(axes: axes.map { $0?.transposed }, empty: 0) }

  /// The elements of `y` are those of the result, `x` has elements of the same type.
  func apply<T: KernelScalar>(to x: Tensor, into y: inout MutableSpan<T>) {
    var current = x
    let steps = axes.indices.reversed().filter { axes[$0] != nil }
    for (number, axis) in steps.enumerated() {
      guard let weights = axes[axis] else { continue }
      let source = current, extents = source.shape.extents
      let outer = extents.prefix(axis).reduce(1, *), inner = extents.dropFirst(axis + 1).reduce(1, *)
      if number == steps.count - 1 {
        weights.apply(to: source.elements(T.self), outer: outer, inner: inner, empty: T(empty), into: &y)
      } else {
        current = Tensor(shape: Shape(extents.prefix(axis) + [weights.rowCount] + extents.dropFirst(axis + 1))) { target in
          weights.apply(to: source.elements(T.self), outer: outer, inner: inner, empty: T(empty), into: &target)
        }
      }
    }
    guard steps.isEmpty else { return }
    let source = x.elements(T.self)
    for place in source.indices { y[place] = source[place] }
  }

  /// Chooses elements, where every row has one entry or none.
  func gather<T: TensorElement>(
    from source: Span<T>, _ sourceShape: Shape, empty: T, into y: inout MutableSpan<T>, _ shape: Shape
  ) {
    let rank = shape.rank, strides = sourceShape.strides
    // Where each row begins in the source; -1 for one without entries.
    let places = axes.indices.map { axis in
      (0..<shape[axis]).map { row -> Int in
        guard let weights = axes[axis] else { return row * strides[axis] }
        return weights.starts[row] < weights.starts[row + 1] ? weights.columns[weights.starts[row]] * strides[axis] : -1
      }
    }
    guard let last = places.last else {
      y[0] = source[0]
      return
    }
    var position = [Int](repeating: 0, count: rank)
    var target = 0
    while target < shape.count {
      var base = 0, isEmpty = false
      for axis in 0..<rank - 1 {
        isEmpty = isEmpty || places[axis][position[axis]] < 0
        base += places[axis][position[axis]]
      }
      for place in last {
        y[target] = isEmpty || place < 0 ? empty : source[base + place]
        target += 1
      }
      for axis in (0..<rank - 1).reversed() {
        position[axis] += 1
        if position[axis] < shape[axis] { break }
        position[axis] = 0
      }
    }
  }
}

/// `∂X` of an interpolation along axes.
///
/// - Operands: `seed`.
struct SeparableAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("Interpolation", domain: "adjoint", operands: 1...1, gradient: .undefined)
  private let map: SeparableMap
  private let shape: Shape

  /// - Parameter shape: that of X.
  init(of map: SeparableMap, shape: Shape) {
    self.map = map.transposed
    self.shape = shape
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      var x = results.elements(0, as: T.self)
      map.apply(to: operands[0], into: &x)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// A product with a matrix for each axis.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let type = try infos.tensor(0).elementType
    var value = try operands.present(0), extents = try infos.writtenShape(0).extents
    for axis in map.axes.indices.reversed() {
      guard let weights = map.axes[axis] else { continue }
      let outer = extents.prefix(axis).reduce(1, *), inner = extents.dropFirst(axis + 1).reduce(1, *)
      let matrix = Tensor(weights.matrix, shape: Shape([weights.rowCount, weights.columnCount])).converted(to: type)
      value = try graph.add(MatMul(), graph.constant(matrix), graph.reshaped(value, to: Shape([outer, weights.columnCount, inner])))
      extents[axis] = weights.rowCount
    }
    return [try graph.reshaped(value, to: shape)]
  }
}
