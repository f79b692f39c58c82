import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring
import Testing

@Suite struct HandDamageTests {
  private static let left = HandPicture(.left)
  private static let right = HandPicture(.right)

  /// Items of a kind of damage, in groups of places that lie apart.
  private static func groups(of damage: SvdHDamage, _ side: Laterality) -> [[SvdHItem]] {
    let crowded: [[SvdHSite]] = [[.trapezium, .lunate, .cmc3, .cmc5, .sr], [.radius, .stt], [.scaphoid, .cmc4]]
    let alone = SvdHSite.allCases.filter { !crowded.joined().contains($0) && $0 != .sc }
    return (crowded + [alone, [.sc]]).map { $0.compactMap { SvdHItem(side: side, site: $0, damage: damage) } }.filter { !$0.isEmpty }
  }

  /// What a grade changes lies in the region of its place, and nowhere far from it.
  @Test(arguments: SvdHItem.all(of: .left))
  func changesItsPlace(item: SvdHItem) {
    let mask = Self.left.site(item.site)
    let bounds = mask.bounds ?? PixelRectangle(minX: 0, minY: 0, maxX: 0, maxY: 0)
    let near = Mask(
      PixelRectangle(minX: bounds.minX - 13, minY: bounds.minY - 13, maxX: bounds.maxX + 13, maxY: bounds.maxY + 13), size: Self.left.size)
    let damaged = HandPicture(grades: [(item, item.damage == .erosion ? 4 : 3)])
    let difference = damaged.difference(from: Self.left, in: mask)
    #expect(difference.inside > 15, "\(difference)")
    #expect(difference.inside > 0.7 * (difference.inside + difference.outside), "\(difference)")
    #expect(damaged.difference(from: Self.left, in: near).outside == 0)
    #expect(damaged.projection.softTissue == Self.left.projection.softTissue)
  }

  /// The same for right hands, several places at a time.
  @Test(arguments: groups(of: .erosion, .right) + groups(of: .narrowing, .right))
  func changesItsPlacesOnTheRight(items: [SvdHItem]) {
    let damaged = HandPicture(.right, grades: items.map { ($0, $0.damage == .erosion ? 4 : 3) })
    let masks = items.map { Self.right.site($0.site) }
    for (item, mask) in zip(items, masks) { #expect(damaged.difference(from: Self.right, in: mask).inside > 15, "\(item)") }
    let difference = damaged.difference(from: Self.right, in: Mask.union(of: masks, size: Self.right.size))
    #expect(difference.inside > 0.7 * (difference.inside + difference.outside), "\(difference)")
  }

  /// Every further grade of erosion takes more bone away.
  @Test(arguments: groups(of: .erosion, .left))
  func bonesVanish(items: [SvdHItem]) {
    let masks = items.map { Self.left.site($0.site) }
    var last = [Double](repeating: 0, count: items.count)
    for grade in 1...5 {
      let picture = HandPicture(grades: items.map { ($0, grade) })
      for (index, mask) in masks.enumerated() {
        let lost = -picture.difference(from: Self.left, in: mask).change
        #expect(lost > last[index] * 1.15 + 4, "\(items[index]) grade \(grade): \(lost) mm³ after \(last[index])")
        last[index] = lost
      }
    }
  }

  /// Every further grade of narrowing puts more bone between the bones.
  @Test(arguments: groups(of: .narrowing, .left))
  func spacesVanish(items: [SvdHItem]) {
    let bones = Mask.union(of: Self.left.regions(.bone).map(\.mask), size: Self.left.size)
    let masks = items.map { Self.left.site($0.site) }
    var last = [Double](repeating: 0, count: items.count)
    for grade in 1...4 {
      let picture = HandPicture(grades: items.map { ($0, grade) })
      for (index, mask) in masks.enumerated() {
        var filled = 0.0
        for y in mask.rows {
          for x in mask.columns(inRow: y).joined() where !bones.contains(x: x, y: y) {
            filled += Double(picture.projection.bone[y * picture.size.width + x] - Self.left.projection.bone[y * picture.size.width + x])
          }
        }
        #expect(filled > last[index] + 0.5, "\(items[index]) grade \(grade): \(filled) mm³ after \(last[index])")
        last[index] = filled
      }
    }
  }

  /// One grade does not change what another one draws: what both change is what each changes, where they are apart.
  @Test func gradesAreIndependent() throws {
    let one = try #require(SvdHItem("L:MCP2.erosion")), other = try #require(SvdHItem("L:PIP5.narrowing"))
    let both = HandPicture(grades: [(one, 3), (other, 4)])
    let first = HandPicture(grades: [(one, 3)]), second = HandPicture(grades: [(other, 4)])
    for index in both.projection.bone.indices {
      let base = Self.left.projection.bone[index]
      let sum = (first.projection.bone[index] - base) + (second.projection.bone[index] - base)
      #expect(abs(both.projection.bone[index] - base - sum) < 1e-5)
    }
    // Grades of the right hand leave the left as it is.
    #expect(HandPicture(grades: [(try #require(SvdHItem("R:MCP2.erosion")), 5)]).projection.bone == Self.left.projection.bone)
  }

  /// Every grade at its highest, with osteoarthritis: numbers stay numbers.
  @Test func everythingAtOnce() {
    let picture = HandPicture(.right, grades: SvdHItem.all.map { ($0, $0.damage.maximum) }, hasSclerosis: true)
    #expect(picture.projection.bone.allSatisfy { $0.isFinite && $0 >= 0 && $0 < 60 })
    #expect(picture.projection.bone.reduce(0, +) < 0.97 * Self.right.projection.bone.reduce(0, +))
  }

  /// Osteoarthritis adds bone, and leaves the metacarpophalangeal joints alone.
  @Test func wearIsNoErosion() {
    let patients = (0..<4).map { patient in (HandPicture(patient: patient, hasSclerosis: true), HandPicture(patient: patient)) }
    for (worn, healthy) in patients {
      let whole = worn.difference(from: healthy, in: Mask(allOf: healthy.size))
      #expect(whole.change > 0.6 * whole.inside && whole.change > 20)
      #expect(worn.difference(from: healthy, in: healthy.site(.mcp3)).inside == 0)
    }
  }
}
