import CarpusImaging

/// An opaque picture to draw on. What lies outside of it is cut off.
struct Canvas {
  let size: PixelSize
  /// Red, green and blue of each pixel, row by row.
  private(set) var samples: [UInt8]

  init(size: PixelSize, color: RGBColor) {
    self.size = size
    samples = [UInt8](repeating: 0, count: size.count * 3)
    fill(x: 0, y: 0, width: size.width, height: size.height, color)
  }

  subscript(x: Int, y: Int) -> RGBColor {
    get {
      let start = (y * size.width + x) * 3
      return RGBColor(red: samples[start], green: samples[start + 1], blue: samples[start + 2])
    }
    set {
      guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
      let start = (y * size.width + x) * 3
      samples[start] = newValue.red
      samples[start + 1] = newValue.green
      samples[start + 2] = newValue.blue
    }
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: RGBColor) {
    for row in max(0, y)..<max(0, y, min(size.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(size.width, x + width)) { self[column, row] = color }
    }
  }

  /// A text whose dots are `scale` × `scale` pixels, from its upper left corner.
  mutating func draw(_ text: String, x: Int, y: Int, scale: Int, _ color: RGBColor) {
    for dot in Glyphs.dots(of: text) { fill(x: x + dot.x * scale, y: y + dot.y * scale, width: scale, height: scale, color) }
  }
}

extension RGBColor {
  init(grey: UInt8) { self.init(red: grey, green: grey, blue: grey) }
}
