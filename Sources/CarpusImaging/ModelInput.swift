public import CarpusTensors

/// The input of a network and how it was made.
public struct ModelInput: Sendable {
  /// 1 × channels × height × width, float32.
  public let tensor: Tensor
  /// From the pixels of the radiograph to those of the tensor, exactly as they were resampled. Of a mirrored tensor it leads to its mirror
  /// image, in which left and right are as in the radiograph.
  public let transform: PixelTransform
  /// Whether left and right have changed places in the tensor.
  public let isMirrored: Bool
  /// Where the radiograph lies in the tensor, or in its mirror image if it is mirrored; the rest is padding.
  public let contentRectangle: PixelRectangle
  /// What was done, in order, one sentence each, with its numbers.
  public let steps: [String]

  public init(tensor: Tensor, transform: PixelTransform, contentRectangle: PixelRectangle, isMirrored: Bool = false, steps: [String]) {
    self.tensor = tensor
    self.isMirrored = isMirrored
    self.transform = transform
    self.contentRectangle = contentRectangle
    self.steps = steps
  }
}

extension Preprocessing {
  /// Spreads the greys to 0…1, inverts and mirrors them if that is wanted, resamples, places, repeats in each channel and normalises
  /// `(grey − mean) ÷ deviation`.
  ///
  /// A letterboxed radiograph of w × h in an input of W × H is resampled to `round(s·w) × round(s·h)` pixels with
  /// `s = min(W ÷ w, H ÷ h)` (halves away from zero, at least one) and lies `⌊(W − width) ÷ 2⌋` from the left and
  /// `⌊(H − height) ÷ 2⌋` from the top.
  ///
  /// A cropped one is resampled in the same way with `s = max(W ÷ w, H ÷ h)`, and `⌈(width − W) ÷ 2⌉` columns at the left and
  /// `⌈(height − H) ÷ 2⌉` rows at the top are cut off.
  ///
  /// - Throws: `PreprocessingError.noContrast` when two percentiles are the same grey, `.tooLong` when a crop would be made from too large an
  ///   image.
  public func apply(to radiograph: Radiograph) throws(PreprocessingError) -> ModelInput {
    let (low, high) = try greyRange.bounds(in: radiograph)
    let placement = Placement(of: radiograph.size, in: size, fit: fit)
    guard placement.size.count <= 1 << 26 else { throw .tooLong(radiograph.size, resampled: placement.size) }
    let content = spread(radiograph, low: low, high: high).resampled(to: placement.size, filter: filter)
    return ModelInput(
      tensor: normalised(content, at: placement), transform: placement.transform(from: radiograph.size, isMirrored: isMirrored),
      contentRectangle: placement.rectangle(isMirrored: isMirrored), isMirrored: isMirrored, steps: steps(radiograph, low: low, high: high, placement: placement))
  }

  private func spread(_ radiograph: Radiograph, low: Double, high: Double) -> Field {
    let (low, range) = (Float(low), Float(high) - Float(low))
    var values = radiograph.samples.map { min(max((Float($0) - low) / range, 0), 1) }
    if isInverted { values = values.map { 1 - $0 } }
    if isMirrored {
      let width = radiograph.size.width
      for row in 0..<radiograph.size.height { values[row * width..<(row + 1) * width].reverse() }
    }
    return Field(size: radiograph.size, values: values)
  }

  private func normalised(_ content: Field, at placement: Placement) -> Tensor {
    let values = content.values.span
    return Tensor(shape: [1, channels, size.height, size.width]) { (target: inout MutableSpan<Float>) in
      for channel in 0..<channels {
        let (mean, deviation) = (mean[channel], standardDeviation[channel])
        let start = channel * size.count
        for index in start..<start + size.count { target[index] = (padding - mean) / deviation }
        for y in max(0, -placement.top)..<min(content.height, size.height - placement.top) {
          let row = start + (placement.top + y) * size.width + placement.left
          for x in max(0, -placement.left)..<min(content.width, size.width - placement.left) {
            target[row + x] = (values[y * content.width + x] - mean) / deviation
          }
        }
      }
    }
  }

  private func steps(_ radiograph: Radiograph, low: Double, high: Double, placement: Placement) -> [String] {
    var steps = ["Read \(radiograph.size) pixels of \(radiograph.bitDepth)-bit grey from \(radiograph.origin.rawValue)."]
    steps += radiograph.warnings.map(\.description)
    steps.append("Spread grey values \(low)…\(high) (\(greyRange)) to 0…1, clipped.")
    if isInverted { steps.append("Inverted: black and white changed places.") }
    if isMirrored { steps.append("Mirrored: left and right changed places.") }
    steps.append("Resampled to \(placement.size) pixels (\(fit.rawValue), \(filter.rawValue), half-pixel centres).")
    if fit == .crop && placement.size != size {
      steps.append("Cut \(-placement.left) columns off the left and \(-placement.top) rows off the top, and as many on the other sides, to \(size).")
    } else if placement.size != size {
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
  /// Of the resampled radiograph.
  let size: PixelSize
  /// Negative where it is cut off.
  let left, top: Int
  private let inputSize: PixelSize

  init(of source: PixelSize, in target: PixelSize, fit: Preprocessing.Fit) {
    switch fit {
    case .stretch:
      size = target
    case .crop:
      let scale = max(
        Double(target.width) / Double(source.width), Double(target.height) / Double(source.height))
      size = PixelSize(
        width: max(Int((scale * Double(source.width)).rounded()), target.width),
        height: max(Int((scale * Double(source.height)).rounded()), target.height))
    case .letterbox:
      let scale = min(
        Double(target.width) / Double(source.width), Double(target.height) / Double(source.height))
      size = PixelSize(
        width: min(max(Int((scale * Double(source.width)).rounded()), 1), target.width),
        height: min(max(Int((scale * Double(source.height)).rounded()), 1), target.height))
    }
    inputSize = target
    left = Placement.half(target.width - size.width)
    top = Placement.half(target.height - size.height)
  }

  /// Rounded down, also below 0.
  private static func half(_ number: Int) -> Int { number >= 0 ? number / 2 : (number - 1) / 2 }

  /// From the left of the input, or of its mirror image.
  private func left(isMirrored: Bool) -> Int { isMirrored ? inputSize.width - left - size.width : left }

  func rectangle(isMirrored: Bool) -> PixelRectangle {
    let left = left(isMirrored: isMirrored)
    return PixelRectangle(
      minX: Double(max(left, 0)), minY: Double(max(top, 0)), maxX: Double(min(left + size.width, inputSize.width)),
      maxY: Double(min(top + size.height, inputSize.height)))
  }

  /// Rounding to whole pixels may make the two scales differ a little; these are the ones that were used.
  func transform(from source: PixelSize, isMirrored: Bool) -> PixelTransform {
    PixelTransform(
      scaleX: Double(size.width) / Double(source.width), scaleY: Double(size.height) / Double(source.height),
      offsetX: Double(left(isMirrored: isMirrored)), offsetY: Double(top))
  }
}
