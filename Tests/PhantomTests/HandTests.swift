import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring
import Testing

@Suite struct HandTests {
  @Test func sameEveryTime() {
    #expect(HandPicture(patient: 3).projection.bone == HandPicture(patient: 3).projection.bone)
    #expect(Person(seed: 1, patient: 7) == Person(seed: 1, patient: 7))
    #expect(Person(seed: 1, patient: 7) != Person(seed: 2, patient: 7))
  }

  /// 22 places, 29 bones with the forearm's and two sesamoids, one hand; every id is unique and names the side.
  @Test(arguments: [Laterality.left, .right])
  func masksOfEveryPart(side: Laterality) throws {
    let picture = HandPicture(side)
    let regions = picture.hand.regions(on: picture.size, at: picture.placement)
    #expect(Set(regions.map(\.region.id)).count == regions.count)
    #expect(regions.allSatisfy { $0.region.laterality == side && !$0.region.mask.isEmpty })
    #expect(Set(regions.filter { $0.kind == .site }.map(\.region.id)) == Set(SvdHSite.allCases.map(\.regionID)))
    #expect(regions.filter { $0.kind == .bone }.count == 31)
    let whole = try #require(regions.first { $0.kind == .hand }).region.mask
    for region in regions {
      // A joint's box reaches over the skin by little; a bone never does.
      let share = Double(region.region.mask.intersectionCount(whole)) / Double(region.region.mask.count)
      #expect(share > (region.kind == .bone ? 0.995 : 0.9), "\(region.region.id): \(share)")
    }
  }

  /// Every pixel whose middle is bone is in a bone's mask, and every one whose middle is skin or flesh in the hand's.
  @Test func masksLieOnWhatIsSeen() throws {
    let picture = HandPicture(patient: 2, pixelsPerMillimetre: 1.7)
    let bones = Mask.union(of: picture.regions(.bone).map(\.mask), size: picture.size)
    let hand = try #require(picture.regions(.hand).first).mask
    var bone = (both: 0, one: 0), flesh = (both: 0, one: 0)
    for y in 0..<picture.size.height {
      for x in 0..<picture.size.width {
        let index = y * picture.size.width + x
        let isBone = picture.projection.bone[index] > 0.35, isFlesh = picture.projection.softTissue[index] > 0.7
        if isBone, bones.contains(x: x, y: y) { bone.both += 1 } else if isBone != bones.contains(x: x, y: y) { bone.one += 1 }
        if isFlesh, hand.contains(x: x, y: y) { flesh.both += 1 } else if isFlesh != hand.contains(x: x, y: y) { flesh.one += 1 }
      }
    }
    #expect(Double(bone.one) < 0.07 * Double(bone.both), "\(bone)")
    #expect(Double(flesh.one) < 0.02 * Double(flesh.both), "\(flesh)")
  }

  /// The thumb of a left hand points to the right, that of a right hand to the left, with names to match.
  @Test func sidesAreMirrorImages() throws {
    func middle(_ picture: HandPicture, _ id: String) throws -> Double {
      let bounds = try #require(picture.regions(.bone).first { $0.id == id }?.mask.bounds)
      return (bounds.minX + bounds.maxX) / 2
    }
    let left = HandPicture(.left), right = HandPicture(.right)
    #expect(try middle(left, "distal-phalanx1") > middle(left, "distal-phalanx5"))
    #expect(try middle(right, "distal-phalanx1") < middle(right, "distal-phalanx5"))
    // The anatomy is the person's: lengths agree within 2 %.
    func area(_ picture: HandPicture, _ id: String) throws -> Double {
      Double(try #require(picture.regions(.bone).first { $0.id == id }?.mask.count))
    }
    for id in ["metacarpal2", "proximal-phalanx3", "bone-capitate"] {
      #expect(abs(try area(left, id) / area(right, id) - 1) < 0.04)
    }
    // The pose is the side's own.
    let same = HandPicture(.left).hand.bounds, other = HandPicture(.right).hand.bounds
    #expect(same.maxX != other.maxX)
  }

  /// The mass of bone and flesh, in mm³, is the same at every scale and turn.
  @Test func everySize() {
    func mass(_ picture: HandPicture) -> (bone: Double, flesh: Double) {
      let area = 1 / (picture.placement.pixelsPerMillimetre * picture.placement.pixelsPerMillimetre)
      return (
        Double(picture.projection.bone.reduce(0, +)) * area, Double(picture.projection.softTissue.reduce(0, +)) * area
      )
    }
    let reference = mass(HandPicture(pixelsPerMillimetre: 2))
    for scale in [0.5, 0.8, 3.1] {
      let other = mass(HandPicture(pixelsPerMillimetre: scale))
      #expect(abs(other.bone / reference.bone - 1) < 0.02, "\(scale)")
      #expect(abs(other.flesh / reference.flesh - 1) < 0.02, "\(scale)")
    }
    // A piece of a very fine picture, and a picture beside the hand.
    let hand = HandPicture().hand
    var fine = Projection(size: PixelSize(width: 64, height: 64))
    hand.project(into: &fine, at: Placement(origin: SIMD2(32, 32), pixelsPerMillimetre: 15, angle: 1, isMirrored: true))
    #expect(fine.bone.contains { $0 > 1 } && fine.softTissue.allSatisfy { $0 > 10 && $0 < 60 })
    var away = Projection(size: PixelSize(width: 32, height: 32))
    hand.project(into: &away, at: Placement(origin: SIMD2(-5000, 9e9), pixelsPerMillimetre: 1, angle: 0, isMirrored: false))
    #expect(away.bone.allSatisfy { $0 == 0 } && away.softTissue.allSatisfy { $0 == 0 })
  }

  /// Thicknesses that a hand can have: fingers 8 … 20 mm, wrist 25 … 55 mm, no more bone than flesh.
  @Test func plausibleThickness() throws {
    for patient in 0..<3 {
      let picture = HandPicture(patient: patient)
      func greatest(_ id: String) throws -> Float {
        let mask = try #require(picture.regions(.bone).first { $0.id == id }).mask
        return mask.rows.flatMap { y in mask.columns(inRow: y).flatMap { $0.map { picture.projection.softTissue[y * picture.size.width + $0] } } }.max() ?? 0
      }
      #expect((8...20).contains(try greatest("distal-phalanx3")))
      #expect((25...55).contains(try greatest("bone-radius")))
      for (bone, flesh) in zip(picture.projection.bone, picture.projection.softTissue) { #expect(bone <= max(flesh, 0.5)) }
    }
  }

  @Test func ringsAndCasts() throws {
    let picture = HandPicture(patient: 1)
    for finger in 1...5 {
      let band = picture.hand.fingerBand(of: finger)
      #expect((6...16).contains(band.halfWidth), "\(finger): \(band.halfWidth)")
      #expect(abs((band.direction * band.direction).sum() - 1) < 1e-5)
    }
    #expect((22...40).contains(picture.hand.forearmBand(at: 40).halfWidth))
  }
}
