import CarpusImaging

extension Mask {
  /// One closed polygon along the pixels' edges that holds exactly the pixels of the mask under the even-odd rule. Parts and holes are
  /// joined by edges that are walked there and back and so count twice, which is not at all.
  public var outline: [PixelPoint] {
    let loops = loops
    guard var outline = loops.first, let anchor = outline.first else { return [] }
    for loop in loops.dropFirst() { outline += [anchor] + loop + loop.prefix(1) }
    if loops.count > 1 { outline.append(anchor) }
    return outline
  }

  /// The borders of the mask: outer ones clockwise, holes counter-clockwise, each with its corners only.
  var loops: [[PixelPoint]] {
    guard let bounds else { return [] }
    let (left, top) = (Int(bounds.minX), Int(bounds.minY))
    let (width, height) = (Int(bounds.maxX) - left, Int(bounds.maxY) - top)
    var cells = [Bool](repeating: false, count: width * height)
    for row in rows { for run in columns(inRow: row) { for x in run { cells[(row - top) * width + x - left] = true } } }
    func holds(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height && cells[y * width + x] }
    // For each corner of the cells the directions in which a border leaves it, the mask at its right hand: right, down, left, up.
    let stride = width + 1
    var leaving = [UInt8](repeating: 0, count: stride * (height + 1))
    for y in 0..<height {
      for x in 0..<width where holds(x, y) {
        if !holds(x, y - 1) { leaving[y * stride + x] |= 1 }
        if !holds(x + 1, y) { leaving[y * stride + x + 1] |= 2 }
        if !holds(x, y + 1) { leaving[(y + 1) * stride + x + 1] |= 4 }
        if !holds(x - 1, y) { leaving[(y + 1) * stride + x] |= 8 }
      }
    }
    let moves = [1, stride, -1, -stride]
    var loops: [[PixelPoint]] = []
    for start in leaving.indices {
      while leaving[start] != 0 {
        var points: [PixelPoint] = []
        var corner = start
        var direction = leaving[start].trailingZeroBitCount
        repeat {
          points.append(PixelPoint(x: Double(left + corner % stride), y: Double(top + corner / stride)))
          repeat {
            leaving[corner] &= ~(1 << direction)
            corner += moves[direction]
          } while leaving[corner].nonzeroBitCount == 1 && leaving[corner] & (1 << direction) != 0
          // Where four borders meet it turns right: pixels that touch at a corner do not belong together.
          direction = [1, 0, 3].map { (direction + $0) % 4 }.first { leaving[corner] & (1 << $0) != 0 } ?? direction
        } while corner != start
        loops.append(points)
      }
    }
    return loops
  }
}
