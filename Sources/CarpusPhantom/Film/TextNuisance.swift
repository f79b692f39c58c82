import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// Text that the machine burned into a corner: a department that is nowhere, a number, a date.
struct TextNuisance {
  let lines: [String]
  /// Share of white.
  let layer: Layer

  init?(size: PixelSize, stream: consuming RandomStream) {
    let isPresent = stream.chance(0.25), isRight = stream.chance(0.5), isBottom = stream.chance(0.35), isOneLine = stream.chance(0.4)
    let height = stream.uniform(0.011...0.016)
    let letters = String((0..<3).map { _ in Character(Unicode.Scalar(UInt8(stream.whole(65...90)))) })
    let number = stream.whole(1000...9999), day = stream.whole(1...28), month = stream.whole(1...12), year = stream.whole(2001...2024)
    guard isPresent else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let lines = ["\(letters) \(number)", "\(two(day)).\(two(month)).\(year)"].prefix(isOneLine ? 1 : 2)
    // Pixels stand for millimetres.
    let width = Double(size.width), tall = Double(size.height)
    let longest = lines.map(StrokeFont.width).max() ?? 1
    let unit = min(max(4, height * min(width, tall)), width / (longest + 2))
    let margin = 1.2 * unit
    let block = unit * (1.7 * Double(lines.count) - 0.7)
    let top = isBottom ? tall - margin - block : margin
    var layer = Layer(
      size: size,
      holding: PixelRectangle(
        minX: isRight ? width - margin - unit * (longest + 1) : 0, minY: top - unit,
        maxX: isRight ? width : margin + unit * (longest + 1), maxY: top + block + unit))
    for (k, line) in lines.enumerated() {
      let left = isRight ? width - margin - unit * StrokeFont.width(of: line) : margin
      let baseline = top + unit * (1 + 1.7 * Double(k))
      layer.draw(
        StrokeFont.strokes(of: line), in: DrawingFrame(origin: SIMD2(left, baseline), pixelsPerMillimetre: 1, angle: 0), at: .zero,
        height: unit, halfWidth: max(0.5, 0.055 * unit), value: 1)
    }
    self.lines = Array(lines)
    self.layer = layer
  }
}
