/// Closed outlines: polygons, last point joined to the first.
enum Outline {
  /// A smooth closed curve through the points (centripetal in effect by short steps: Catmull and Rom's cubic with half tangents).
  ///
  /// - Parameter steps: points per piece.
  static func smooth(_ points: [Point], steps: Int = 4) -> [Point] {
    let count = points.count
    var result: [Point] = []
    result.reserveCapacity(count * steps)
    for index in 0..<count {
      let a = points[(index + count - 1) % count], b = points[index]
      let c = points[(index + 1) % count], d = points[(index + 2) % count]
      // Tangents limited to the piece's length, so that a short piece beside a long one does not overshoot.
      let piece = (c - b).length
      let first = tangent(a, b, c, piece), second = tangent(b, c, d, piece)
      for step in 0..<steps {
        let t = Float(step) / Float(steps)
        let t2 = t * t, t3 = t2 * t
        let ends = b * (2 * t3 - 3 * t2 + 1) + c * (3 * t2 - 2 * t3)
        result.append(ends + first * (t3 - 2 * t2 + t) + second * (t3 - t2))
      }
    }
    return result
  }

  /// The tangent at `b`, as long as the piece beside it.
  private static func tangent(_ a: Point, _ b: Point, _ c: Point, _ piece: Float) -> Point {
    let before = (b - a).length, after = (c - b).length
    guard before > 1e-4, after > 1e-4 else { return Point(0, 0) }
    // Slope of the parabola through the three points, by chord length.
    let slope = ((b - a) * (after / before) + (c - b) * (before / after)) / (before + after)
    return slope * piece
  }

  /// Twice the signed area; positive for an outline that runs anticlockwise with y upwards.
  static func doubleArea(_ outline: [Point]) -> Float {
    var sum: Float = 0
    var last = outline.last ?? Point(0, 0)
    for point in outline {
      sum += last.x * point.y - point.x * last.y
      last = point
    }
    return sum
  }

  static func centre(_ outline: [Point]) -> Point {
    outline.reduce(Point(0, 0), +) / Float(max(1, outline.count))
  }

  /// The outward unit normal at each point.
  static func normals(_ outline: [Point]) -> [Point] {
    let count = outline.count
    let sign: Float = doubleArea(outline) >= 0 ? 1 : -1
    return outline.indices.map { index in
      (outline[(index + 1) % count] - outline[(index + count - 1) % count]).turned.normalized * sign
    }
  }

  /// Moved outwards by a distance, in millimetres.
  static func dilated(_ outline: [Point], by distance: Float) -> [Point] {
    zip(outline, normals(outline)).map { $0 + $1 * distance }
  }

  /// The point of an outline nearest to `point`.
  static func nearest(to point: Point, on outline: [Point]) -> Point {
    var best = point
    var bestSquare = Float.infinity
    var last = outline.last ?? point
    for next in outline {
      let edge = next - last, offset = point - last
      let square = max(1e-9, (edge * edge).sum())
      let t = min(max((offset * edge).sum() / square, 0), 1)
      let foot = last + edge * t
      let distance = point - foot
      let distanceSquare = (distance * distance).sum()
      if distanceSquare < bestSquare {
        bestSquare = distanceSquare
        best = foot
      }
      last = next
    }
    return best
  }
}
