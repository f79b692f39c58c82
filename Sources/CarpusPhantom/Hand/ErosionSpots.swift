import CarpusScoring

internal import CarpusAnatomy

/// Where a site loses bone, in the order in which it does.
struct ErosionSpots {
  struct Spot {
    /// In the hand's frame.
    let place: Point
    /// The bones that it eats.
    let bones: [HandBone]
  }
  /// The places and the half breadth, in millimetres, by which the bites are measured.
  let spotsAndUnit: (spots: [Spot], unit: Float)

  init(_ site: SvdHSite, in skeleton: Skeleton, stream: inout RandomStream) {
    let isUlnarFirst = stream.chance(0.3), isBaseFirst = stream.chance(0.3), start = stream.uniform()
    func onOutline(_ bone: HandBone, _ mean: [Point]) -> [Spot] {
      let outline = skeleton.shape(bone).outlineInHand
      return mean.map { Spot(place: Outline.nearest(to: $0 * skeleton.scale, on: outline), bones: [bone]) }
    }
    /// Evenly around a carpal bone.
    func around(_ bone: HandBone, _ count: Int) -> [Spot] {
      let outline = skeleton.shape(bone).outlineInHand
      let order = [0, 3, 5, 1, 6, 2, 4, 7]
      return order.prefix(count).map { number in
        let index = Int((start + Double(number) / Double(count)) * Double(outline.count)) % outline.count
        return Spot(place: outline[index], bones: [bone])
      }
    }
    switch site {
    case .scaphoid, .lunate:
      let bone: HandBone = site == .scaphoid ? .scaphoid : .lunate
      let area = abs(Outline.doubleArea(skeleton.shape(bone).outline)) / 2
      spotsAndUnit = (around(bone, 8), (area / Float.pi).squareRoot())
    case .trapezium:
      let both = zip(around(.trapezium, 8), around(.trapezoid, 8)).flatMap { [$0, $1] }
      let spots = both.map { Spot(place: $0.place, bones: [.trapezium, .trapezoid]) }
      spotsAndUnit = (Array(spots.prefix(10)), 6.2 * skeleton.scale)
    case .radius:
      let places = [
        Point(20.8, -2.5), Point(-6.8, -13.6), Point(13, -5.4), Point(4, -9.7), Point(-2, -12.3), Point(17.5, -2.2), Point(8.6, -8.4), Point(21.6, -7),
      ]
      spotsAndUnit = (onOutline(.radius, isUlnarFirst ? [places[1], places[0]] + places[2...] : places), 7.6 * skeleton.scale)
    case .ulna:
      let places = [
        Point(-22.2, -9.6), Point(-24.6, -13.5), Point(-10, -15.5), Point(-16, -14.2), Point(-20, -12.5), Point(-12.5, -14.2), Point(-18, -14.1),
        Point(-23.4, -11),
      ]
      spotsAndUnit = (onOutline(.ulna, places), 6.6 * skeleton.scale)
    case .cmc1:
      let shape = skeleton.shape(.metacarpal(1))
      let half = shape.size?.base ?? 7
      let places = [
        Point(0.95, 0.3), Point(-0.95, 0.3), Point(0.4, 0.05), Point(-0.4, 0.05), Point(1, 0.8), Point(-1, 0.8), Point(0, 0.3), Point(0, 0.7),
      ]
      let order = isUlnarFirst ? places.map { Point(-$0.x, $0.y) } : places
      spotsAndUnit = (order.map { Spot(place: shape.axes.hand($0 * half), bones: [.metacarpal(1)]) }, half)
    default:
      guard let (near, far) = HandJoint.pairs(of: site)?.first, let nearSize = skeleton.shape(near).size, let farSize = skeleton.shape(far).size else {
        spotsAndUnit = ([], 1)
        return
      }
      func head(_ x: Float, _ y: Float) -> Spot {
        Spot(place: skeleton.shape(near).axes.hand(Point(x * nearSize.head, nearSize.length - y * nearSize.head)), bones: [near])
      }
      func base(_ x: Float, _ y: Float) -> Spot {
        Spot(place: skeleton.shape(far).axes.hand(Point(x * farSize.base, y * farSize.base)), bones: [far])
      }
      let side: Float = isUlnarFirst ? -1 : 1
      let first = [head(0.95 * side, 0.62), base(0.95 * side, 0.2)]
      spotsAndUnit = (
        (isBaseFirst ? first.reversed() : first) + [
          head(-0.95 * side, 0.62), base(-0.95 * side, 0.2), head(0.1 * side, 0.1), base(-0.1 * side, 0.2),
          head(0.55 * side, 0.35), base(-0.5 * side, 0.45),
        ], (nearSize.head + farSize.base) / 2
      )
    }
  }
}
