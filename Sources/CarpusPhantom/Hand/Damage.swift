internal import CarpusAnatomy
internal import CarpusScoring

/// The signs of rheumatoid arthritis by their grades.
struct Damage {
  let skeleton: Skeleton
  let side: Laterality
  let seed: UInt64
  let patient: Int

  func apply(_ grades: SvdHGrades, to changes: inout BoneChanges) {
    for site in SvdHSite.allCases {
      erode(site, grade: grades[side, site, .erosion], &changes)
      narrow(site, grade: grades[side, site, .narrowing], &changes)
    }
  }

  private func stream(_ kind: String, _ site: SvdHSite) -> RandomStream {
    RandomStream(seed: seed, index: patient, "\(kind).\(side.rawValue):\(site.rawValue)")
  }

  // MARK: Erosion

  /// How many bites, and how large by the joint's half breadth, from grade 0 to 5.
  private static let biteCounts = [0, 1, 2, 4, 6, 8]
  private static let biteSizes: [Float] = [0, 0.29, 0.35, 0.39, 0.45, 0.55]

  private func erode(_ site: SvdHSite, grade: Int, _ changes: inout BoneChanges) {
    var stream = stream("erosion", site)
    let (spots, unit) = ErosionSpots(site, in: skeleton, stream: &stream).spotsAndUnit
    for (number, spot) in spots.enumerated() {
      // Every bite is drawn, whatever the grade; a higher grade has those of the lower ones, larger.
      let factor = Float(stream.uniform(0.9...1.12))
      let shift = Point(Float(stream.uniform(-1...1)), Float(stream.uniform(-1...1))) * (0.05 * unit)
      guard number < Self.biteCounts[grade] else { continue }
      let radius = max(1.45 * skeleton.scale, unit * Self.biteSizes[grade] * factor)
      for bone in spot.bones {
        changes.bites[skeleton.index(of: bone)].append(RenderedBone.Bite(centre: spot.place + shift, radius: radius))
      }
    }
    guard grade > 0 else { return }
    for bone in Set(spots.flatMap(\.bones)) {
      let centre = spots.filter { $0.bones.contains(bone) }.map(\.place)
      changes.changes[skeleton.index(of: bone)].append(
        RenderedBone.Change(centre: Outline.centre(centre), reach: 11 * skeleton.scale, spongy: -0.08 * Float(grade), plate: 0))
    }
  }

  // MARK: Narrowing

  private static let shares: [Float] = [1, 0.45, 0.52, 0.2, 0]

  private func narrow(_ site: SvdHSite, grade: Int, _ changes: inout BoneChanges) {
    var stream = stream("narrowing", site)
    let focus: Float = stream.chance(0.5) ? 1 : -1
    let slips = stream.chance(0.45), slip = Float(stream.uniform(0.28...0.48))
    guard grade > 0, let pairs = HandJoint.pairs(of: site) else { return }
    let joint = HandJoint(pairs, in: skeleton)
    changes.narrow(joint, in: skeleton, share: Self.shares[grade], focus: grade == 1 ? focus : 0)
    if grade == 3, slips, skeleton.shape(pairs[0].0).size != nil {
      // Towards the little finger.
      changes.subluxate(joint, in: skeleton, by: -slip * joint.breadth)
    }
    guard grade == 4 else { return }
    changes.bridges.append(Bridge(bones: pairs.flatMap { [$0.0, $0.1] }, points: joint.middle, reach: 2.0 * skeleton.scale, thickness: 0.28 * joint.breadth))
    for bone in Set(pairs.flatMap { [$0.0, $0.1] }) {
      changes.changes[skeleton.index(of: bone)].append(
        RenderedBone.Change(centre: joint.axes.origin, reach: 8 * skeleton.scale, spongy: 0.12, plate: -0.6))
    }
  }
}
