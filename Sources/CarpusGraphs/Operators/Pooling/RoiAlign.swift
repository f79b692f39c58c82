import CarpusTensors

/// `Y[r, c]` is the part of `X[batch_indices[r], c]` that region r covers, in `output_height` × `output_width` bins: the mean of
/// points in each, or with mode `max` the largest product of an element and its weight at a point (not the largest point: so the
/// reference implementation).
///
/// A region (x1, y1, x2, y2) is multiplied by `spatial_scale` and shifted by −1/2; with `output_half_pixel`, and before version
/// 16, it is not shifted, and at least 1 × 1. A bin has `sampling_ratio`² points; with 0, one per element along each axis. Points
/// more than 1 outside of X are 0.
///
/// - Operands: `X` `[N×C×H×W]` and `rois` `[R×4]`, floating-point; `batch_indices` int64 `[R]`.
/// - Throws: when there is no such image, or a bin would have more than 4096 points along an axis.
public struct RoiAlign: Operator {
  public static let signature = OperatorSignature("RoiAlign", since: 10, operands: 3...3, gradient: .defined)
  private let alignment: RoiAlignment

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let mode = try node.string("mode") ?? "avg"
    guard mode == "avg" || mode == "max" else { throw .attribute("attribute mode must be avg or max, not '\(mode)'") }
    let transformation = try node.string("coordinate_transformation_mode") ?? (node.opset < 16 ? "output_half_pixel" : "half_pixel")
    guard transformation == "half_pixel" || transformation == "output_half_pixel" else {
      throw .attribute("attribute coordinate_transformation_mode must be half_pixel or output_half_pixel, not '\(transformation)'")
    }
    let height = try node.int("output_height") ?? 1, width = try node.int("output_width") ?? 1
    guard height > 0, width > 0 else {
      throw .attribute("attributes output_height and output_width must be positive, not \(height) and \(width)")
    }
    let ratio = try node.int("sampling_ratio") ?? 0
    guard ratio >= 0 else { throw .attribute("attribute sampling_ratio must not be negative: \(ratio)") }
    alignment = RoiAlignment(
      takesLargest: mode == "max", isShifted: transformation == "half_pixel", bins: [height, width], samplingRatio: ratio,
      scale: Double(try node.float("spatial_scale") ?? 1))
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), rois = try operands.tensor(1), indices = try operands.tensor(2)
    guard rois.elementType == x.elementType else { throw .operands("X and rois must have one element type") }
    guard indices.elementType.isInteger else { throw .operands("batch_indices must be integers, not \(indices.elementType)") }
    guard PartialShape.unknown(rank: 4).agrees(with: x.shape) else { throw .operands("X must be [N×C×H×W], not \(x.shape)") }
    guard PartialShape([nil, 4]).agrees(with: rois.shape), PartialShape([rois.shape[0]]).agrees(with: indices.shape) else {
      throw .operands("rois must be [R×4] and batch_indices [R], not \(rois.shape) and \(indices.shape)")
    }
    return [try Movement.resultType(x.elementType, [rois.shape[0] ?? indices.shape[0], x.shape[1]] + alignment.bins)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try alignment.evaluate(Double.self, operands[0], operands[1], operands[2], into: &results)
      : try alignment.evaluate(Float.self, operands[0], operands[1], operands[2], into: &results)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y goes back to the elements its points were made from (with `max` to the first largest product's). ∂rois: as the
  /// points move with the corners, for as many points as there are.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    let gradients = try graph.add(
      RoiAlignAdjoint(alignment: alignment), [seed, try step.operand(0), try step.operand(1), try step.operand(2)], results: 2)
    return [step.wants[0] ? gradients[0] : nil, step.wants[1] ? gradients[1] : nil, nil]
  }
}

