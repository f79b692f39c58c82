extension Field {
  /// The image on a grid of another size that covers the same rectangle, in float32: first along y, then along x, which
  /// is the faster order, unless the image between would be larger than both.
  ///
  /// - Precondition: both sizes have pixels.
  public func resampled(to target: PixelSize, filter: ResamplingFilter) -> Field {
    if target.height > height && target.width < width {
      return resampledColumns(to: target.width, filter: filter).resampledRows(to: target.height, filter: filter)
    }
    return resampledRows(to: target.height, filter: filter).resampledColumns(to: target.width, filter: filter)
  }

  /// Each new row is a weighted sum of whole old rows.
  private func resampledRows(to target: Int, filter: ResamplingFilter) -> Field {
    if target == height { return self }
    let plan = ResamplingWeights(filter: filter, source: height, target: target)
    var result = [Float](repeating: 0, count: target * width)
    let source = values.span
    var sum = result.mutableSpan
    for y in 0..<target {
      for tap in plan.starts[y]..<plan.starts[y + 1] {
        let row = plan.firsts[y] + tap - plan.starts[y]
        add(source.extracting(row * width..<(row + 1) * width), times: plan.weights[tap], to: &sum, at: y * width)
      }
    }
    return Field(size: PixelSize(width: width, height: target), values: result)
  }

  private func add(_ row: Span<Float>, times weight: Float, to sum: inout MutableSpan<Float>, at start: Int) {
    for x in row.indices { sum[start + x] += weight * row[x] }
  }

  private func resampledColumns(to target: Int, filter: ResamplingFilter) -> Field {
    if target == width { return self }
    let plan = ResamplingWeights(filter: filter, source: width, target: target)
    var result = [Float](repeating: 0, count: target * height)
    let source = values.span
    let (firsts, starts, weights) = (plan.firsts.span, plan.starts.span, plan.weights.span)
    var targetValues = result.mutableSpan
    for y in 0..<height {
      let row = source.extracting(y * width..<(y + 1) * width)
      for x in 0..<target {
        let (start, shift) = (starts[x], firsts[x] - starts[x])
        var sum: Float = 0
        for tap in start..<starts[x + 1] { sum += weights[tap] * row[tap + shift] }
        targetValues[y * target + x] = sum
      }
    }
    return Field(size: PixelSize(width: target, height: height), values: result)
  }
}
