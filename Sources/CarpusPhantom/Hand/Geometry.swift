/// A point or a vector in the hand's frame, in millimetres: x towards the thumb, y towards the finger tips.
typealias Point = SIMD2<Float>

extension SIMD2<Float> {
  var length: Float { (self * self).sum().squareRoot() }
  var normalized: Self {
    let length = length
    return length > 1e-6 ? self / length : Self(0, 1)
  }
  /// Turned by a right angle, clockwise when y points up.
  var turned: Self { Self(y, -x) }
}

/// Sine and cosine by Taylor's series, the same on every system.
///
/// - Parameter angle: in radians, of moderate size.
func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
  let half = (angle / Double.pi).rounded()
  let x = angle - half * Double.pi
  var sine = 0.0, cosine = 0.0, term = 1.0
  for index in 0..<22 {
    switch index % 4 {
    case 0: cosine += term
    case 1: sine += term
    case 2: cosine -= term
    default: sine -= term
    }
    term *= x / Double(index + 1)
  }
  let isOdd = half.truncatingRemainder(dividingBy: 2) != 0
  return isOdd ? (-sine, -cosine) : (sine, cosine)
}

/// A bone's own axes: x across (towards the thumb), y along (towards the finger tips).
struct Axes: Sendable {
  var origin: Point
  /// The unit vectors of x and y in the hand's frame.
  let side, axis: Point

  /// - Parameter degrees: from the hand's y towards the thumb.
  init(origin: Point, degrees: Double) {
    let (sine, cosine) = sineAndCosine(degrees * Double.pi / 180)
    self.origin = origin
    axis = Point(Float(sine), Float(cosine))
    side = axis.turned
  }

  func hand(_ point: Point) -> Point { origin + side * point.x + axis * point.y }
  func local(_ point: Point) -> Point {
    turned(point - origin)
  }
  /// A vector of the hand's frame in the bone's axes.
  func turned(_ vector: Point) -> Point { Point((vector * side).sum(), (vector * axis).sum()) }
}

/// 0 up to `start`, 1 from `end` on, with a smooth rise (Hermite) between.
func smoothStep(_ value: Float, from start: Float, to end: Float) -> Float {
  let t = min(max((value - start) / (end - start), 0), 1)
  return t * t * (3 - 2 * t)
}

/// 1 at 0, 0 from `reach` on: `(1 − (r/R)²)²`.
func bell(_ distance: Float, reach: Float) -> Float {
  let t = max(0, 1 - distance * distance / (reach * reach))
  return t * t
}
