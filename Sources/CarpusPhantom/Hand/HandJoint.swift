internal import CarpusAnatomy

/// A joint of the phantom: which bones meet, and where.
struct HandJoint: Sendable {
  let pairs: [(HandBone, HandBone)]
  /// Points along the gap, in the hand's frame.
  let gap: [Point]
  /// The middle of the joint space, with the direction across it (x) and along the finger (y).
  let axes: Axes
  /// Half the breadth of the bones' ends, in millimetres.
  let breadth: Float

  init(_ pairs: [(HandBone, HandBone)], in skeleton: Skeleton) {
    self.pairs = pairs
    var gap: [Point] = []
    for (near, far) in pairs {
      let outline = skeleton.shape(near).outlineInHand, other = skeleton.shape(far).outlineInHand
      for point in outline {
        let foot = Outline.nearest(to: point, on: other)
        if (foot - point).length < 3.0 * skeleton.scale { gap.append((foot + point) * 0.5) }
      }
    }
    self.gap = gap
    let far = skeleton.shape(pairs[0].1), near = skeleton.shape(pairs[0].0)
    if let size = far.size, let nearSize = near.size {
      axes = Axes(turning: far.axes, to: (far.axes.origin + near.axes.hand(Point(0, nearSize.length))) * 0.5)
      breadth = max(size.base, nearSize.head)
    } else {
      let centre = gap.isEmpty ? (Outline.centre(near.outlineInHand) + Outline.centre(far.outlineInHand)) * 0.5 : Outline.centre(gap)
      axes = Axes(turning: far.axes, to: centre)
      breadth = 6 * skeleton.scale
    }
  }

  /// The gap without its ends at the bones' margins.
  var middle: [Point] { gap.filter { abs(axes.local($0).x) < 0.8 * breadth } }

  /// The bones that meet where narrowing is scored; `nil` elsewhere.
  static func pairs(of site: SvdHSite) -> [(HandBone, HandBone)]? {
    switch site {
    case .mcp1: [(.metacarpal(1), .proximalPhalanx(1))]
    case .mcp2: [(.metacarpal(2), .proximalPhalanx(2))]
    case .mcp3: [(.metacarpal(3), .proximalPhalanx(3))]
    case .mcp4: [(.metacarpal(4), .proximalPhalanx(4))]
    case .mcp5: [(.metacarpal(5), .proximalPhalanx(5))]
    case .ip1: [(.proximalPhalanx(1), .distalPhalanx(1))]
    case .pip2: [(.proximalPhalanx(2), .middlePhalanx(2))]
    case .pip3: [(.proximalPhalanx(3), .middlePhalanx(3))]
    case .pip4: [(.proximalPhalanx(4), .middlePhalanx(4))]
    case .pip5: [(.proximalPhalanx(5), .middlePhalanx(5))]
    case .cmc3: [(.capitate, .metacarpal(3))]
    case .cmc4: [(.hamate, .metacarpal(4))]
    case .cmc5: [(.hamate, .metacarpal(5))]
    case .stt: [(.scaphoid, .trapezium), (.scaphoid, .trapezoid)]
    case .sc: [(.scaphoid, .capitate)]
    case .sr: [(.radius, .scaphoid)]
    case .cmc1, .trapezium, .scaphoid, .lunate, .radius, .ulna: nil
    }
  }
}

extension Axes {
  init(turning other: Axes, to origin: Point) {
    self = other
    self.origin = origin
  }
}
