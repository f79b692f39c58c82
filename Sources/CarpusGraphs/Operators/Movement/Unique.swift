import CarpusTensors

/// The elements of `X` without repetition, or its slices along `axis`: sorted, the first axes and positions counting first, or in
/// the order in which they occur with `sorted` 0. All NaN are one, the largest; so are the two zeros. Complex numbers are sorted
/// by their real parts first, text by its code points. `Y` holds the first of equals.
///
/// - Operands: `X`, any type.
/// - Results: `Y`; optionally, int64, where each first occurs in `X`, for each element or slice of `X` its place in `Y`, and how
///   often each of `Y` occurs.
public struct Unique: Operator {
  public static let signature = OperatorSignature(
    "Unique", since: 11, operands: 1...1, results: 1...4, numerics: .exact, gradient: .undefined)
  private let axis: Int?
  private let sorts: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis")
    sorts = try node.flag("sorted", default: true)
  }

  // MARK: Shape

  private func axis(rank: Int) throws(OperatorError) -> Int? {
    guard let axis else { return nil }
    return try Axes.resolved(axis, rank: rank)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let axis = try x.shape.rank.flatMap { rank throws(OperatorError) in try self.axis(rank: rank) }
    let count = try operands[0].value.map { x throws(OperatorError) in try Groups(x, axis: axis, sorts: sorts).first.count }
    let lists = ValueType(.int64, [count])
    guard self.axis != nil else {
      return [ValueType(x.elementType, [count]), lists, ValueType(.int64, [x.shape.shape?.count]), lists]
    }
    guard var extents = x.shape.extents, let axis else {
      return [ValueType(x.elementType, .unknown), lists, ValueType(.int64, [nil]), lists]
    }
    let extent = extents[axis]
    extents[axis] = count
    return [ValueType(x.elementType, PartialShape(extents)), lists, ValueType(.int64, [extent]), lists]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let groups = try Groups(x, axis: try axis(rank: x.shape.rank), sorts: sorts)
    let selection = SliceSelection(outer: groups.outer, extent: groups.extent, inner: groups.inner, numbers: groups.first)
    if let texts = x.texts { try results.setTexts(0, selection.places.map { texts[$0] }) } else { try selection.gather(x, into: &results) }
    for (index, list) in [groups.first, groups.group, groups.size].enumerated() where results.isWanted(index + 1) {
      results.copyElements(of: Tensor(list), to: index + 1)
    }
  }

  // MARK: Gradient

  /// How many results there are depends on the elements, so that no later node would know the shape of what it is to differentiate.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("how many different elements there are depends on data")
  }
}

/// Slices of a tensor, seen as outer × extent × inner elements, in groups of equals.
private struct Groups {
  let outer, extent, inner: Int
  /// For each group the number of its first slice.
  private(set) var first: [Int64] = []
  /// For each slice the number of its group.
  private(set) var group: [Int64] = []
  private(set) var size: [Int64] = []

  /// - Parameter axis: of the slices; single elements if `nil`.
  init(_ x: Tensor, axis: Int?, sorts: Bool) throws(OperatorError) {
    outer = axis.map { x.shape.extents[..<$0].reduce(1, *) } ?? 1
    extent = axis.map { x.shape[$0] } ?? x.shape.count
    inner = axis.map { x.shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
    var x = x.parts
    if x.elementType.isHalf { x = x.converted(to: .float32) }
    if x.elementType == .bool { x = x.converted(to: .uint8) }
    if let texts = x.texts { x = Tensor(Self.ranks(texts), shape: x.shape) }
    if let type = x.elementType.kernelType {
      order(type, x, sorts)
    } else if let type = x.elementType.integerType {
      order(type, x, sorts)
    } else {
      throw .unsupported("\(x.elementType) elements are not compared here")
    }
  }

  /// The places of texts among all different ones, which are ordered by their bytes, and so by their code points.
  private static func ranks(_ texts: [String]) -> [Int64] {
    let bytes = texts.map { Array($0.utf8) }
    let ranks = Set(bytes).sorted { $0.lexicographicallyPrecedes($1) }.enumerated().map { ($1, Int64($0)) }
    let table = Dictionary(uniqueKeysWithValues: ranks)
    return bytes.map { table[$0] ?? 0 }
  }

  /// - Parameter x: elements that consist of one number, or of several.
  private mutating func order<T: TensorElement & Comparable>(_ type: T.Type, _ x: Tensor, _ sorts: Bool) {
    let values = x.array(of: T.self), extent = extent, blocks = outer
    let inner = inner * (x.shape.count / max(outer * extent * self.inner, 1))
    // -1, 0 or 1. A NaN differs from itself.
    func comparison(_ a: Int, _ b: Int) -> Int {
      for block in 0..<blocks {
        for place in 0..<inner {
          let p = values[(block * extent + a) * inner + place], q = values[(block * extent + b) * inner + place]
          if p < q || (q != q && p == p) { return -1 }
          if q < p || (p != p && q == q) { return 1 }
        }
      }
      return 0
    }
    let order = (0..<extent).sorted { a, b in
      let comparison = comparison(a, b)
      return comparison < 0 || (comparison == 0 && a < b)
    }
    group = [Int64](repeating: 0, count: extent)
    for (position, slice) in order.enumerated() {
      if position == 0 || comparison(order[position - 1], slice) != 0 {
        first.append(Int64(slice))
        size.append(0)
      }
      group[slice] = Int64(first.count - 1)
      size[first.count - 1] += 1
    }
    guard !sorts else { return }
    let occurring = first.indices.sorted { first[$0] < first[$1] }
    var numbers = [Int64](repeating: 0, count: first.count)
    for (number, old) in occurring.enumerated() { numbers[old] = Int64(number) }
    (first, size) = (occurring.map { first[$0] }, occurring.map { size[$0] })
    group = group.map { numbers[Int($0)] }
  }
}
