import CarpusImaging

/// From the dose to the grey value that is shown: logarithm, window, curve.
///
/// `a = −ln I` is mapped to `u = (a − air)/(bone − air)`, which goes over into an exponential below `toe`; to `u^γ`; and that goes over
/// into another exponential above `shoulder`. Both reach 0 and 1 only in the limit.
package struct Display {
  /// The window's ends, as attenuations.
  package var air: Double
  package var bone: Double
  package var gamma: Double
  let toe = 0.06
  let shoulder = 0.82

  /// What a vendor's processing does by itself: a window from air to the densest bone to be expected behind the thickest soft tissue to
  /// be expected in a hand of this size. Neither markers nor damage have a say.
  package init(for person: Person) {
    let wrist = 38 * person.scale * (0.3 + 0.7 * person.fullness)
    air = -0.05
    bone = Double(Exposure.softTissue) * wrist + Double(Exposure.bone) * 11.5
    gamma = 1
  }


  /// Grey of 0…1 for attenuations, by linear interpolation in a table of −1…6.
  func table() -> DisplayTable { DisplayTable((0...DisplayTable.count).map { Float(grey(of: DisplayTable.attenuation($0))) }) }

  /// Grey of 0…1 for an attenuation.
  package func grey(of attenuation: Double) -> Double {
    let u = (attenuation - air) / (bone - air)
    let v = power(u < toe ? toe * Double(Elementary.exponential(Float((u - toe) / toe))) : u, gamma)
    if v > shoulder { return 1 - (1 - shoulder) * Double(Elementary.exponential(Float(-(v - shoulder) / (1 - shoulder)))) }
    return v
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    Double(Elementary.exponential(Float(exponent) * Elementary.logarithm(Float(base))))
  }
}

/// A display curve as a table.
struct DisplayTable {
  static let count = 3500
  static func attenuation(_ index: Int) -> Double { -1 + 7 * Double(index) / Double(count) }
  private let values: [Float]

  init(_ values: [Float]) { self.values = values }

  @inline(__always)
  func grey(of attenuation: Float) -> Float {
    let place = (attenuation + 1) * (Float(Self.count) / 7)
    let inside = min(max(place, 0), Float(Self.count) - 0.01)
    let index = Int(inside)
    let share = inside - Float(index)
    return values[index] * (1 - share) + values[index + 1] * share
  }
}
