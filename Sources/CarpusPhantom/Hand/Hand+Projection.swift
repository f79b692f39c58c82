internal import CarpusImaging

extension Hand {
  /// Adds the thicknesses of this hand to a projection.
  ///
  /// Each pixel is the mean of `n × n` rays, with n such that rays lie no more than 0.25 mm apart.
  public func project(into projection: inout Projection, at placement: Placement) {
    guard placement.pixelsPerMillimetre > 0, placement.pixelsPerMillimetre.isFinite else { return }
    let rays = Int(min(8, max(2, (4 / placement.pixelsPerMillimetre).rounded(.up))))
    projectSoftTissue(into: &projection, at: placement, rays: max(1, rays / 2))
    let noise = Noise.shared
    for bone in bones {
      let field = bone.field
      let low = field.minimum - Point(0, bone.isShaft ? 500 : 0)
      let high = field.minimum + Point(Float(field.columns), Float(field.rows)) * field.step
      let corners = [low, Point(high.x, low.y), high, Point(low.x, high.y)].map(bone.axes.hand)
      let (columns, rows) = placement.window(corners, on: projection.size)
      let (origin, right, down) = placement.hand(of: SIMD2(0, 0))
      let start = bone.axes.local(origin)
      let toRight = bone.axes.turned(right), toDown = bone.axes.turned(down)
      let share = 1 / Float(rays), margin = toRight.length
      for row in rows {
        for column in columns {
          let corner = start + toRight * Float(column) + toDown * Float(row)
          let middle = corner + (toRight + toDown) * 0.5
          guard bone.mayHold(middle, within: margin) else { continue }
          var sum: Float = 0
          for j in 0..<rays {
            let down = (Float(j) + 0.5) * share
            for i in 0..<rays {
              let right = (Float(i) + 0.5) * share
              sum += bone.thickness(corner.x + toDown.x * down + toRight.x * right, corner.y + toDown.y * down + toRight.y * right, noise: noise)
            }
          }
          projection.bone[row * projection.size.width + column] += sum * share * share
        }
      }
    }
    projectBridges(into: &projection, at: placement)
  }

  private func projectSoftTissue(into projection: inout Projection, at placement: Placement, rays: Int) {
    let size = projection.size
    let (columns, rows) = placement.window(softTissue.corners, on: size)
    let (origin, right, down) = placement.hand(of: SIMD2(0, 0))
    let share = 1 / Float(rays)
    for row in rows {
      for column in columns {
        let corner = origin + right * Float(column) + down * Float(row)
        var sum: Float = 0
        for j in 0..<rays {
          for i in 0..<rays {
            let a = (Float(i) + 0.5) * share, b = (Float(j) + 0.5) * share
            let value = softTissue.value(corner.x + right.x * a + down.x * b, corner.y + right.y * a + down.y * b)
            if value > 0 { sum += 2 * value.squareRoot() }
          }
        }
        projection.softTissue[row * size.width + column] += sum * share * share
      }
    }
  }

  private func projectBridges(into projection: inout Projection, at placement: Placement) {
    let (origin, right, down) = placement.hand(of: SIMD2(0.5, 0.5))
    for bridge in bridges {
      let corners = bridge.points.flatMap { [$0 - Point(bridge.reach, bridge.reach) * 1.5, $0 + Point(bridge.reach, bridge.reach) * 1.5] }
      let box = corners.reduce((low: Point(1e9, 1e9), high: Point(-1e9, -1e9))) { (pointwiseMin($0.low, $1), pointwiseMax($0.high, $1)) }
      guard box.low.x < box.high.x else { continue }
      let around = [box.low, Point(box.high.x, box.low.y), box.high, Point(box.low.x, box.high.y)]
      let (columns, rows) = placement.window(around, on: projection.size)
      for row in rows {
        for column in columns {
          let point = origin + right * Float(column) + down * Float(row)
          projection.bone[row * projection.size.width + column] += bridge.thickness(at: point)
        }
      }
    }
  }
}

extension RenderedBone {
  /// False where a pixel of this size around a point certainly holds no bone.
  @inline(__always)
  func mayHold(_ point: Point, within margin: Float) -> Bool {
    let gx = (point.x - field.minimum.x) / field.step
    let gy = (point.y - field.minimum.y) / field.step
    let slack = margin / field.step
    guard gx > -slack, gx < Float(field.columns) + slack, gy < Float(field.rows) + slack, isShaft || gy > -slack else { return false }
    let column = min(max(Int(gx), 0), field.columns - 1), row = min(max(Int(max(gy, 0)), 0), field.rows - 1)
    return field.values[row * field.columns + column] > -margin - field.step
  }
}

extension SoftTissue {
  /// With as much forearm as any picture may show.
  var corners: [Point] {
    let high = minimum + Point(Float(columns), Float(rows)) * Self.step
    let low = minimum - Point(0, 500)
    return [low, Point(high.x, low.y), high, Point(low.x, high.y)]
  }
}
