import CarpusAnatomy
public import CarpusImaging
import CarpusScoring

/// A synthetic radiograph of one or two hands, with the masks of everything in it.
///
/// Soft tissue and bone weaken the beam (`Exposure`); markers, ring and cast weaken it further, by factors that lie behind the detector's
/// blur, so that each touches exactly the pixels of its mask; the quanta's noise of variance `I/N` comes next, hashed from the pixel's
/// place; then logarithm, window and curve (`Display`), and last what a machine paints: black shutters and burned-in text.
/// Neither scatter nor window depend on bones or nuisances. So with the same seed
/// - a nuisance that is switched off changes the pixels of its own mask alone (exposure and window, which have no mask, change all);
/// - a grade that is set changes the pixels around its place alone.
public struct PhantomImage: Sendable {
  public let size: PixelSize
  /// Row by row, 0…2^bitDepth − 1.
  public let samples: [UInt16]
  public let bitDepth: Int
  /// Sites, bones and hands as the hands give them; nuisances by their names; last the background: what is in no hand, behind no nuisance,
  /// and therefore inside the exposed field. Regions without a pixel in the image are left out.
  public let regions: [PhantomRegion]
  public let settings: PhantomSettings

  /// - Parameters:
  ///   - hands: one or two, left before right; of one patient.
  ///   - score: the patient's total, which only `MarkerHabit.followsScore` looks at.
  ///   - number: of the image in its cohort; the name of its random streams together with `options.seed`.
  ///   - options: `hands` and `grades` have done their work before.
  /// - Precondition: at least one hand, a size of at least one pixel, a bit depth of 8…16.
  public init(of hands: [Hand], score: Int, number: Int, options: PhantomOptions) {
    precondition(!hands.isEmpty && (8...16).contains(options.bitDepth) && options.size.width > 0 && options.size.height > 0)
    size = options.size
    bitDepth = options.bitDepth
    func stream(_ name: String) -> RandomStream { RandomStream(seed: options.seed, index: number, "film.\(name)") }
    let layout = Layout(of: hands, size: size, stream: stream("layout"))
    let technique = Technique(for: hands[0].person, options: options, exposure: stream("exposure"), window: stream("window"))
    let nuisances = Nuisances(of: hands, at: layout, score: score, options: options, stream: stream)

    var projection = Projection(size: size)
    for (hand, placement) in zip(hands, layout.placements) { hand.project(into: &projection, at: placement) }
    var exposure = Exposure(behind: projection, pixelsPerMillimetre: layout.pixelsPerMillimetre)
    for layer in nuisances.attenuations { exposure.weaken(by: layer) }
    var noise = stream("noise")
    var grey = technique.develop(
      exposure, grain: Grain.field(size: size, seed: noise.next()), size: size, pixelsPerMillimetre: layout.pixelsPerMillimetre)
    if let border = nuisances.border { border.black.forEach { index, value in grey[index] *= 1 - value } }
    if let text = nuisances.text { text.layer.forEach { index, value in grey[index] += (1 - grey[index]) * value } }

    let highest = (1 << options.bitDepth) - 1
    var samples = [UInt16](repeating: 0, count: size.count)
    for i in samples.indices {
      let sample = Int(Float(highest) * min(1, max(0, grey[i])) + 0.5)
      samples[i] = UInt16(options.isInverted ? highest - sample : sample)
    }
    self.samples = samples

    var regions = zip(hands, layout.placements).flatMap { $0.regions(on: options.size, at: $1) }
    regions += nuisances.regions
    let covered = Mask.union(of: regions.filter { $0.kind == .hand || $0.kind == .nuisance }.map(\.region.mask), size: size)
    regions.append(
      PhantomRegion(
        .background,
        Region(id: "background", name: "background", laterality: .unspecified, source: .label(1), mask: covered.complement)))
    self.regions = regions.filter { !$0.region.mask.isEmpty }

    var settings = PhantomSettings(pixelsPerMillimetre: layout.pixelsPerMillimetre)
    settings.nuisances = nuisances.present.union(options.nuisances.intersection([.exposure, .window]))
    settings.markers = nuisances.marker?.markers ?? []
    settings.text = nuisances.text?.lines ?? []
    settings.dose = technique.dose
    settings.gamma = technique.display.gamma
    self.settings = settings
  }
}

extension Mask {
  /// The pixels that are not in the mask.
  fileprivate var complement: Mask {
    var isInside = [Bool](repeating: false, count: size.count)
    for row in rows { for run in columns(inRow: row) { for x in run { isInside[row * size.width + x] = true } } }
    return Mask(size: size, columns: 0..<size.width, rows: 0..<size.height) { x, y in !isInside[y * size.width + x] }
  }
}
