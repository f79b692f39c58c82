import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring

/// One hand on a picture of its own.
struct HandPicture {
  let size: PixelSize
  let placement: Placement
  let projection: Projection
  let hand: Hand

  init(
    _ side: Laterality = .left, patient: Int = 5, grades: [(SvdHItem, Int)] = [], hasSclerosis: Bool = false, pixelsPerMillimetre scale: Double = 1,
    angle: Double = 0
  ) {
    var all = SvdHGrades()
    for (item, grade) in grades { all[item] = grade }
    let hand = Hand(of: Person(seed: 9, patient: patient), side: side, grades: all, hasSclerosis: hasSclerosis, seed: 9, patient: patient)
    let bounds = hand.bounds
    let size = PixelSize(width: Int((bounds.maxX - bounds.minX) * scale) + 2, height: Int((bounds.maxY - bounds.minY) * scale) + 2)
    let placement = Placement(
      origin: SIMD2(1 + (side == .right ? bounds.maxX : -bounds.minX) * scale, 1 + bounds.maxY * scale), pixelsPerMillimetre: scale, angle: angle,
      isMirrored: side == .right)
    var projection = Projection(size: size)
    hand.project(into: &projection, at: placement)
    self.size = size
    self.placement = placement
    self.projection = projection
    self.hand = hand
  }

  func regions(_ kind: PhantomRegion.Kind) -> [Region] { hand.regions(on: size, at: placement).filter { $0.kind == kind }.map(\.region) }

  func site(_ site: SvdHSite) -> Mask { regions(.site).first { $0.id == site.regionID }?.mask ?? Mask(emptyOf: size) }

  /// The sum of the absolute differences of bone inside and outside a mask, and the change of the sum inside.
  func difference(from other: HandPicture, in mask: Mask) -> (inside: Double, outside: Double, change: Double) {
    var inside = 0.0, all = 0.0, change = 0.0
    for y in 0..<size.height {
      for x in 0..<size.width {
        let value = Double(projection.bone[y * size.width + x] - other.projection.bone[y * size.width + x])
        guard value != 0 else { continue }
        all += abs(value)
        if mask.contains(x: x, y: y) {
          inside += abs(value)
          change += value
        }
      }
    }
    return (inside, all - inside, change)
  }
}
