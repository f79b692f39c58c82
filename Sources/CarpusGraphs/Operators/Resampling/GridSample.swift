import CarpusTensors

/// `Y[n, c, p] = X[n, c]` at the point `grid[n, p]`, interpolated between the elements.
///
/// Points are (x, y) or (x, y, z), innermost axis first, −1…1 over the whole axis, or from the first to the last centre with
/// `align_corners`. `nearest` rounds halves to even, and `padding_mode` says what lies outside: zeros, the border, or the
/// reflection.
///
/// - Operands: `X` `[N×C×D1×…×Dr]`, any type; `grid` `[N×P1×…×Pr×r]`, floating-point; r is 2 in version 16, up to 3 later.
/// - Result: `[N×C×P1×…×Pr]`. Integers are cut off towards 0.
public struct GridSample: Operator {
  public static let signature = OperatorSignature("GridSample", since: 16, operands: 2...2, gradient: .defined)
  private let sampling: GridSampling

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let mode = try node.string("mode") ?? "linear"
    let kernel: SamplingKernel
    switch mode {
    case "nearest": kernel = .nearest
    case "linear", "bilinear": kernel = .linear
    case "cubic", "bicubic": kernel = .cubic
    default: throw .attribute("attribute mode must be linear, nearest or cubic, not '\(mode)'")
    }
    let padding = try node.choice("padding_mode", default: SamplingPadding.zeros)
    sampling = GridSampling(kernel: kernel, padding: padding, alignsCorners: try node.flag("align_corners", default: false))
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), grid = try operands.floatingTensor(1)
    guard x.elementType.swiftType != nil else { throw .unsupported("\(x.elementType) cannot be interpolated") }
    guard let rank = x.shape.rank ?? grid.shape.rank else { return [ValueType(x.elementType, .unknown)] }
    guard (3...5).contains(rank), x.shape.rank ?? rank == rank, grid.shape.rank ?? rank == rank else {
      throw .operands(
        "X must be [N×C×…] and grid [N×…×r] of the same rank with r = 1, 2 or 3 spatial axes, not \(x.shape) and \(grid.shape)")
    }
    if let length = grid.shape[rank - 1], length != rank - 2 {
      throw .operands("the points of the grid have \(length) coordinates for \(rank - 2) spatial axes")
    }
    if let batch = x.shape[0], let other = grid.shape[0], batch != other {
      throw .operands("the grid has \(other) items for a batch of \(batch)")
    }
    for axis in 2..<rank where x.shape[axis] == 0 { throw .operands("axis \(axis) of X has no elements") }
    let extents = [x.shape[0] ?? grid.shape[0], x.shape[1]] + (1..<rank - 1).map { grid.shape[$0] }
    return [try Movement.resultType(x.elementType, extents)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], grid = operands[1]
    GridSampling.isWide(x, grid)
      ? sampling.evaluate(Double.self, x, grid, into: &results) : sampling.evaluate(Float.self, x, grid, into: &results)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes back to the elements it was made from. ∂grid: the slope of the interpolation, 0 for `nearest`; as in
  /// PyTorch that from above at the centres of elements, and 0 at and beyond the ends where `border` or `reflection` meets them.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let gradients = try graph.add(
      GridSampleAdjoint(sampling: sampling), [seed, try step.operand(0), try step.operand(1)], results: 2)
    return [step.wants[0] ? gradients[0] : nil, step.wants[1] ? gradients[1] : nil]
  }
}

/// `∂X` and `∂grid` of `GridSample`.
///
/// - Operands: `seed`, `X`, `grid`.
private struct GridSampleAdjoint: InternalOperator {
  static let signature = OperatorSignature("GridSample", domain: "adjoint", operands: 3...3, results: 2...2, gradient: .undefined)
  let sampling: GridSampling

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    // The gradient of integers is wanted by nobody, but the result needs a type.
    [.tensor(try operands.tensor(1)), .tensor(try operands.floatingTensor(2))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0], x = operands[1], grid = operands[2]
    GridSampling.isWide(x, grid)
      ? sampling.evaluateAdjoint(Double.self, seed, x, grid, into: &results)
      : sampling.evaluateAdjoint(Float.self, seed, x, grid, into: &results)
  }
}

