/// A strip across a finger or the forearm, in millimetres in the hand's frame.
public struct HandBand: Sendable, Hashable {
  public let centre: SIMD2<Double>
  /// A unit vector along the finger, towards its tip.
  public let direction: SIMD2<Double>
  /// Half the breadth of the soft tissue across `direction`.
  public let halfWidth: Double
}

extension Hand {
  /// Where a ring sits: on the proximal phalanx of finger 2…5 (or of the thumb, 1), a little beyond the web.
  public func fingerBand(of finger: Int) -> HandBand {
    let finger = min(max(finger, 1), 5)
    let shape = skeleton.shape(.proximalPhalanx(finger))
    return HandBand(
      centre: shape.axes.hand(Point(0, 0.52 * (shape.size?.length ?? 40))), direction: shape.axes.axis, halfWidth: softTissue.ringWidths[finger - 1])
  }

  /// Where a cast lies: across the forearm, `distance` millimetres of the mean hand below the wrist's middle.
  public func forearmBand(at distance: Double) -> HandBand {
    let axis = skeleton.shape(.radius).axes.axis
    let point = axis * (Float(-distance) * skeleton.scale) - axis.turned * (1.5 * skeleton.scale)
    /// Walks to the skin.
    func reach(_ sign: Float) -> Float {
      var distance: Float = 0
      while distance < 60 {
        let next = point + axis.turned * (sign * (distance + 0.25))
        guard softTissue.value(next.x, next.y) > 0 else { break }
        distance += 0.25
      }
      return distance
    }
    let right = reach(1), left = reach(-1)
    return HandBand(centre: point + axis.turned * ((right - left) / 2), direction: axis, halfWidth: (right + left) / 2)
  }
}

extension HandBand {
  fileprivate init(centre: Point, direction: Point, halfWidth: Float) {
    self.init(
      centre: SIMD2(Double(centre.x), Double(centre.y)), direction: SIMD2(Double(direction.x), Double(direction.y)), halfWidth: Double(halfWidth))
  }
}
