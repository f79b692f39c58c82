public import CarpusAnatomy
public import CarpusScoring

/// One hand of a phantom: bones with their damage, and soft tissue, in the hand's frame in millimetres.
public struct Hand: Sendable {
  public let side: Laterality
  public let person: Person
  let skeleton: Skeleton
  let bones: [RenderedBone]
  let bridges: [Bridge]
  let softTissue: SoftTissue

  /// - Parameters:
  ///   - side: left or right. Both have their thumb at +x; a placement mirrors a right hand.
  ///   - grades: of both hands; those of the other side are not looked at.
  ///   - hasSclerosis: whether osteoarthritis shows, which does not score.
  public init(of person: Person, side: Laterality, grades: SvdHGrades, hasSclerosis: Bool, seed: UInt64, patient: Int) {
    self.side = side
    self.person = person
    var stream = RandomStream(seed: seed, index: patient, "hand.\(side.rawValue)")
    let deviation = (0..<24).map { _ in Float(stream.normal()) }
    let pose = HandPose(side: side, seed: seed, patient: patient)
    let skeleton = Skeleton(of: person, pose: pose, deviation: deviation)
    self.skeleton = skeleton
    var changes = BoneChanges(skeleton)
    Damage(skeleton: skeleton, side: side, seed: seed, patient: patient).apply(grades, to: &changes)
    Wear(skeleton: skeleton, side: side, seed: seed, patient: patient).apply(isPresent: hasSclerosis, to: &changes)
    let base = patient &* 5 &+ (side == .right ? 17 : 0)
    bones = skeleton.shapes.enumerated().map { index, shape in
      RenderedBone(shape, skeleton.scale, Float(person.mineral), changes, index, number: (base &+ index &* 3) & 0xFFFF)
    }
    bridges = changes.bridges.map { bridge in
      var bridge = bridge
      bridge.bites = bridge.bones.flatMap { changes.bites[skeleton.index(of: $0)] }
      return bridge
    }
    softTissue = SoftTissue(skeleton, person, pose)
  }

  /// The smallest rectangle, in millimetres in the hand's frame, of what a radiograph of this hand should show: all of the hand and some forearm.
  /// (The forearm runs on beyond.)
  public var bounds: (minX: Double, minY: Double, maxX: Double, maxY: Double) {
    (Double(softTissue.low.x), Double(softTissue.low.y), Double(softTissue.high.x), Double(softTissue.high.y))
  }
}

extension RenderedBone {
  /// Millimetres of the mean hand between the lattice points of a bone's distances.
  private static let latticeStep: Float = 0.4

  init(_ shape: BoneShape, _ scale: Float, _ mineral: Float, _ all: BoneChanges, _ index: Int, number: Int) {
    let axes = shape.axes
    let moved = zip(shape.outline, all.shifts[index]).map { $0 + axes.turned($1) }
    func field(of outline: [Point]) -> DistanceField {
      DistanceField(
        outline, around: shape.outline, margin: 3 * scale, step: Self.latticeStep * scale, bottom: shape.isShaft ? 0 : -.infinity)
    }
    // What a bone is made of follows from its undamaged shape, so that damage at one end leaves the other as it is.
    let isWhole = all.shifts[index].allSatisfy { $0 == Point(0, 0) }
    let whole = field(of: shape.outline)
    let field = isWhole ? whole : field(of: moved)
    self.axes = axes
    isShaft = shape.isShaft
    self.field = field
    tissue = BoneTissue(shape, field: whole, mineral: mineral, scale: scale, number: number)
    bites = all.bites[index].map { Bite(centre: axes.local($0.centre), radius: $0.radius) }
    changes = all.changes[index].map {
      Change(centre: axes.local($0.centre), reach: $0.reach, spongy: $0.spongy, plate: $0.plate)
    }
  }
}