/// `∂X` and `∂rois` of `RoiAlign`.
///
/// - Operands: `seed`, `X`, `rois`, `batch_indices`.
private struct RoiAlignAdjoint: InternalOperator {
  static let signature = OperatorSignature("RoiAlign", domain: "adjoint", operands: 4...4, results: 2...2, gradient: .undefined)
  let alignment: RoiAlignment

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.tensor(try operands.floatingTensor(1)), .tensor(try operands.floatingTensor(2))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try alignment.evaluateAdjoint(Double.self, operands[0], operands[1], operands[2], operands[3], into: &results)
      : try alignment.evaluateAdjoint(Float.self, operands[0], operands[1], operands[2], operands[3], into: &results)
  }
}

private struct RoiAlignment: Sendable {
  let takesLargest, isShifted: Bool
  /// Along the vertical and the horizontal axis, as everything that comes in pairs here.
  let bins: [Int]
  let samplingRatio: Int
  let scale: Double

  /// A region on the elements of an image.
  struct Region<T: KernelScalar> {
    let image: Int
    let start, size: [T]
    /// Points in each bin.
    let samples: [Int]
    /// Whether the size is that of the operand; otherwise it was too small.
    let isOwn: [Bool]

    /// Where a point lies within the region along one axis, 0…1; bins and points are counted row by row.
    func fraction(axis: Int, _ bin: Int, _ sample: Int, of bins: [Int]) -> T {
      let place = axis == 0 ? bin / bins[1] : bin % bins[1], own = axis == 0 ? sample / samples[1] : sample % samples[1]
      return (T(place) + (T(own) + 0.5) / T(samples[axis])) / T(bins[axis])
    }
  }

  func regions<T: KernelScalar>(_ type: T.Type, _ x: Shape, _ rois: Tensor, _ images: Tensor) throws(OperatorError) -> [Region<T>] {
    let corners = rois.array(of: T.self), images = images.integers ?? []
    var regions: [Region<T>] = []
    for (number, image) in images.enumerated() {
      guard (0..<x[0]).contains(image) else { throw .operands("region \(number) is on image \(image) of a batch of \(x[0])") }
      // (x1, y1, x2, y2) as vertical, horizontal.
      let first = [corners[4 * number + 1], corners[4 * number]], last = [corners[4 * number + 3], corners[4 * number + 2]]
      let start = first.map { $0 * T(scale) - (isShifted ? 0.5 : 0) }
      let sizes = zip(first, last).map { ($1 - $0) * T(scale) }
      let used = isShifted ? sizes : sizes.map { max($0, 1) }
      var samples: [Int] = []
      for (size, bins) in zip(used, bins) {
        let count = samplingRatio > 0 ? T(samplingRatio) : (size / T(bins)).rounded(.up)
        guard count <= 4096 else { throw .operands("region \(number) takes \(count) points along an axis of a bin, more than 4096") }
        samples.append(max(Int(count), 0))
      }
      regions.append(Region(image: image, start: start, size: used, samples: samples, isOwn: zip(sizes, used).map { $0 == $1 }))
    }
    return regions
  }

  /// Moves the sampler to a point; false if it lies too far outside.
  private func move<T: KernelScalar>(
    _ sampler: inout PointSampler<T>, to bin: Int, _ sample: Int, of region: Region<T>, _ x: Shape
  ) -> Bool {
    for axis in 0..<2 {
      let position = region.start[axis] + region.fraction(axis: axis, bin, sample, of: bins) * region.size[axis]
      guard position >= -1, position <= T(x[axis + 2]) else { return false }
      sampler.move(axis: axis, to: position)
    }
    sampler.finishMoving()
    return true
  }

