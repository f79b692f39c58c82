import CarpusImaging

/// A colour and how much of it covers what lies below, both 0…255.
struct LayerColor: Hashable {
  var color: RGBColor
  var alpha: UInt8

  /// On an opaque colour.
  func over(_ below: RGBColor) -> RGBColor {
    let (cover, rest) = (Int(alpha), 255 - Int(alpha))
    func channel(_ top: UInt8, _ bottom: UInt8) -> UInt8 {
      let sum: Int = Int(top) * cover + Int(bottom) * rest
      return UInt8((sum + 127) / 255)
    }
    return RGBColor(
      red: channel(color.red, below.red), green: channel(color.green, below.green), blue: channel(color.blue, below.blue))
  }
}

/// The colours of a map for the eye.
struct MapColors {
  enum Scheme {
    /// Blue below 0, red above; the opacity grows with the square root of the size of the value: nothing at 0, `largestOpacity` at
    /// the limit. Were it proportional, a map whose evidence lies in few cells would show these alone. The colour begins at `firstSaturation` of the way
    /// from white, because a veil of near-white would look like part of the radiograph.
    case signed
    /// Viridis for the size of the value, with one opacity; nothing where the map is exactly 0.
    case magnitude
  }

  static let largestOpacity = 0.8
  static let firstSaturation = 0.7
  static let magnitudeOpacity = 0.6

  let scheme: Scheme
  /// The end of the colour bar: the largest size of a value. 0 for a map of zeros.
  let limit: Double
  /// For −255/255 … 255/255 of the limit.
  private let table: [LayerColor]

  init(_ scheme: Scheme, of values: [Double]) {
    self.scheme = scheme
    limit = values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    table = (-255...255).map { step in
      let fraction = Double(step) / 255
      return switch scheme {
      case .signed:
        MapColors.signed(fraction)
      case .magnitude:
        LayerColor(color: ColorMap.viridis.color(at: abs(fraction)), alpha: MapColors.magnitudeAlpha)
      }
    }
  }

  /// Of every value but 0, in the scheme `magnitude`.
  static let magnitudeAlpha = UInt8((magnitudeOpacity * 255).rounded())

  /// For −1…1; what is not negative is red.
  static func signed(_ fraction: Double) -> LayerColor {
    let saturation = firstSaturation + (1 - firstSaturation) * abs(fraction)
    return LayerColor(
      color: ColorMap.blueWhiteRed.color(of: fraction < 0 ? -saturation : saturation, in: -1...1),
      alpha: UInt8((abs(fraction).squareRoot() * largestOpacity * 255).rounded()))
  }

  subscript(value: Double) -> LayerColor {
    guard value.isFinite else { return LayerColor(color: ColorMap.missing, alpha: UInt8(MapColors.largestOpacity * 255)) }
    guard value != 0, limit > 0 else { return LayerColor(color: RGBColor(red: 0, green: 0, blue: 0), alpha: 0) }
    return table[Int((min(max(value / limit, -1), 1) * 255).rounded()) + 255]
  }

  /// Red, green, blue and opacity of each value.
  func samples(of values: [Double]) -> [UInt8] {
    var samples: [UInt8] = []
    samples.reserveCapacity(values.count * 4)
    for value in values {
      let layer = self[value]
      samples.append(layer.color.red)
      samples.append(layer.color.green)
      samples.append(layer.color.blue)
      samples.append(layer.alpha)
    }
    return samples
  }
}
