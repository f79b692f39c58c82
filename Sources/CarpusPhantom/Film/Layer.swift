import CarpusAnatomy
import CarpusImaging

/// Values of the pixels of a window of the image; 0 is everywhere where nothing was put.
struct Layer {
  let size: PixelSize
  private(set) var columns: Range<Int>
  private(set) var rows: Range<Int>
  private var values: [Float]

  /// A window that holds a rectangle, as far as it lies on the grid.
  init(size: PixelSize, holding rectangle: PixelRectangle) {
    self.size = size
    columns = Self.indices(rectangle.minX, rectangle.maxX, size.width)
    rows = Self.indices(rectangle.minY, rectangle.maxY, size.height)
    values = [Float](repeating: 0, count: columns.count * rows.count)
  }

  private static func indices(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
    guard low < high else { return 0..<0 }
    let first = Int(min(max(low.rounded(.down), 0), Double(count)))
    return first..<max(first, Int(min(max(high.rounded(.up), 0), Double(count))))
  }

  /// The whole grid.
  init(size: PixelSize) { self.init(size: size, holding: PixelRectangle(size)) }

  /// Adds `value(x, y)`, a function of the pixel's centre, in the part of the window that a rectangle meets.
  mutating func add(in rectangle: PixelRectangle? = nil, _ value: (_ x: Double, _ y: Double) -> Double) {
    change(in: rectangle) { $0 + Float(value($1, $2)) }
  }

  /// Like `add`, but takes the larger of the old and the new value.
  mutating func raise(in rectangle: PixelRectangle? = nil, _ value: (_ x: Double, _ y: Double) -> Double) {
    change(in: rectangle) { max($0, Float(value($1, $2))) }
  }

  private mutating func change(in rectangle: PixelRectangle?, _ change: (_ old: Float, _ x: Double, _ y: Double) -> Float) {
    var across = columns, down = rows
    if let rectangle {
      across = Self.indices(rectangle.minX, rectangle.maxX, size.width).clamped(to: columns)
      down = Self.indices(rectangle.minY, rectangle.maxY, size.height).clamped(to: rows)
    }
    for y in down {
      let origin = (y - rows.lowerBound) * columns.count - columns.lowerBound
      for x in across { values[origin + x] = change(values[origin + x], Double(x) + 0.5, Double(y) + 0.5) }
    }
  }

  /// Calls `body` with the index in the image and the value, for each pixel where the value is not 0.
  func forEach(_ body: (_ index: Int, _ value: Float) -> Void) {
    var place = 0
    for y in rows {
      for x in columns {
        let value = values[place]
        if value != 0 { body(y * size.width + x, value) }
        place += 1
      }
    }
  }

  /// The pixels where the value is not 0.
  var mask: Mask {
    Mask(size: size, columns: columns, rows: rows) { x, y in
      values[(y - rows.lowerBound) * columns.count + x - columns.lowerBound] != 0
    }
  }
}