  func evaluate<T: KernelScalar>(
    _ type: T.Type, _ x: Tensor, _ rois: Tensor, _ images: Tensor, into results: inout Results
  ) throws(OperatorError) {
    let regions = try regions(type, x.shape, rois, images), channels = x.shape[1], area = x.shape[2] * x.shape[3]
    let values = x.elements(T.self)
    var sampler = PointSampler<T>(extents: [x.shape[2], x.shape[3]], kernel: .linear, padding: .border)
    var y = results.elements(0, as: T.self), sums = [T](repeating: 0, count: channels)
    for (number, region) in regions.enumerated() {
      let count = T(max(region.samples[0] * region.samples[1], 1))
      for bin in 0..<bins[0] * bins[1] {
        for channel in 0..<channels { sums[channel] = 0 }
        for sample in 0..<region.samples[0] * region.samples[1] {
          let isInside = move(&sampler, to: bin, sample, of: region, x.shape)
          for channel in 0..<channels {
            let plane = (region.image * channels + channel) * area
            guard takesLargest else {
              if isInside { sums[channel] += sampler.value(of: values, plane: plane) / count }
              continue
            }
            let value = isInside ? sampler.largestTap(of: values, plane: plane).product : 0
            sums[channel] = sample == 0 ? value : max(sums[channel], value)
          }
        }
        for channel in 0..<channels { y[(number * channels + channel) * bins[0] * bins[1] + bin] = sums[channel] }
      }
    }
  }

  func evaluateAdjoint<T: KernelScalar>(
    _ type: T.Type, _ seed: Tensor, _ x: Tensor, _ rois: Tensor, _ images: Tensor, into results: inout Results
  ) throws(OperatorError) {
    let regions = try regions(type, x.shape, rois, images), channels = x.shape[1], area = x.shape[2] * x.shape[3]
    let values = x.elements(T.self), seeds = seed.elements(T.self)
    var sampler = PointSampler<T>(extents: [x.shape[2], x.shape[3]], kernel: .linear, padding: .border)
    var dx = [T](repeating: 0, count: x.shape.count), drois = [T](repeating: 0, count: rois.shape.count)
    /// The corners move a point, which has the slope `slope` along `axis`.
    func moveCorners(_ number: Int, _ region: Region<T>, _ bin: Int, _ sample: Int, _ axis: Int, _ slope: T) {
      let place = 4 * number + 1 - axis, share = region.isOwn[axis] ? region.fraction(axis: axis, bin, sample, of: bins) : 0
      drois[place] += slope * T(scale) * (1 - share)
      drois[place + 2] += slope * T(scale) * share
    }
    for (number, region) in regions.enumerated() {
      let samples = region.samples[0] * region.samples[1]
      for bin in 0..<bins[0] * bins[1] {
        for channel in 0..<channels {
          let plane = (region.image * channels + channel) * area, s = seeds[(number * channels + channel) * bins[0] * bins[1] + bin]
          guard takesLargest else {
            for sample in 0..<samples {
              guard move(&sampler, to: bin, sample, of: region, x.shape) else { continue }
              sampler.scatter(s / T(samples), to: &dx, plane: plane)
              for axis in 0..<2 {
                moveCorners(number, region, bin, sample, axis, s / T(samples) * sampler.slope(of: values, plane: plane, axis: axis))
              }
            }
            continue
          }
          var best: (sample: Int, product: T)?
          for sample in 0..<samples {
            let isInside = move(&sampler, to: bin, sample, of: region, x.shape)
            let product = isInside ? sampler.largestTap(of: values, plane: plane).product : 0
            if best.map({ product > $0.product }) ?? true { best = (sample, product) }
          }
          guard let best, move(&sampler, to: bin, best.sample, of: region, x.shape) else { continue }
          let tap = sampler.largestTap(of: values, plane: plane).index, place = plane + sampler.offsets[tap]
          dx[place] += s * sampler.weights[tap]
          for axis in 0..<2 {
            let slope = s * values[place] * sampler.derivatives[axis * sampler.weights.count + tap]
            moveCorners(number, region, bin, best.sample, axis, slope)
          }
        }
      }
    }
    results.set(0, to: dx)
    results.set(1, to: drois)
  }
}

extension PointSampler {
  /// The first largest product of an element and its weight; the padding is not `zeros`.
  fileprivate func largestTap(of x: Span<T>, plane: Int) -> (index: Int, product: T) {
    var best = (index: 0, product: weights[0] * x[plane + offsets[0]])
    for index in 1..<offsets.count {
      let product = weights[index] * x[plane + offsets[index]]
      if product > best.product { best = (index, product) }
    }
    return best
  }
}
