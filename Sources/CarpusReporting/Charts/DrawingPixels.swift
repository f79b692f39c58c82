import CarpusImaging

extension Drawing {
  /// The file as PNG: `scale` pixels for each unit, edges smooth, letters of dots.
  ///
  /// - Throws: `PNGError` when it cannot be made.
  func png(scale: Int = 3) throws(PNGError) -> [UInt8] {
    let size = PixelSize(width: max(1, Int(width.rounded(.up)) * scale), height: max(1, Int(height.rounded(.up)) * scale))
    var canvas = Canvas(size: size, color: RGBColor(grey: 255))
    for shape in shapes { draw(shape, scale: Double(scale), on: &canvas) }
    return try PNG.encode(canvas.samples, layout: .rgb, size: size)
  }

  private func draw(_ shape: Shape, scale: Double, on canvas: inout Canvas) {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let paint):
      canvas.paint(x..<x + max(width, 0), y..<y + max(height, 0), scale, paint.fill) { px, py in px >= x && px <= x + width && py >= y && py <= y + height }
      guard paint.stroke != nil else { return }
      for (x1, y1, x2, y2) in [(x, y, x + width, y), (x + width, y, x + width, y + height), (x, y + height, x + width, y + height), (x, y, x, y + height)] {
        stroke(x1, y1, x2, y2, width: 1, paint.stroke, scale, on: &canvas)
      }
    case .bar(let x, let y, let width, let height, let paint):
      let isStriped = paint == .negative && width > 4
      canvas.paint(x..<x + max(width, 0), y..<y + max(height, 0), scale, paint.fill) { px, py in
        guard px >= x, px <= x + width, py >= y, py <= y + height else { return false }
        // The stripes of the page.
        guard isStriped else { return true }
        let across = (px - x - 5) + (py - y - height) / 2
        let position = across - (across / 7).rounded(.down) * 7
        return position > 1.5 || across < -0.7
      }
    case .circle(let x, let y, let radius, let paint):
      disc(x, y, radius, paint, scale, on: &canvas) { px, py in ((px - x) * (px - x) + (py - y) * (py - y)).squareRoot() }
    case .diamond(let x, let y, let radius, let paint):
      disc(x, y, radius, paint, scale, on: &canvas) { px, py in abs(px - x) + abs(py - y) }
    case .line(let x1, let y1, let x2, let y2, let paint):
      stroke(x1, y1, x2, y2, width: paint == .chance ? 2 : 1, paint.stroke ?? paint.fill, scale, on: &canvas)
    case .capsule(let x1, let y1, let x2, let y2, let width):
      stroke(x1, y1, x2, y2, width: width, Paint.rule.stroke, scale, on: &canvas)
      stroke(x1, y1, x2, y2, width: width - 3, RGBColor(red: 0xf4, green: 0xf6, blue: 0xf8), scale, on: &canvas)
    case .text(let text, let x, let y, let size, let anchor, let paint, let isBold):
      // There are glyphs for small letters, digits and signs of typewriters.
      let text = text.lowercased().replacing("−", with: "-")
      let dots = max(1, Int((size * scale / 10).rounded())), width = Glyphs.width(of: text) * dots
      let left = Int(x * scale) - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
      let color = paint.fill ?? RGBColor(grey: 20)
      for shift in isBold ? [0, max(1, dots / 2)] : [0] { canvas.draw(text, x: left + shift, y: Int(y * scale) - 7 * dots, scale: dots, color) }
    case .link(_, _, let shapes):
      for shape in shapes { draw(shape, scale: scale, on: &canvas) }
    }
  }

  private func disc(
    _ x: Double, _ y: Double, _ radius: Double, _ paint: Paint, _ scale: Double, on canvas: inout Canvas, distance: (Double, Double) -> Double
  ) {
    let bounds = (x - radius - 1..<x + radius + 1, y - radius - 1..<y + radius + 1)
    if let fill = paint.fill { canvas.paint(bounds.0, bounds.1, scale, fill) { distance($0, $1) <= radius } }
    if let stroke = paint.stroke { canvas.paint(bounds.0, bounds.1, scale, stroke) { abs(distance($0, $1) - radius) <= 0.6 } }
  }

  private func stroke(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, width: Double, _ color: RGBColor?, _ scale: Double, on canvas: inout Canvas
  ) {
    let half = width / 2, (dx, dy) = (x2 - x1, y2 - y1)
    let length = dx * dx + dy * dy
    guard let color else { return }
    canvas.paint(min(x1, x2) - half..<max(x1, x2) + half, min(y1, y2) - half..<max(y1, y2) + half, scale, color) { px, py in
      let along = length > 0 ? min(max(((px - x1) * dx + (py - y1) * dy) / length, 0), 1) : 0
      let (ox, oy) = (px - x1 - along * dx, py - y1 - along * dy)
      return ox * ox + oy * oy <= half * half
    }
  }
}

extension Drawing.Paint {
  /// Inside a shape; `nil` for none.
  fileprivate var fill: RGBColor? {
    switch self {
    case .positive: RGBColor(red: 0xb2, green: 0x18, blue: 0x2b)
    case .negative: RGBColor(red: 0x21, green: 0x66, blue: 0xac)
    case .total: RGBColor(red: 0x56, green: 0x61, blue: 0x6d)
    case .ink: RGBColor(red: 0x1b, green: 0x1f, blue: 0x24)
    case .soft: RGBColor(red: 0x4c, green: 0x56, blue: 0x61)
    case .none: RGBColor(grey: 255)
    case .bone: RGBColor(red: 0xf4, green: 0xf6, blue: 0xf8)
    case .chance, .axis, .rule: nil
    }
  }

  /// Around a shape, and of a line.
  fileprivate var stroke: RGBColor? {
    switch self {
    case .chance: RGBColor(red: 0x7a, green: 0x5c, blue: 0)
    case .axis, .none: RGBColor(red: 0x4c, green: 0x56, blue: 0x61)
    case .rule, .bone: RGBColor(red: 0xd3, green: 0xd9, blue: 0xdf)
    default: nil
    }
  }
}

extension Canvas {
  /// Covers what of each pixel lies inside, judged at nine points of it.
  ///
  /// - Parameters:
  ///   - columns: in units of the drawing, as `rows`.
  ///   - isInside: of a place in units of the drawing.
  fileprivate mutating func paint(
    _ columns: Range<Double>, _ rows: Range<Double>, _ scale: Double, _ color: RGBColor?, isInside: (Double, Double) -> Bool
  ) {
    guard let color else { return }
    func pixels(_ range: Range<Double>, _ count: Int) -> Range<Int> {
      let low = min(max((range.lowerBound * scale).rounded(.down), 0), Double(count))
      let high = min(max((range.upperBound * scale).rounded(.up), low), Double(count))
      return Int(low)..<Int(high)
    }
    for y in pixels(rows, size.height) {
      for x in pixels(columns, size.width) {
        var hits = 0
        for sub in 0..<9 where isInside((Double(x) + (Double(sub % 3) + 0.5) / 3) / scale, (Double(y) + (Double(sub / 3) + 0.5) / 3) / scale) { hits += 1 }
        if hits > 0 { self[x, y] = LayerColor(color: color, alpha: UInt8(hits * 255 / 9)).over(self[x, y]) }
      }
    }
  }
}