private struct GridSampling: Sendable {
  let kernel: SamplingKernel
  let padding: SamplingPadding
  let alignsCorners: Bool

  /// Whether float32 is too narrow for a value or a coordinate.
  static func isWide(_ x: Tensor, _ grid: Tensor) -> Bool {
    x.elementType == .float64 || grid.elementType == .float64 || (x.elementType.isInteger && x.elementType.byteCount >= 4)
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ x: Tensor, _ grid: Tensor, into results: inout Results) {
    let x = x.converted(to: T.elementType), grid = grid.converted(to: T.elementType)
    let values = x.elements(T.self), points = grid.elements(T.self)
    var walk = Walk<T>(self, x.shape, grid.shape)
    var y = [T](repeating: 0, count: results.shape(0).count)
    for point in 0..<walk.batch * walk.count {
      walk.move(to: point, points)
      for channel in 0..<walk.channels {
        y[walk.target(point, channel)] = walk.sampler.value(of: values, plane: walk.plane(point, channel))
      }
    }
    results.set(0, to: y)
  }

  func evaluateAdjoint<T: KernelScalar>(_ type: T.Type, _ seed: Tensor, _ x: Tensor, _ grid: Tensor, into results: inout Results) {
    let seed = seed.converted(to: T.elementType), x = x.converted(to: T.elementType), grid = grid.converted(to: T.elementType)
    let seeds = seed.elements(T.self), values = x.elements(T.self), points = grid.elements(T.self)
    var walk = Walk<T>(self, x.shape, grid.shape)
    var dx = [T](repeating: 0, count: x.shape.count), dgrid = [T](repeating: 0, count: grid.shape.count)
    for point in 0..<walk.batch * walk.count {
      walk.move(to: point, points)
      for channel in 0..<walk.channels {
        let plane = walk.plane(point, channel), seed = seeds[walk.target(point, channel)]
        walk.sampler.scatter(seed, to: &dx, plane: plane)
        for axis in 0..<walk.rank {
          dgrid[(point + 1) * walk.rank - 1 - axis] += seed * walk.unit[axis] * walk.sampler.slope(of: values, plane: plane, axis: axis)
        }
      }
    }
    results.set(0, to: dx)
    results.set(1, to: dgrid)
  }

  /// The way through the points of a grid.
  private struct Walk<T: KernelScalar> {
    let batch, channels, count, area, rank: Int
    let isAligned: Bool
    let extents: [Int]
    /// Elements per unit of a coordinate.
    let unit: [T]
    var sampler: PointSampler<T>

    init(_ sampling: GridSampling, _ x: Shape, _ grid: Shape) {
      extents = Array(x.extents.dropFirst(2))
      rank = extents.count
      (batch, channels, area) = (x[0], x[1], extents.reduce(1, *))
      count = grid.extents.dropFirst().dropLast().reduce(1, *)
      isAligned = sampling.alignsCorners
      unit = extents.map { T(sampling.alignsCorners ? $0 - 1 : $0) / 2 }
      sampler = PointSampler(extents: extents, kernel: sampling.kernel, padding: sampling.padding, mirrorsCentres: sampling.alignsCorners)
    }

    /// Point `point` of all items; the innermost axis comes first.
    mutating func move(to point: Int, _ points: Span<T>) {
      for axis in 0..<rank {
        let coordinate = points[(point + 1) * rank - 1 - axis], extent = T(extents[axis])
        sampler.move(axis: axis, to: isAligned ? (coordinate + 1) / 2 * (extent - 1) : ((coordinate + 1) * extent - 1) / 2)
      }
      sampler.finishMoving()
    }

    func plane(_ point: Int, _ channel: Int) -> Int { (point / count * channels + channel) * area }
    func target(_ point: Int, _ channel: Int) -> Int { (point / count * channels + channel) * count + point % count }
  }
}
