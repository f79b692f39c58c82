import CarpusImaging
import CarpusScoring

/// How an image was exposed and developed.
struct Technique {
  /// Dose relative to the usual one.
  let dose: Double
  let display: Display
  /// Shift of the grey scale that the processing leaves, in nepers.
  private let shift: Double
  /// Change of the dose's logarithm across the image, from its middle to right and lower edge, and to the corners.
  private let slope: SIMD2<Double>
  private let fallOff: Double

  /// Quanta that are detected for each square millimetre in air.
  var quantaPerSquareMillimetre: Double { 160_000 * dose }

  init(for person: Person, options: PhantomOptions, exposure: consuming RandomStream, window: consuming RandomStream) {
    let usualSlope = SIMD2(exposure.uniform(-0.012...0.012), exposure.uniform(-0.012...0.012))
    let dose = Double(Elementary.exponential(Float(exposure.uniform(-1.2...0.8))))
    let shift = exposure.normal(0, 0.05)
    let slope = SIMD2(exposure.uniform(-0.05...0.05), exposure.uniform(-0.08...0.08)), fallOff = exposure.uniform(0...0.04)
    let isExposed = options.nuisances.contains(.exposure)
    self.dose = isExposed ? dose : 1
    self.shift = isExposed ? min(0.12, max(-0.12, shift)) : 0
    self.slope = isExposed ? slope : usualSlope
    self.fallOff = isExposed ? fallOff : 0.01

    var display = Display(for: person)
    let width = window.uniform(0.88...1.2), level = window.uniform(-0.04...0.03)
    let gamma = Double(Elementary.exponential(Float(window.uniform(-0.22...0.16))))
    if options.nuisances.contains(.window) {
      display.bone *= width
      display.air += level
      display.gamma = gamma
    }
    self.display = display
  }

  /// Noise, logarithm, enhancement, window and curve: grey of 0…1.
  ///
  /// Of the hands' attenuation `a` the processing adds `k·(a − K ∗ a)` with a kernel of some millimetres, which lifts bones out of thick soft
  /// tissue and darkens the ground beside the skin, as vendors' processing does. Nuisances get no such treatment.
  ///
  /// - Parameter grain: a standard normal number for each pixel.
  func develop(_ exposure: Exposure, grain: [Float], size: PixelSize, pixelsPerMillimetre: Double) -> [Float] {
    var detail = exposure.attenuation
    BroadBlur(of: detail, size: size, reach: Self.enhancementReach, pixelsPerMillimetre: pixelsPerMillimetre)
      .forEach { detail[$0] -= $1 }
    let table = display.table()
    let quanta = quantaPerSquareMillimetre / (pixelsPerMillimetre * pixelsPerMillimetre)
    let noise = Float((1 / max(quanta, 1e-3)).squareRoot())
    // No place is darker than what scatter in the room and the electronics give.
    let floor: Float = 0.004
    let halfWidth = Double(size.width) / 2, halfHeight = Double(size.height) / 2
    let across = (0..<size.width).map { x in
      let u = (Double(x) + 0.5) / halfWidth - 1
      return Elementary.exponential(Float(slope.x * u - fallOff * u * u))
    }
    var grey = [Float](repeating: 0, count: size.count)
    var index = 0
    for y in 0..<size.height {
      let v = (Double(y) + 0.5) / halfHeight - 1
      let down = Elementary.exponential(Float(slope.y * v - fallOff * v * v))
      for x in 0..<size.width {
        let mean = exposure.dose[index] * across[x] * down + floor
        let noisy = mean + noise * mean.squareRoot() * grain[index]
        grey[index] = table.grey(of: Float(shift) - Elementary.logarithm(noisy) + Self.enhancement * detail[index])
        index += 1
      }
    }
    return grey
  }

  private static let enhancement: Float = 0.55
  private static let enhancementReach = 14.0
}
