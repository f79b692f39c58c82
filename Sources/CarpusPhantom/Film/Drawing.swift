import CarpusAnatomy
import CarpusImaging

/// A frame in millimetres on the image: x to the right and y upwards, turned clockwise.
struct DrawingFrame {
  /// Where its origin lies, in pixels.
  var origin: SIMD2<Double>
  var pixelsPerMillimetre: Double
  private let cosine, sine: Double
  private let mirror: Double

  init(origin: SIMD2<Double>, pixelsPerMillimetre: Double, angle: Double, isMirrored: Bool = false) {
    self.origin = origin
    self.pixelsPerMillimetre = pixelsPerMillimetre
    (sine, cosine) = sineAndCosine(angle)
    mirror = isMirrored ? -1 : 1
  }

  /// The frame of a hand.
  init(_ placement: Placement) {
    self.init(
      origin: placement.origin, pixelsPerMillimetre: placement.pixelsPerMillimetre, angle: placement.angle,
      isMirrored: placement.isMirrored)
  }

  func pixel(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let x = mirror * point.x
    return origin + pixelsPerMillimetre * SIMD2(x * cosine + point.y * sine, x * sine - point.y * cosine)
  }

  func millimetres(x: Double, y: Double) -> SIMD2<Double> {
    let d = (SIMD2(x, y) - origin) / pixelsPerMillimetre
    return SIMD2(mirror * (d.x * cosine + d.y * sine), d.x * sine - d.y * cosine)
  }

  /// The rectangle of pixels around a rectangle of millimetres.
  func bounds(minX: Double, minY: Double, maxX: Double, maxY: Double) -> PixelRectangle {
    let corners = [SIMD2(minX, minY), SIMD2(maxX, minY), SIMD2(minX, maxY), SIMD2(maxX, maxY)].map(pixel)
    let low = corners.reduce(corners[0]) { pointwiseMin($0, $1) }, high = corners.reduce(corners[0]) { pointwiseMax($0, $1) }
    return PixelRectangle(minX: low.x - 1, minY: low.y - 1, maxX: high.x + 1, maxY: high.y + 1)
  }
}

extension Layer {
  /// Strokes with round ends.
  ///
  /// - Parameters:
  ///   - strokes: in units of `height`, from `position` on, in the frame's millimetres.
  ///   - halfWidth: of a stroke, in millimetres.
  ///   - value: inside; the edge falls off over one pixel.
  mutating func draw(
    _ strokes: [Stroke], in frame: DrawingFrame, at position: SIMD2<Double>, height: Double, halfWidth: Double, value: Double
  ) {
    let reach = halfWidth * frame.pixelsPerMillimetre
    for stroke in strokes {
      let points = stroke.points.map { frame.pixel(position + height * $0) }
      for (a, b) in zip(points, points.dropFirst()) {
        let low = pointwiseMin(a, b) - (reach + 1), high = pointwiseMax(a, b) + (reach + 1)
        let along = b - a, square = (along * along).sum()
        raise(in: PixelRectangle(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)) { x, y in
          let p = SIMD2(x, y) - a
          let t = square > 0 ? min(1, max(0, (p * along).sum() / square)) : 0
          let d = p - t * along
          return value * edge(reach - (d * d).sum().squareRoot())
        }
      }
    }
  }

  /// A circle's line.
  mutating func drawCircle(
    in frame: DrawingFrame, at centre: SIMD2<Double>, radius: Double, halfWidth: Double, value: Double
  ) {
    let middle = frame.pixel(centre), radius = radius * frame.pixelsPerMillimetre, reach = halfWidth * frame.pixelsPerMillimetre
    let outer = radius + reach + 1
    raise(in: PixelRectangle(minX: middle.x - outer, minY: middle.y - outer, maxX: middle.x + outer, maxY: middle.y + outer)) { x, y in
      let d = SIMD2(x, y) - middle
      return value * edge(reach - abs((d * d).sum().squareRoot() - radius))
    }
  }
}

/// The share of a pixel inside an edge that lies `depth` pixels beyond its centre.
func edge(_ depth: Double) -> Double { min(1, max(0, depth + 0.5)) }
