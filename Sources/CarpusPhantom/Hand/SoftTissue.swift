/// Skin and what is in it: the square of half the thickness on a lattice in the hand's frame, negative outside.
///
/// Each part is an elliptic column along a line: with half width w, half thickness h and distance r from the line, `F = h²·(1 − (r/w)²)`. Parts are
/// joined by a smooth maximum; the thickness along the beam is `2·√F`.
struct SoftTissue: Sendable {
  /// A line with the column's half width and half thickness at both ends.
  private struct Part {
    let start, edge: Point
    let inverse: Float
    let width, thickness: (Float, Float)

    init(_ start: Point, _ end: Point, width: (Float, Float), thickness: (Float, Float)) {
      self.start = start
      edge = end - start
      inverse = 1 / max(1e-6, (edge * edge).sum())
      self.width = width
      self.thickness = thickness
    }

    func value(_ x: Float, _ y: Float) -> Float {
      let ox = x - start.x, oy = y - start.y
      let t = min(max((ox * edge.x + oy * edge.y) * inverse, 0), 1)
      let rx = ox - edge.x * t, ry = oy - edge.y * t
      let w = width.0 + (width.1 - width.0) * t, h = thickness.0 + (thickness.1 - thickness.0) * t
      return h * h * (1 - (rx * rx + ry * ry) / (w * w))
    }
  }

  /// A filled polygon with a rounded rim: `F = h²·(1 − (r/w)²)` with the distance r from the polygon, h changing evenly from `start` along `slope`.
  private struct Plate {
    let corners: [Point]
    let width: Float
    let start, slope: Point
    let thickness: (Float, Float)

    func value(_ x: Float, _ y: Float) -> Float {
      var isInside = false
      var square = Float.infinity
      var last = corners[corners.count - 1]
      for next in corners {
        let ex = next.x - last.x, ey = next.y - last.y, ox = x - last.x, oy = y - last.y
        let t = min(max((ox * ex + oy * ey) / (ex * ex + ey * ey), 0), 1)
        let rx = ox - ex * t, ry = oy - ey * t
        square = min(square, rx * rx + ry * ry)
        if (last.y <= y) != (next.y <= y), x < last.x + oy / ey * ex { isInside.toggle() }
        last = next
      }
      let along = ((x - start.x) * slope.x + (y - start.y) * slope.y) / (slope.x * slope.x + slope.y * slope.y)
      let t = min(max(along, 0), 1)
      let h = thickness.0 + (thickness.1 - thickness.0) * t
      return h * h * (1 - (isInside ? 0 : square) / (width * width))
    }
  }

  static let step: Float = 1.5
  let minimum: Point
  let columns, rows: Int
  let values: [Float]
  /// Half the breadth of each finger where a ring sits.
  let ringWidths: [Float]
  /// The fingers' ends and the sides of the hand.
  let low, high: Point

