public import CarpusTensors

/// The input of a network and how it was made.
public struct ModelInput: Sendable {
  /// 1 × channels × height × width, float32.
  public let tensor: Tensor
  /// From the pixels of the radiograph to those of the tensor, exactly as they were resampled.
  public let transform: PixelTransform
  /// Where the radiograph lies in the tensor; the rest is padding.
  public let contentRectangle: PixelRectangle
  /// What was done, in order, one sentence each, with its numbers.
  public let steps: [String]

  public init(tensor: Tensor, transform: PixelTransform, contentRectangle: PixelRectangle, steps: [String]) {
    self.tensor = tensor
    self.transform = transform
    self.contentRectangle = contentRectangle
    self.steps = steps
  }
}

extension Preprocessing {
  /// Spreads the greys to 0…1, resamples, places, repeats in each channel and normalises `(grey − mean) ÷ deviation`.
  ///
  /// A letterboxed radiograph of w × h in an input of W × H is resampled to `round(s·w) × round(s·h)` pixels with
  /// `s = min(W ÷ w, H ÷ h)` (halves away from zero, at least one) and lies `⌊(W − width) ÷ 2⌋` from the left and
  /// `⌊(H − height) ÷ 2⌋` from the top.
  ///
  /// - Throws: `PreprocessingError.noContrast` when two percentiles are the same grey.
  public func apply(to radiograph: Radiograph) throws(PreprocessingError) -> ModelInput {
    let (low, high) = try greyRange.bounds(in: radiograph)
    let placement = Placement(of: radiograph.size, in: size, fit: fit)
    let content = spread(radiograph, low: low, high: high).resampled(to: placement.size, filter: filter)
    return ModelInput(
      tensor: normalised(content, at: placement), transform: placement.transform(from: radiograph.size),
      contentRectangle: placement.rectangle, steps: steps(radiograph, low: low, high: high, placement: placement))
  }

  private func spread(_ radiograph: Radiograph, low: Double, high: Double) -> Field {
    let (low, range) = (Float(low), Float(high) - Float(low))
    return Field(size: radiograph.size, values: radiograph.samples.map { min(max((Float($0) - low) / range, 0), 1) })
  }

  private func normalised(_ content: Field, at placement: Placement) -> Tensor {
    let values = content.values.span
    return Tensor(shape: [1, channels, size.height, size.width]) { (target: inout MutableSpan<Float>) in
      for channel in 0..<channels {
        let (mean, deviation) = (mean[channel], standardDeviation[channel])
        let start = channel * size.count
        for index in start..<start + size.count { target[index] = (padding - mean) / deviation }
        for y in 0..<content.height {
          let row = start + (placement.top + y) * size.width + placement.left
          for x in 0..<content.width { target[row + x] = (values[y * content.width + x] - mean) / deviation }
        }
      }
    }
  }

  private func steps(_ radiograph: Radiograph, low: Double, high: Double, placement: Placement) -> [String] {
    var steps = ["Read \(radiograph.size) pixels of \(radiograph.bitDepth)-bit grey from \(radiograph.origin.rawValue)."]
    steps += radiograph.warnings.map(\.description)
    steps.append("Spread grey values \(low)…\(high) (\(greyRange)) to 0…1, clipped.")
    steps.append("Resampled to \(placement.size) pixels (\(fit.rawValue), \(filter.rawValue), half-pixel centres).")
    if placement.size != size {
      steps.append(
        "Placed \(placement.left) pixels from the left and \(placement.top) from the top of \(size), the rest grey \(padding).")
    }
    if channels > 1 { steps.append("Repeated in \(channels) channels.") }
    steps.append("Subtracted the mean \(mean) and divided by the standard deviation \(standardDeviation).")
    return steps
  }
}

/// Where the pixels of a radiograph come to lie in an input.
private struct Placement {
  let size: PixelSize
  let left, top: Int

  init(of source: PixelSize, in target: PixelSize, fit: Preprocessing.Fit) {
    switch fit {
    case .stretch:
      size = target
    case .letterbox:
      let scale = min(
        Double(target.width) / Double(source.width), Double(target.height) / Double(source.height))
      size = PixelSize(
        width: min(max(Int((scale * Double(source.width)).rounded()), 1), target.width),
        height: min(max(Int((scale * Double(source.height)).rounded()), 1), target.height))
    }
    left = (target.width - size.width) / 2
    top = (target.height - size.height) / 2
  }

  var rectangle: PixelRectangle {
    PixelRectangle(
      minX: Double(left), minY: Double(top), maxX: Double(left + size.width), maxY: Double(top + size.height))
  }

  /// Rounding to whole pixels may make the two scales differ a little; these are the ones that were used.
  func transform(from source: PixelSize) -> PixelTransform {
    PixelTransform(
      scaleX: Double(size.width) / Double(source.width), scaleY: Double(size.height) / Double(source.height),
      offsetX: Double(left), offsetY: Double(top))
  }
}
