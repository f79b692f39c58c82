/// An opaque colour of sRGB, 0…255 in each channel.
public struct RGBColor: Sendable, Hashable {
  public var red, green, blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// From `0xRRGGBB`.
  init(_ code: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: code >> 16), green: UInt8(truncatingIfNeeded: code >> 8),
      blue: UInt8(truncatingIfNeeded: code))
  }
}

/// How numbers become colours.
public enum ColorMap: String, Sendable, Hashable, CaseIterable {
  /// Dark violet to yellow, perceptually uniform.
  case viridis
  /// Dark blue to yellow, nearly the same with and without red-green deficiency.
  case cividis
  /// Black to white.
  case grey
  /// Blue below the middle, white in the middle, red above it: for signed numbers on a range around 0.
  case blueWhiteRed = "blue-white-red"

  /// Whether the middle of the range stands for nothing.
  public var isDiverging: Bool { self == .blueWhiteRed }

  /// The colour of what is not a number.
  public static let missing = RGBColor(0x808080)

  /// The colour at `fraction` of the range, from 0 to 1; beyond the ends that of the end. Viridis and cividis have 256
  /// steps of equal width.
  public func color(at fraction: Double) -> RGBColor {
    if fraction.isNaN { return Self.missing }
    let fraction = min(max(fraction, 0), 1)
    let step = min(Int(fraction * 256), 255)
    switch self {
    case .viridis: return RGBColor(viridisColors[step])
    case .cividis: return RGBColor(cividisColors[step])
    case .grey: return Self.mix(RGBColor(0x000000), RGBColor(0xffffff), fraction)
    case .blueWhiteRed:
      let end = RGBColor(fraction < 0.5 ? 0x2166ac : 0xb2182b)
      return Self.mix(RGBColor(0xffffff), end, abs(2 * fraction - 1))
    }
  }

  /// The colour of `value` on a range. On a range of no length it is the colour of the lower end, of the middle for a
  /// diverging map.
  public func color(of value: Double, in range: ClosedRange<Double>) -> RGBColor {
    let length = range.upperBound - range.lowerBound
    guard length > 0, !value.isNaN else { return color(at: value.isNaN ? .nan : isDiverging ? 0.5 : 0) }
    return color(at: (value - range.lowerBound) / length)
  }

  private static func mix(_ first: RGBColor, _ second: RGBColor, _ share: Double) -> RGBColor {
    func channel(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) + share * (Double(b) - Double(a))).rounded()) }
    return RGBColor(
      red: channel(first.red, second.red), green: channel(first.green, second.green), blue: channel(first.blue, second.blue))
  }
}
