import CarpusAnatomy
import CarpusImaging

/// A region on the grid of a view: the view's pixels that its mask touches, so that nothing is too small to be seen.
struct RegionOutline {
  /// The upper left corner of the cells, in pixels of the view.
  let left, top: Int
  /// Of cells, each `step` × `step` pixels of the view.
  let width, height, step: Int
  private let cells: [Bool]

  private init(left: Int, top: Int, width: Int, height: Int, step: Int, cells: [Bool]) {
    (self.left, self.top, self.width, self.height, self.step, self.cells) = (left, top, width, height, step, cells)
  }

  init(_ mask: Mask, on view: PixelSize) {
    func range(_ low: Int, _ high: Int, _ source: Int, _ target: Int) -> Range<Int> {
      low * target / source..<min(target, (high * target + source - 1) / source)
    }
    guard let bounds = mask.bounds else {
      self.init(left: 0, top: 0, width: 0, height: 0, step: 1, cells: [])
      return
    }
    let columns = range(Int(bounds.minX), Int(bounds.maxX), mask.size.width, view.width)
    let rows = range(Int(bounds.minY), Int(bounds.maxY), mask.size.height, view.height)
    var cells = [Bool](repeating: false, count: columns.count * rows.count)
    for row in mask.rows {
      for run in mask.columns(inRow: row) {
        let touched = range(run.lowerBound, run.upperBound, mask.size.width, view.width)
        for y in range(row, row + 1, mask.size.height, view.height) {
          let start = (y - rows.lowerBound) * columns.count - columns.lowerBound
          for x in touched { cells[start + x] = true }
        }
      }
    }
    self.init(left: columns.lowerBound, top: rows.lowerBound, width: columns.count, height: rows.count, step: 1, cells: cells)
  }

  /// Whether a cell, counted from the upper left one, belongs to the region.
  subscript(x: Int, y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height && cells[y * width + x] }

  /// The pixels of the region that touch a pixel beside it, in pixels of the view.
  var border: [(x: Int, y: Int)] {
    var border: [(Int, Int)] = []
    for y in 0..<height {
      for x in 0..<width where self[x, y] && !(self[x - 1, y] && self[x + 1, y] && self[x, y - 1] && self[x, y + 1]) {
        border.append((left + x, top + y))
      }
    }
    return border
  }

  /// An SVG path around the region, in pixels of the view, of about `length` characters at most: where it would be
  /// longer, cells are joined by fours.
  func path(length: Int) -> String {
    let path = path
    return path.utf8.count <= length || width * height <= 1 ? path : coarser.path(length: length)
  }

  private var coarser: RegionOutline {
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    var joined = [Bool](repeating: false, count: halfWidth * halfHeight)
    for y in 0..<height {
      for x in 0..<width where self[x, y] { joined[y / 2 * halfWidth + x / 2] = true }
    }
    return RegionOutline(left: left, top: top, width: halfWidth, height: halfHeight, step: step * 2, cells: joined)
  }

  /// Walks along the borders with the region at the right hand.
  private var path: String {
    // For each corner of the cells the directions in which a border leaves it: right, down, left, up.
    let stride = width + 1
    var leaving = [UInt8](repeating: 0, count: stride * (height + 1))
    for y in 0..<height {
      for x in 0..<width where self[x, y] {
        if !self[x, y - 1] { leaving[y * stride + x] |= 1 }
        if !self[x + 1, y] { leaving[y * stride + x + 1] |= 2 }
        if !self[x, y + 1] { leaving[(y + 1) * stride + x + 1] |= 4 }
        if !self[x - 1, y] { leaving[(y + 1) * stride + x] |= 8 }
      }
    }
    let moves = [1, stride, -1, -stride]
    var path = ""
    for start in leaving.indices {
      while leaving[start] != 0 {
        path += "M\(left + start % stride * step) \(top + start / stride * step)"
        var corner = start
        var direction = leaving[start].trailingZeroBitCount
        repeat {
          var length = 0
          repeat {
            leaving[corner] &= ~(1 << direction)
            corner += moves[direction]
            length += step
          } while leaving[corner] & (1 << direction) != 0 && leaving[corner] & (1 << ((direction + 1) % 4)) == 0
          // The last side is drawn by `z`.
          if corner != start { path += (direction % 2 == 0 ? "h" : "v") + String(direction < 2 ? length : -length) }
          // Turns right where two borders meet: pixels that touch at a corner only do not belong together.
          direction = [1, 3, 0].map { (direction + $0) % 4 }.first { leaving[corner] & (1 << $0) != 0 } ?? direction
        } while corner != start
        path += "z"
      }
    }
    return path
  }
}
