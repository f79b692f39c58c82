internal import CarpusAnatomy
public import CarpusImaging

extension Hand {
  /// Masks of the 22 places that are scored, of 31 bones and of the hand, where they fall on a picture. They are those of the undamaged hand.
  public func regions(on size: PixelSize, at placement: Placement) -> [PhantomRegion] {
    var result: [PhantomRegion] = []
    func add(_ kind: PhantomRegion.Kind, _ id: String, _ name: String, _ mask: Mask) {
      guard !mask.isEmpty else { return }
      result.append(PhantomRegion(kind, Region(id: id, name: name, laterality: side, source: .polygons, mask: mask)))
    }
    for site in SvdHSite.allCases {
      add(.site, site.regionID, site.title, Mask(polygons: SiteShape.polygons(of: site, in: skeleton).map(placement.polygon), size: size))
    }
    for shape in skeleton.shapes where shape.hasRegion {
      add(.bone, shape.bone.regionID, shape.bone.title, Mask(polygons: [placement.polygon(shape.outlineInHand)], size: size))
    }
    let (columns, rows) = placement.window(softTissue.corners, on: size)
    let (origin, right, down) = placement.hand(of: SIMD2(0.5, 0.5))
    add(
      .hand, "hand", "hand",
      Mask(size: size, columns: columns, rows: rows) { x, y in 
        softTissue.value(origin.x + right.x * Float(x) + down.x * Float(y), origin.y + right.y * Float(x) + down.y * Float(y)) > 0
       })
    return result
  }
}
