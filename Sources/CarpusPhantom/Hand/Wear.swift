import CarpusScoring

internal import CarpusAnatomy

/// Osteoarthritis, which does not score: whiter bone beside the joints, spurs at their margins, narrower end joints.
struct Wear {
  let skeleton: Skeleton
  let side: Laterality
  let seed: UInt64
  let patient: Int

  func apply(isPresent: Bool, to changes: inout BoneChanges) {
    var stream = RandomStream(seed: seed, index: patient, "sclerosis.\(side.rawValue)")
    var joints: [(pair: (HandBone, HandBone), chance: Double)] = []
    for ray in 2...5 {
      joints.append(((.middlePhalanx(ray), .distalPhalanx(ray)), 0.7))
      joints.append(((.proximalPhalanx(ray), .middlePhalanx(ray)), 0.25))
    }
    joints.append(((.proximalPhalanx(1), .distalPhalanx(1)), 0.35))
    joints.append(((.trapezium, .metacarpal(1)), 0.7))
    for (pair, chance) in joints {
      let isWorn = stream.chance(chance)
      let strength = Float(stream.uniform(0.4...1))
      let sizes = (0..<4).map { _ in Float(stream.uniform(0.3...1)) }
      guard isPresent, isWorn else { continue }
      let joint = HandJoint([pair], in: skeleton)
      let isEnd = if case .distalPhalanx = pair.1 { true } else { false }
      if isEnd { changes.narrow(joint, in: skeleton, share: 1 - 0.5 * strength) }
      changes.spur(joint, in: skeleton, sizes: sizes.map { $0 * strength * 2.5 * skeleton.scale })
      for bone in [pair.0, pair.1] {
        changes.changes[skeleton.index(of: bone)].append(
          RenderedBone.Change(
            centre: joint.axes.origin, reach: 1.0 * joint.breadth + 1.5, spongy: 0.5 * strength, plate: 2.6 * strength))
      }
    }
  }
}
