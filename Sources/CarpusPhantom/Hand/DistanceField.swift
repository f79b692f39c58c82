/// Signed distances to an outline on a lattice, positive inside, in millimetres: exact inside and near the outline, and no larger in amount than the
/// distance farther out.
struct DistanceField: Sendable {
  let minimum: Point
  let step: Float
  let columns, rows: Int
  let values: [Float]
  /// Cells along a tile, within which only the edges near the tile are looked at.
  private static let tile = 4

  /// - Parameters:
  ///   - outline: closed.
  ///   - frame: the outline that the lattice is laid around, so that a change of `outline` moves no lattice point.
  ///   - margin: how far the lattice reaches beyond `frame`, in millimetres; `outline` should reach no farther.
  ///   - step: the lattice's spacing.
  ///   - bottom: the lattice starts no lower than here; beyond, an outline is taken to run on unchanged.
  init(_ outline: [Point], around frame: [Point], margin: Float, step: Float, bottom: Float = -.infinity) {
    var low = frame[0], high = frame[0]
    for point in frame {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    low = pointwiseMax(low - margin, Point(-1e6, bottom))
    high += Point(margin, margin)
    let tile = Self.tile
    let columns = (Int(((high.x - low.x) / step).rounded(.up)) / tile + 1) * tile
    let rows = (Int(((high.y - low.y) / step).rounded(.up)) / tile + 1) * tile
    let edges = Edge.all(of: outline)
    var values = [Float](repeating: 0, count: columns * rows)
    let half = Float(tile - 1) * 0.5 * step
    let radius = half * 1.4143
    var squares = [Float](repeating: 0, count: edges.count)
    for row in stride(from: 0, to: rows, by: tile) {
      for column in stride(from: 0, to: columns, by: tile) {
        let left = low.x + Float(column) * step, lower = low.y + Float(row) * step
        var least = Float.infinity
        for index in edges.indices {
          squares[index] = edges[index].square(left + half, lower + half)
          least = min(least, squares[index])
        }
        let nearest = least.squareRoot()
        if nearest > radius + 1.5 * step, !Edge.hold(edges, left + half, lower + half) {
          for j in 0..<tile { for i in 0..<tile { values[(row + j) * columns + column + i] = radius - nearest } }
          continue
        }
        let reach = (nearest + 2 * radius) * (nearest + 2 * radius) * 1.0001
        let near = edges.indices.filter { squares[$0] <= reach }.map { edges[$0] }
        let isWhole = nearest > radius && Edge.hold(edges, left + half, lower + half)
        for j in 0..<tile {
          let y = lower + Float(j) * step
          for i in 0..<tile {
            let x = left + Float(i) * step
            var square = Float.infinity
            for edge in near { square = min(square, edge.square(x, y)) }
            let isInside = isWhole || Edge.hold(edges, x, y)
            values[(row + j) * columns + column + i] = isInside ? square.squareRoot() : -square.squareRoot()
          }
        }
      }
    }
    minimum = low
    self.step = step
    self.columns = columns
    self.rows = rows
    self.values = values
  }

  /// The greatest distance in a row of the lattice: half the width there.
  func greatest(inRow row: Int) -> Float {
    var greatest: Float = 0
    for index in row * columns..<(row + 1) * columns { greatest = max(greatest, values[index]) }
    return greatest
  }
}

private struct Edge {
  let x, y, dx, dy, inverse: Float

  static func all(of outline: [Point]) -> [Edge] {
    outline.indices.map { index in
      let start = outline[index], edge = outline[index + 1 < outline.count ? index + 1 : 0] - start
      return Edge(x: start.x, y: start.y, dx: edge.x, dy: edge.y, inverse: 1 / max(1e-9, edge.x * edge.x + edge.y * edge.y))
    }
  }

  /// The square of the distance from a point.
  @inline(__always)
  func square(_ px: Float, _ py: Float) -> Float {
    let ox = px - x, oy = py - y
    var t = (ox * dx + oy * dy) * inverse
    t = t < 0 ? 0 : t > 1 ? 1 : t
    let rx = ox - t * dx, ry = oy - t * dy
    return rx * rx + ry * ry
  }

  /// Whether the closed outline holds a point (even-odd rule).
  static func hold(_ edges: [Edge], _ px: Float, _ py: Float) -> Bool {
    var isInside = false
    for edge in edges where (edge.y <= py) != (edge.y + edge.dy <= py) {
      if px < edge.x + (py - edge.y) / edge.dy * edge.dx { isInside.toggle() }
    }
    return isInside
  }
}
