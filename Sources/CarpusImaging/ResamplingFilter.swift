/// How a scalar image is brought to another size.
///
/// All filters put the centre of pixel i at i + ½ and map a grid of n pixels onto one of m by `x′ = x · m / n`. Outside
/// the image the pixel at its edge goes on.
public enum ResamplingFilter: String, Sendable, Hashable, CaseIterable {
  /// The pixel in which the new centre lies. As Pillow's `NEAREST` and PyTorch's `nearest-exact`.
  case nearest
  /// Between the two nearest centres of each axis, also when shrinking. As OpenCV's `INTER_LINEAR` and PyTorch's
  /// `interpolate(mode="bilinear", align_corners=False)`.
  case bilinear
  /// A triangle as wide as two new pixels, at least two old ones, normalised over the pixels that exist. As Pillow's
  /// `BILINEAR` and PyTorch's `interpolate(mode="bilinear", antialias=True)`.
  case bilinearAntialias = "bilinear-antialias"
  /// Cubic convolution over four pixels with a = −¾ (Keys 1981), also when shrinking. As PyTorch's
  /// `interpolate(mode="bicubic", align_corners=False)` and OpenCV's `INTER_CUBIC`.
  case bicubic
  /// The mean over the part of the old image that the new pixel covers; the mean of the whole image is kept. As
  /// OpenCV's `INTER_AREA` when shrinking.
  case area
}

/// For each pixel of a new axis the old pixels it is made of: the first one and the weights from there on.
struct ResamplingWeights {
  /// The first old pixel of each new one.
  private(set) var firsts: [Int] = []
  /// The weights of all new pixels, one after the other.
  private(set) var weights: [Float] = []
  /// Where the weights of each new pixel begin; one more entry than new pixels.
  private(set) var starts: [Int] = [0]

  /// - Precondition: `source` and `target`, numbers of pixels, are positive.
  init(filter: ResamplingFilter, source: Int, target: Int) {
    precondition(source > 0 && target > 0)
    firsts.reserveCapacity(target)
    starts.reserveCapacity(target + 1)
    let scale = Double(source) / Double(target)
    for index in 0..<target {
      let center = (Double(index) + 0.5) * scale
      switch filter {
      case .nearest:
        // Exact where the centre lies on a border between pixels.
        append(at: min((2 * index + 1) * source / (2 * target), source - 1), [1])
      case .bilinear:
        let position = center - 0.5
        let left = position.rounded(.down)
        let fraction = position - left
        appendClamped(at: Int(left), [1 - fraction, fraction], source: source)
      case .bilinearAntialias:
        let width = max(scale, 1)
        let first = max(0, Int((center - width + 0.5).rounded(.down)))
        let end = min(source, Int((center + width + 0.5).rounded(.down)))
        append(at: first, normalised((first..<end).map { max(0, 1 - abs(Double($0) + 0.5 - center) / width) }))
      case .bicubic:
        let position = center - 0.5
        let left = position.rounded(.down)
        let fraction = position - left
        appendClamped(at: Int(left) - 1, (0..<4).map { Self.cubic(fraction + 1 - Double($0)) }, source: source)
      case .area:
        let low = Double(index) * scale
        let high = Double(index + 1) * scale
        let first = min(Int(low), source - 1)
        let end = max(first + 1, min(source, Int(high.rounded(.up))))
        append(at: first, normalised((first..<end).map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) }))
      }
    }
  }

  /// Keys' cubic convolution with a = −¾ at distance `x`.
  private static func cubic(_ x: Double) -> Double {
    let a = -0.75
    let d = abs(x)
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    if d < 2 { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
    return 0
  }

  private func normalised(_ weights: [Double]) -> [Double] {
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private mutating func append(at first: Int, _ new: [Double]) {
    firsts.append(first)
    weights.append(contentsOf: new.map { Float($0) })
    starts.append(weights.count)
  }

  /// Weights of pixels beyond an edge go to the pixel at the edge.
  private mutating func appendClamped(at first: Int, _ new: [Double], source: Int) {
    let low = min(max(first, 0), source - 1)
    let high = min(max(first + new.count - 1, 0), source - 1)
    var inside = [Double](repeating: 0, count: high - low + 1)
    for (index, weight) in new.enumerated() { inside[min(max(first + index, low), high) - low] += weight }
    append(at: low, inside)
  }
}
