package import CarpusImaging

/// A broad blur, taken on cells of about 1.5 mm and interpolated between their middles.
///
/// In whole numbers of 1/4096, so that a pixel depends on its surroundings up to the kernel's reach and two cells, to the last bit.
package struct BroadBlur {
  private let size: PixelSize
  private let step: Int
  private let grid: PixelSize
  private let values: [Float]

  /// - Parameters:
  ///   - source: not negative; cut at 16.
  ///   - reach: of the kernel, three boxes one after the other, in millimetres.
  package init(of source: [Float], size: PixelSize, reach: Double, pixelsPerMillimetre: Double) {
    self.size = size
    let step = max(1, Int(min(1.5 * pixelsPerMillimetre, 1e6)))
    let grid = PixelSize(width: (size.width + step - 1) / step, height: (size.height + step - 1) / step)
    let unit: Float = 4096
    var cells = [Int](repeating: 0, count: grid.count)
    for row in 0..<grid.height {
      let rows = row * step..<min(size.height, (row + 1) * step)
      var sums = [Float](repeating: 0, count: grid.width)
      for y in rows {
        var index = y * size.width
        for column in 0..<grid.width {
          var sum: Float = 0
          for _ in 0..<min(step, size.width - column * step) {
            sum += source[index]
            index += 1
          }
          sums[column] += sum
        }
      }
      for column in 0..<grid.width {
        let count = rows.count * min(step, size.width - column * step)
        let mean = sums[column] / Float(count)
        cells[row * grid.width + column] = mean > 0 ? Int(unit * min(mean, 16)) : 0
      }
    }
    let boxReach = Int((reach / 3 * pixelsPerMillimetre / Double(step)).rounded())
    values = Blur.boxes(cells, size: grid, reach: boxReach).map { Float($0) / unit }
    self.step = step
    self.grid = grid
  }

  /// Calls `body` with each pixel's index and the blurred value there.
  @inline(__always)
  package func forEach(_ body: (_ index: Int, _ value: Float) -> Void) {
    let across = (0..<size.width).map { neighbours(of: $0, count: grid.width) }
    var line = [Float](repeating: 0, count: grid.width)
    var index = 0
    for y in 0..<size.height {
      let down = neighbours(of: y, count: grid.height)
      for x in 0..<grid.width {
        line[x] = values[down.first * grid.width + x] * (1 - down.share) + values[down.second * grid.width + x] * down.share
      }
      for place in across {
        body(index, line[place.first] * (1 - place.share) + line[place.second] * place.share)
        index += 1
      }
    }
  }

  /// The two cells whose middles a pixel lies between, and how far it is on its way to the second.
  private func neighbours(of pixel: Int, count: Int) -> (first: Int, second: Int, share: Float) {
    let doubled = 2 * pixel + 1 - step
    guard doubled > 0 else { return (0, 0, 0) }
    let first = doubled / (2 * step)
    guard first + 1 < count else { return (count - 1, count - 1, 0) }
    return (first, first + 1, Float(doubled - first * 2 * step) / Float(2 * step))
  }
}
