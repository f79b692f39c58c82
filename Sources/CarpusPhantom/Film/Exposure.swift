import CarpusImaging

/// From thicknesses to the dose at the detector.
///
/// Beer and Lambert: `a = µ_s·S + µ_b·B` and `I = exp(−a)` with the thickness `S` of soft tissue and `B` of compact bone, `I = 1` in air.
/// Behind that, the detector's blur; and scattered radiation `f·(K ∗ (µ_s·S·exp(−µ_s·S)))` with a broad kernel `K`, from the soft tissue
/// alone.
package struct Exposure {
  /// Attenuation of soft tissue, 1/mm.
  package static let softTissue: Float = 0.0235
  /// Attenuation of compact bone beyond that of the soft tissue in its place, 1/mm.
  package static let bone: Float = 0.058
  /// Share of what soft tissue takes out of the beam that reaches the detector as scatter: 10 to 20 % of the signal behind a wrist.
  private static let scatterShare: Float = 0.11
  /// Reach of the scatter's kernel, mm.
  private static let scatterReach = 18.0
  /// Deviation of the detector's point spread, mm.
  private static let detectorBlur = 0.15

  /// Of every pixel, relative to air and without noise.
  package private(set) var dose: [Float]
  /// The attenuation `a` of every pixel.
  package let attenuation: [Float]

  package init(behind projection: Projection, pixelsPerMillimetre: Double) {
    let size = projection.size
    var attenuation = [Float](repeating: 0, count: size.count), primary = attenuation, source = attenuation
    for i in primary.indices {
      let soft = Self.softTissue * projection.softTissue[i]
      attenuation[i] = soft + Self.bone * projection.bone[i]
      // Most of a picture is air.
      primary[i] = attenuation[i] == 0 ? 1 : Elementary.exponential(-attenuation[i])
      source[i] = soft == 0 ? 0 : soft * Elementary.exponential(-soft)
    }
    var dose = Blur.gaussian(primary, size: size, deviation: Self.detectorBlur * pixelsPerMillimetre)
    BroadBlur(of: source, size: size, reach: Self.scatterReach, pixelsPerMillimetre: pixelsPerMillimetre)
      .forEach { dose[$0] += Self.scatterShare * $1 }
    self.dose = dose
    self.attenuation = attenuation
  }

  /// Lets something that weakens the beam by so many nepers lie on the detector.
  mutating func weaken(by layer: Layer) {
    layer.forEach { index, value in dose[index] *= Elementary.exponential(-value) }
  }
}
