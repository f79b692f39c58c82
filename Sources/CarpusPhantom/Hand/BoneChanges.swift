/// All that damage and wear do to the bones of a hand, collected bone by bone: what one site adds does not depend on the others.
struct BoneChanges: Sendable {
  /// What is moved on each outline, in the hand's frame.
  var shifts: [[Point]]
  /// In the hand's frame.
  var bites: [[RenderedBone.Bite]]
  var changes: [[RenderedBone.Change]]
  /// Bone that grows across joints, in the hand's frame.
  var bridges: [Bridge] = []

  init(_ skeleton: Skeleton) {
    shifts = skeleton.shapes.map { [Point](repeating: Point(0, 0), count: $0.outline.count) }
    bites = skeleton.shapes.map { _ in [] }
    changes = skeleton.shapes.map { _ in [] }
  }

  /// Draws both bones of a joint into its space.
  ///
  /// - Parameters:
  ///   - share: how much of the space is left.
  ///   - focus: 0 for the whole width; ±1 for one half of it only, towards the thumb or away from it.
  mutating func narrow(_ joint: HandJoint, in skeleton: Skeleton, share: Float, focus: Float = 0) {
    let scale = skeleton.scale
    for (near, far) in joint.pairs {
      for (bone, other) in [(near, far), (far, near)] {
        let index = skeleton.index(of: bone)
        let shape = skeleton.shapes[index]
        let target = skeleton.shape(other).outlineInHand
        for (number, point) in shape.outline.enumerated() {
          let place = shape.axes.hand(point)
          guard (place - joint.axes.origin).length < 14 * scale else { continue }
          let way = Outline.nearest(to: place, on: target) - place
          var weight = smoothStep(way.length, from: 4.4 * scale, to: 2.5 * scale)
          if focus != 0 { weight *= smoothStep(joint.axes.local(place).x * focus, from: -1.5 * scale, to: 1.5 * scale) }
          shifts[index][number] += way * (weight * (1 - share) * 0.5)
        }
      }
    }
  }

  /// Slides the base of the far bone of a joint sideways, in millimetres, and leaves the rest of the bone where it is.
  mutating func subluxate(_ joint: HandJoint, in skeleton: Skeleton, by distance: Float) {
    let index = skeleton.index(of: joint.pairs[0].1)
    let shape = skeleton.shapes[index]
    for (number, point) in shape.outline.enumerated() {
      let weight = smoothStep(point.y, from: 1.5 * joint.breadth, to: 0.2 * joint.breadth)
      shifts[index][number] += shape.axes.side * (distance * weight)
    }
  }

  /// Marginal spurs at both bones of a finger's joint.
  mutating func spur(_ joint: HandJoint, in skeleton: Skeleton, sizes: [Float]) {
    let (near, far) = joint.pairs[0]
    for (bone, isNear) in [(near, true), (far, false)] {
      let index = skeleton.index(of: bone)
      let shape = skeleton.shapes[index]
      guard let size = shape.size else { continue }
      let half = isNear ? size.head : size.base
      for (side, amount) in [(Float(1), sizes[isNear ? 0 : 1]), (-1, sizes[isNear ? 2 : 3])] {
        let tip = isNear ? Point(side * 0.92 * half, size.length - 0.3 * half) : Point(side * 0.97 * half, 0.22 * half)
        let direction = shape.axes.side * side + shape.axes.axis * (isNear ? 0.25 : -0.25)
        for (number, point) in shape.outline.enumerated() {
          shifts[index][number] += direction * (amount * bell((point - tip).length, reach: 0.5 * half))
        }
      }
    }
  }
}

/// Bone across a joint space: a soft band along the gap.
struct Bridge: Sendable {
  let bones: [HandBone]
  let points: [Point]
  /// Half the band's width, in millimetres.
  let reach: Float
  /// Millimetres of compact bone in its middle.
  let thickness: Float
  /// What its bones have lost, in the hand's frame.
  var bites: [RenderedBone.Bite] = []

  /// - Returns: millimetres of compact bone.
  func thickness(at point: Point) -> Float {
    var least = reach * reach
    for centre in points {
      let offset = point - centre
      least = min(least, (offset * offset).sum())
    }
    let t = 1 - least / (reach * reach)
    guard t > 0 else { return 0 }
    return thickness * t * (2 - t) * RenderedBone.Bite.remainder(after: bites, point.x, point.y, noise: .shared)
  }
}
