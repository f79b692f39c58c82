import CarpusTensors

/// `Y[r, c]` holds the largest elements of `X[b, c]` in `pooled_shape` bins of region r; 0 in a bin without elements.
///
/// The corners of a region (b, x1, y1, x2, y2) are multiplied by `spatial_scale` and rounded, and belong to it; bins overlap by
/// up to an element, as in Fast R-CNN.
///
/// - Operands: `X` `[N×C×H×W]` and `rois` `[R×5]`, floating-point.
/// - Throws: when there is no such image or a corner is no number.
public struct MaxRoiPool: Operator {
  public static let signature = OperatorSignature("MaxRoiPool", operands: 2...2, gradient: .defined)
  private let pooling: RoiPooling

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let bins = try node.ints("pooled_shape"), bins.count == 2, bins.allSatisfy({ $0 > 0 && $0 < 1 << 30 }) else {
      throw .attribute("attribute pooled_shape must be the positive height and width of the result")
    }
    pooling = RoiPooling(bins: bins, scale: Double(try node.float("spatial_scale") ?? 1))
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), rois = try operands.tensor(1)
    guard rois.elementType == x.elementType else { throw .operands("X and rois must have one element type") }
    guard PartialShape.unknown(rank: 4).agrees(with: x.shape), PartialShape([nil, 5]).agrees(with: rois.shape) else {
      throw .operands("X must be [N×C×H×W] and rois [R×5], not \(x.shape) and \(rois.shape)")
    }
    return [try Movement.resultType(x.elementType, [rois.shape[0], x.shape[1]] + pooling.bins)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let places = try pooling.places(operands[0], operands[1])
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0], values = x.elements(T.self)
      var y = results.elements(0, as: T.self)
      for (target, place) in places.enumerated() { y[target] = place < 0 ? 0 : values[place] }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes to the first largest element of its bin. The corners are rounded: nothing flows to them.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    return [try graph.add(MaxRoiPoolAdjoint(pooling: pooling), seed, try step.operand(0), try step.operand(1)), nil]
  }
}

/// `∂X` of `MaxRoiPool`.
///
/// - Operands: `seed`, `X`, `rois`.
private struct MaxRoiPoolAdjoint: InternalOperator {
  static let signature = OperatorSignature("MaxRoiPool", domain: "adjoint", operands: 3...3, gradient: .undefined)
  let pooling: RoiPooling

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let places = try pooling.places(operands[1], operands[2])
    func apply<T: KernelScalar>(_ type: T.Type) {
      let seed = operands[0], seeds = seed.elements(T.self)
      var dx = results.elements(0, as: T.self)
      for place in dx.indices { dx[place] = 0 }
      for (source, place) in places.enumerated() where place >= 0 { dx[place] += seeds[source] }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}

private struct RoiPooling: Sendable {
  let bins: [Int]
  let scale: Double

  /// For each element of the result the place of the largest element in X; -1 for an empty bin.
  func places(_ x: Tensor, _ rois: Tensor) throws(OperatorError) -> [Int] {
    let corners = rois.doubles, values = x.doubles, extents = x.shape.extents
    var places: [Int] = []
    for region in 0..<rois.shape[0] {
      let numbers = corners[5 * region..<5 * region + 5]
      guard numbers.allSatisfy({ abs($0 * max(abs(scale), 1)) < 0x1p30 }) else { throw .operands("region \(region) is not on any image") }
      let image = Int(corners[5 * region])
      guard (0..<extents[0]).contains(image) else { throw .operands("region \(region) is on image \(image) of a batch of \(extents[0])") }
      let rounded = numbers.dropFirst().map { Int(($0 * scale).rounded()) }
      let rows = spans(from: rounded[1], to: rounded[3], bins: bins[0], extent: extents[2])
      let columns = spans(from: rounded[0], to: rounded[2], bins: bins[1], extent: extents[3])
      for channel in 0..<extents[1] {
        let plane = (image * extents[1] + channel) * extents[2] * extents[3]
        for row in rows { for column in columns { places.append(largest(values, plane, row, column, width: extents[3])) } }
      }
    }
    return places
  }

  private func largest(_ values: [Double], _ plane: Int, _ rows: Range<Int>, _ columns: Range<Int>, width: Int) -> Int {
    var best = -1
    for row in rows {
      for place in plane + row * width + columns.lowerBound..<plane + row * width + columns.upperBound {
        if best < 0 || values[place] > values[best] { best = place }
      }
    }
    return best
  }

  /// The elements of each bin along one axis.
  private func spans(from first: Int, to last: Int, bins: Int, extent: Int) -> [Range<Int>] {
    let size = Double(max(last - first + 1, 1)) / Double(bins)
    return (0..<bins).map { bin in
      let start = first + Int((Double(bin) * size).rounded(.down)), end = first + Int((Double(bin + 1) * size).rounded(.up))
      let low = max(0, min(start, extent))
      return low..<max(low, min(end, extent))
    }
  }
}
