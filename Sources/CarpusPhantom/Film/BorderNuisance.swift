import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// The edges of the collimated field, and what lies beyond them.
struct BorderNuisance {
  /// Nepers of attenuation, where radiation still arrives beyond an edge.
  private(set) var attenuation: Layer
  /// Share of black that was painted afterwards.
  private(set) var black: Layer

  /// The pixels that are not what they would be without it.
  var mask: Mask { attenuation.mask.union(black.mask) }

  init?(layout: Layout, size: PixelSize, stream: consuming RandomStream) {
    let isPresent = stream.chance(0.5), style = stream.uniform(), turn = stream.uniform(-1...1)
    let insets = (0..<4).map { _ in stream.uniform(-0.015...0.025) }
    let density = stream.uniform(0.25...1.6), softness = stream.uniform(0.4...2.5)
    let bandStart = stream.uniform(0.1...0.4), bandHeight = stream.uniform(0.2...0.45), bandDensity = stream.uniform(0.12...0.3)
    let bandTurn = stream.uniform(-0.06...0.06), sides = (0..<4).map { _ in stream.chance(0.5) }
    guard isPresent else { return nil }
    attenuation = Layer(size: size)
    black = Layer(size: size)
    let edgeWidth = max(1, softness * layout.pixelsPerMillimetre)
    switch style {
    case ..<0.3:
      // A turned field that was squared: black corners.
      let field = Field(size: size, insets: insets, angle: turn * 0.1)
      black.add { x, y in 1 - smoothStep(field.depth(x: x, y: y) / 1.5 + 0.5) }
    case ..<0.55:
      // A turned field on a larger plate, whose rest is not quite unexposed.
      let field = Field(size: size, insets: insets.map { $0 + 0.008 }, angle: turn * 0.05)
      attenuation.add { x, y in density * (1 - smoothStep(field.depth(x: x, y: y) / edgeWidth + 0.5)) }
    case ..<0.8:
      // Bright or black stripes along some of the image's edges.
      let isBlack = style < 0.65
      let field = Field(size: size, insets: zip(insets, sides).map { $1 ? abs($0) + 0.006 : -1 }, angle: turn * 0.012)
      if isBlack {
        black.add { x, y in 1 - smoothStep(field.depth(x: x, y: y) / 1.5 + 0.5) }
      } else {
        attenuation.add { x, y in 2 * density * (1 - smoothStep(field.depth(x: x, y: y) / edgeWidth + 0.5)) }
      }
    default:
      // A band across, as of a second, narrower field, and a hazy side.
      let height = Double(size.height), width = Double(size.width), slope = sineAndCosine(bandTurn).sine
      attenuation.add { x, y in
        let v = (y - slope * (x - width / 2)) / height
        let depth = min(v - bandStart, bandStart + bandHeight - v) * height
        let haze = max(0, 1 - x / (0.06 * width))
        return bandDensity * smoothStep(depth / edgeWidth + 0.5) + density * haze * haze * haze
      }
    }
  }

  /// A turned rectangle.
  private struct Field {
    let middle: SIMD2<Double>
    /// Left, right, top, bottom as distances from the middle, in pixels.
    let reach: [Double]
    let cosine, sine: Double

    /// - Parameter insets: of left, right, top and bottom, as shares of the image's shorter side.
    init(size: PixelSize, insets: [Double], angle: Double) {
      let width = Double(size.width), height = Double(size.height), unit = min(width, height)
      // In a long image the turn is less, lest half of it be gone.
      let angle = angle * unit / max(1, max(width, height))
      middle = SIMD2(width / 2, height / 2)
      reach = [width / 2 - insets[0] * unit, width / 2 - insets[1] * unit, height / 2 - insets[2] * unit, height / 2 - insets[3] * unit]
      (sine, cosine) = sineAndCosine(angle)
    }

    /// Distance to the nearest edge in pixels, negative outside.
    func depth(x: Double, y: Double) -> Double {
      let d = SIMD2(x, y) - middle
      let u = d.x * cosine + d.y * sine, v = d.y * cosine - d.x * sine
      return min(min(u + reach[0], reach[1] - u), min(v + reach[2], reach[3] - v))
    }
  }
}