  init(_ skeleton: Skeleton, _ person: Person, _ pose: HandPose) {
    let s = skeleton.scale
    let full = Float(person.fullness)
    let wide = s * (0.55 + 0.45 * full), deep = s * (0.3 + 0.7 * full)
    var parts: [Part] = []
    func part(_ start: Point, _ end: Point, _ w0: Float, _ w1: Float, _ h0: Float, _ h1: Float) {
      parts.append(Part(start, end, width: (w0 * wide, w1 * wide), thickness: (h0 * deep, h1 * deep)))
    }
    var plates: [Plate] = []
    var fingertips: [Point] = []
    let widths: [Float] = [11.2, 9.3, 9.7, 9.1, 8.0]
    for ray in 1...5 {
      let metacarpal = skeleton.shape(.metacarpal(ray)), proximal = skeleton.shape(.proximalPhalanx(ray)), distal = skeleton.shape(.distalPhalanx(ray))
      guard let m = metacarpal.size, let p = proximal.size, let d = distal.size else { continue }
      let w = widths[ray - 1]
      let knuckle = metacarpal.axes.hand(Point(0, m.length))
      let web = proximal.axes.hand(Point(0, 0.5 * p.length))
      let joint = proximal.axes.hand(Point(0, p.length))
      let tip = distal.axes.hand(Point(0, d.length + 3.6 * s - 0.78 * w * wide))
      let isThumb = ray == 1
      part(metacarpal.axes.hand(Point(0, isThumb ? 0.25 * m.length : 0)), knuckle, isThumb ? 12 : 12.5, isThumb ? 12.5 : 12, 13, isThumb ? 10 : 11)
      part(knuckle, web, isThumb ? 13 : 12.0, w * 1.12, isThumb ? 10 : 10.5, 8.2)
      part(web, joint, w * 1.12, w, 8.2, 7.4)
      part(joint, distal.axes.hand(Point(0, 1)), w, w * 0.92, 7.4, 6.2)
      part(distal.axes.hand(Point(0, 1)), tip, w * 0.92, w * 0.78, 6.2, 5.2)
      fingertips += [tip + Point(w, w), tip - Point(w, w), joint + Point(w * 1.1, 0), joint - Point(w * 1.1, 0), knuckle + Point(13, 0), knuckle - Point(13, 0)]
    }
    func between(_ a: HandBone, _ ta: Float, _ b: HandBone, _ tb: Float, _ w0: Float, _ w1: Float, _ h0: Float, _ h1: Float) {
      let one = skeleton.shape(a), two = skeleton.shape(b)
      part(one.axes.hand(Point(0, ta * (one.size?.length ?? 0))), two.axes.hand(Point(0, tb * (two.size?.length ?? 0))), w0, w1, h0, h1)
    }
    // Palm, first web, thenar and hypothenar eminences.
    func on(_ bone: HandBone, _ t: Float) -> Point {
      let shape = skeleton.shape(bone)
      return shape.axes.hand(Point(0, t * (shape.size?.length ?? 0)))
    }
    func plate(_ corners: [Point], _ width: Float, from start: Point, to end: Point, _ h0: Float, _ h1: Float) {
      plates.append(Plate(corners: corners, width: width * wide, start: start, slope: end - start, thickness: (h0 * deep, h1 * deep)))
    }
    plate(
      [on(.metacarpal(2), 0.05), on(.metacarpal(2), 0.97)] + (3...5).map { on(.metacarpal($0), 0.97) } + [on(.metacarpal(5), 0.05)],
      11.5, from: on(.metacarpal(3), 0), to: on(.metacarpal(3), 1), 14, 11)
    plate(
      [on(.metacarpal(1), 0.1), on(.metacarpal(1), 1), on(.metacarpal(2), 0.72), on(.metacarpal(2), 0.1)],
      8.5, from: on(.metacarpal(2), 0.1), to: (on(.metacarpal(1), 1.05) + on(.metacarpal(2), 0.8)) * 0.5, 14, 7)
    between(.metacarpal(1), 0.3, .metacarpal(1), 0.8, 13, 12.5, 14.5, 11)
    between(.metacarpal(5), -0.3, .metacarpal(5), 0.85, 12.5, 12, 14, 11)
    part(on(.metacarpal(1), 0.25), Point(16.5, -16) * s, 12, 8.5, 14.5, 14)
    // Carpus and forearm.
    let turn = Axes(origin: Point(0, 0), degrees: pose.forearm)
    part(Point(1, 20) * s, turn.hand(Point(0, -6) * s), 30, 27.5, 15, 17)
    part(turn.hand(Point(0, -6) * s), turn.hand(Point(-1.5, -26) * s), 27.5, 27, 17, 18.5)
    part(turn.hand(Point(-1.5, -26) * s), turn.hand(Point(-3, -72) * s), 27, 30, 18.5, 22)
    part(turn.hand(Point(-3, -72) * s), turn.hand(Point(-3, -100) * s), 30, 30, 22, 22)

    var low = Point(-34, -60) * s, high = Point(34, 0) * s
    for point in fingertips {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    ringWidths = widths.map { $0 * 1.11 * wide }
    self.low = low
    self.high = high
    let minimum = Point(low.x - 10, -60 * s)
    columns = Int((high.x - low.x + 20) / Self.step) + 2
    rows = Int((high.y - minimum.y + 8) / Self.step) + 2
    self.minimum = minimum
    var values = [Float](repeating: 0, count: columns * rows)
    let soften: Float = 26 * deep * deep
    let noise = Noise.shared
    for row in 0..<rows {
      for column in 0..<columns {
        let x = minimum.x + Float(column) * Self.step, y = minimum.y + Float(row) * Self.step
        var sum: Float = -1e6
        func join(_ value: Float) {
          let difference = abs(sum - value)
          sum = max(sum, value)
          if difference < soften, sum > -400 { sum += (soften - difference) * (soften - difference) / (4 * soften) * 0.5 }
        }
        for part in parts { join(part.value(x, y)) }
        for plate in plates { join(plate.value(x, y)) }
        if sum > 0 {
          // Muscle bellies and fat, along the hand.
          sum *= 1 + 0.05 * noise(x * 0.11, y * 0.03 + 40) + 0.03 * noise(x * 0.3 + 50, y * 0.09)
        }
        values[row * columns + column] = sum
      }
    }
    self.values = values
  }

  /// The square of half the thickness, in mm²; negative outside. The forearm runs on below.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let gx = (x - minimum.x) / Self.step
    let gy = max(0, (y - minimum.y) / Self.step)
    guard gx >= 0, gx < Float(columns - 1), gy < Float(rows - 1) else { return -1 }
    let column = Int(gx), row = Int(gy)
    let tx = gx - Float(column), ty = gy - Float(row)
    let base = row * columns + column
    let lower = values[base] * (1 - tx) + values[base + 1] * tx
    let upper = values[base + columns] * (1 - tx) + values[base + columns + 1] * tx
    return lower + (upper - lower) * ty
  }
}
