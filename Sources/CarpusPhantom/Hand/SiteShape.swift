internal import CarpusAnatomy

/// The places that are scored, as outlines in the undamaged hand's frame.
enum SiteShape {
  static func polygons(of site: SvdHSite, in skeleton: Skeleton) -> [[Point]] {
    let scale = skeleton.scale
    switch site {
    case .scaphoid: return [bone(.scaphoid, skeleton)]
    case .lunate: return [bone(.lunate, skeleton)]
    case .trapezium: return [bone(.trapezium, skeleton), bone(.trapezoid, skeleton)]
    case .radius: return [end(of: .radius, from: -22, skeleton)]
    case .ulna: return [end(of: .ulna, from: -22, skeleton)]
    case .cmc1:
      let shape = skeleton.shape(.metacarpal(1))
      let half = shape.size?.base ?? 7
      return [box(Axes(turning: shape.axes, to: shape.axes.hand(Point(0, 0.4 * half))), across: half + 2.2 * scale, along: 0.75 * half + 1.8 * scale)]
    case .cmc3, .cmc4, .cmc5, .stt, .sc, .sr:
      guard let pairs = HandJoint.pairs(of: site) else { return [] }
      return HandJoint(pairs, in: skeleton).gap.map { disc(at: $0, radius: 3.4 * scale) }
    default:
      guard let pairs = HandJoint.pairs(of: site) else { return [] }
      let joint = HandJoint(pairs, in: skeleton)
      return [box(joint.axes, across: joint.breadth + 2.5 * scale, along: 1.15 * joint.breadth + 2.2 * scale)]
    }
  }

  private static func bone(_ bone: HandBone, _ skeleton: Skeleton) -> [Point] {
    Outline.dilated(skeleton.shape(bone).outlineInHand, by: 1.2 * skeleton.scale)
  }

  /// The part of a forearm's bone above a height, in the mean hand's millimetres.
  private static func end(of bone: HandBone, from height: Float, _ skeleton: Skeleton) -> [Point] {
    let shape = skeleton.shape(bone)
    let lowest = (height + 60) * skeleton.scale
    let upper = Outline.dilated(shape.outline, by: 1.2 * skeleton.scale).filter { $0.y >= lowest }
    return upper.map(shape.axes.hand)
  }

  /// A rounded box (superellipse of the fourth degree, by its parameter).
  private static func box(_ axes: Axes, across: Float, along: Float) -> [Point] {
    (0..<48).map { index in
      let (sine, cosine) = sineAndCosine(Double(index) * Double.pi / 24)
      func root(_ value: Double) -> Float { Float(value < 0 ? -(-value).squareRoot() : value.squareRoot()) }
      return axes.hand(Point(root(cosine) * across, root(sine) * along))
    }
  }

  private static func disc(at centre: Point, radius: Float) -> [Point] {
    (0..<16).map { index in
      let (sine, cosine) = sineAndCosine(Double(index) * Double.pi / 8)
      return centre + Point(Float(cosine), Float(sine)) * radius
    }
  }
}
