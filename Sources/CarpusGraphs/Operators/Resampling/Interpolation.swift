import CarpusTensors

/// How `Resize` finds the elements along one axis from which a new element is made.
///
/// Source: ONNX, `Resize` 19 and, for `exclude_outside` and `antialias`, its reference implementation.
struct Interpolation: Sendable {
  enum Kernel: Sendable {
    case nearest(Rounding)
    case linear
    /// Keys' cubic convolution with the coefficient a.
    case cubic(Double)
  }

  /// How a position becomes an index.
  enum Rounding: String, Sendable {
    case roundPreferFloor = "round_prefer_floor"
    case roundPreferCeil = "round_prefer_ceil"
    case floor, ceil
    /// Before version 11: down when elements are added, up when they are taken away.
    case byScale = ""
  }

  /// How the index of a new element becomes a position among the old ones.
  enum Coordinates: String, Sendable {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tfHalfPixelForNearest = "tf_half_pixel_for_nn"
    case tfCropAndResize = "tf_crop_and_resize"
  }

  let kernel: Kernel
  let coordinates: Coordinates
  /// Stretches the kernel when elements are taken away.
  var antialiases = false
  /// Leaves out what lies beyond the ends; otherwise the outermost element stands for it.
  var excludesOutside = false

  /// The weights that make `output` elements from `input`.
  ///
  /// - Parameters:
  ///   - scale: new elements per old one; not exactly output / input if that was rounded.
  ///   - region: the part of the axis that `tf_crop_and_resize` takes, 0 and 1 for all of it.
  /// - Precondition: `input` is positive if `output` is.
  func weights(input: Int, output: Int, scale: Double, region: (start: Double, end: Double)) -> AxisWeights {
    var result = AxisWeights(columnCount: input)
    for index in 0..<output {
      let x = position(Double(index), input: input, output: output, scale: scale, region: region)
      if coordinates != .tfCropAndResize || (x >= 0 && x <= Double(input - 1)) { add(x, scale: scale, to: &result) }
      result.endRow()
    }
    return result
  }

  private func position(
    _ index: Double, input: Int, output: Int, scale: Double, region: (start: Double, end: Double)
  ) -> Double {
    let last = Double(input - 1), width = scale * Double(input)
    return switch coordinates {
    case .halfPixel: (index + 0.5) / scale - 0.5
    case .halfPixelSymmetric: Double(input) / 2 * (1 - Double(output) / width) + (index + 0.5) / scale - 0.5
    case .pytorchHalfPixel: width > 1 ? (index + 0.5) / scale - 0.5 : 0
    case .alignCorners: width == 1 ? 0 : index * last / (width - 1)
    case .asymmetric: index / scale
    case .tfHalfPixelForNearest: (index + 0.5) / scale
    case .tfCropAndResize:
      width > 1
        ? region.start * last + index * (region.end - region.start) * last / (width - 1) : 0.5 * (region.start + region.end) * last
    }
  }

  /// Adds the entries for a position to the row that is being made.
  private func add(_ position: Double, scale: Double, to row: inout AxisWeights) {
    let last = row.columnCount - 1
    // Far beyond the ends nothing changes any more; NaN becomes 0.
    let bound = Double(2 * row.columnCount + 8), x = max(-bound, min(position, bound))
    func clamped(_ index: Int) -> Int { max(0, min(index, last)) }
    if case .nearest(let rounding) = kernel {
      return row.add(1, at: clamped(Int(Self.rounded(x, rounding, scale: scale))))
    }
    let stretch = antialiases ? min(scale, 1) : 1, origin = Int(x.rounded(.down))
    let first = Int((-support / stretch).rounded(.down)) + 1
    let taps = (first...1 - first).map { (index: origin + $0, weight: density((Double(origin + $0) - x) * stretch)) }
    let used = excludesOutside ? taps.filter { (0...last).contains($0.index) } : taps
    let sum = used.reduce(0) { $0 + $1.weight }
    // Only what is left out or stretched has a sum that is not 1.
    let total = excludesOutside || antialiases ? sum : 1
    guard total != 0 else { return }
    for tap in used { row.add(tap.weight / total, at: clamped(tap.index)) }
  }

  private static func rounded(_ x: Double, _ rounding: Rounding, scale: Double) -> Double {
    switch rounding {
    case .roundPreferFloor: (x - 0.5).rounded(.up)
    case .roundPreferCeil: (x + 0.5).rounded(.down)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .byScale: x.rounded(scale < 1 ? .up : .down)
    }
  }

  private var support: Double { if case .cubic = kernel { 2 } else { 1 } }

  private func density(_ distance: Double) -> Double {
    let x = abs(distance)
    guard case .cubic(let a) = kernel else { return max(1 - x, 0) }
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }
}
