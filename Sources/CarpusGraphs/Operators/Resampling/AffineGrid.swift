import CarpusTensors

/// `grid[n, …, i] = Σ_j theta[n,i,j] · p[…, j]` for positions p = (x, y, 1) or (x, y, z, 1) that are evenly spaced over −1…1: the
/// centres of pixels, with `align_corners` from the first to the last centre (0 for a single one, as in PyTorch).
///
/// - Operands: `theta` `[N×2×3]` or `[N×3×4]`, floating-point; `size` int64 `[N, C, H, W]` or `[N, C, D, H, W]`.
/// - Result: `[N×H×W×2]` or `[N×D×H×W×3]`.
public struct AffineGrid: Operator {
  public static let signature = OperatorSignature("AffineGrid", since: 20, operands: 2...2, gradient: .defined)
  private let alignsCorners: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) { alignsCorners = try node.flag("align_corners", default: false) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let theta = try operands.floatingTensor(0), list = try operands.integerList(1, or: nil)
    guard PartialShape([nil, 2, 3]).agrees(with: theta.shape) || PartialShape([nil, 3, 4]).agrees(with: theta.shape) else {
      throw .operands("theta must be [N×2×3] or [N×3×4], not \(theta.shape)")
    }
    let spatial = theta.shape[1] ?? theta.shape[2].map { $0 - 1 }
    guard case .known(let size) = list else {
      guard let spatial else { return [ValueType(theta.elementType, .unknown)] }
      return [ValueType(theta.elementType, PartialShape([theta.shape[0]] + [Int?](repeating: nil, count: spatial) + [spatial]))]
    }
    guard size.count == 4 || size.count == 5, spatial == nil || spatial == size.count - 2, size.allSatisfy({ $0 >= 0 }) else {
      throw .operands("size must be [N, C, H, W] for theta [N×2×3] or [N, C, D, H, W] for [N×3×4], not \(size) for \(theta.shape)")
    }
    guard theta.shape[0] == nil || theta.shape[0] == size[0] else {
      throw .operands("theta has \(theta.shape[0] ?? 0) matrices for a batch of \(size[0])")
    }
    return [try Movement.resultType(theta.elementType, [size[0]] + size.dropFirst(2).map { $0 } + [size.count - 2])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let theta = operands[0], team = results.team, scratch = results.scratch, shape = results.shape(0)
    func apply<T: KernelScalar>(_ type: T.Type) {
      let positions: Tensor = Self.positions(type, shape, alignsCorners: alignsCorners)
      let (rank, count) = (shape.rank - 2, positions.shape[0]), matrices = theta.elements(T.self), base = positions.elements(T.self)
      var grid = results.elements(0, as: T.self)
      for item in 0..<shape[0] {
        let matrix = matrices.extracting(item * rank * (rank + 1)..<(item + 1) * rank * (rank + 1))
        let part = Tensor(shape: [count, rank]) { (part: inout MutableSpan<T>) in
          Kernels.multiply(base, matrix, into: &part, m: count, n: rank, k: rank + 1, transposeB: true, scratch: scratch, team: team)
        }
        let values = part.elements(T.self)
        for place in values.indices { grid[item * count * rank + place] = values[place] }
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// The positions (x, y, 1) or (x, y, z, 1) of a grid of shape `[N×…×rank]`, one in each row.
  fileprivate static func positions<T: KernelScalar>(_ type: T.Type, _ grid: Shape, alignsCorners: Bool) -> Tensor {
    let extents = Array(grid.extents.dropFirst().dropLast()), rank = extents.count
    return Tensor(shape: Shape([extents.reduce(1, *), rank + 1])) { (positions: inout MutableSpan<T>) in
      for row in 0..<extents.reduce(1, *) {
        var rest = row
        // The innermost axis is x.
        for (number, extent) in extents.reversed().enumerated() {
          let index = Double(rest % extent), last = Double(extent - 1)
          positions[row * (rank + 1) + number] =
            alignsCorners ? (extent == 1 ? 0 : T(2 * index / last - 1)) : T((2 * index + 1) / Double(extent) - 1)
          rest /= extent
        }
        positions[row * (rank + 1) + rank] = 1
      }
    }
  }

  // MARK: Gradient

  /// ∂theta[n,i,j] = Σ ∂grid[n, …, i] · p[…, j].
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    return [try graph.add(AffineGridAdjoint(alignsCorners: alignsCorners, shape: try step.shape(0)), seed), nil]
  }
}

/// `∂theta` of `AffineGrid`.
///
/// - Operands: `seed`, of the shape of the grid.
private struct AffineGridAdjoint: InternalOperator {
  static let signature = OperatorSignature("AffineGrid", domain: "adjoint", operands: 1...1, gradient: .undefined)
  let alignsCorners: Bool
  let shape: Shape

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, shape)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0]
    func apply<T: KernelScalar>(_ type: T.Type) {
      let positions: Tensor = AffineGrid.positions(type, seed.shape, alignsCorners: alignsCorners)
      let base = positions.elements(T.self), seeds = seed.elements(T.self)
      let rank = shape[1], columns = rank + 1, count = positions.shape[0]
      var theta = results.elements(0, as: T.self)
      for place in theta.indices {
        let (item, entry) = place.quotientAndRemainder(dividingBy: rank * columns)
        var sum = 0.0
        for row in 0..<count {
          sum += Double(seeds[(item * count + row) * rank + entry / columns]) * Double(base[row * columns + entry % columns])
        }
        theta[place] = T(sum)
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
