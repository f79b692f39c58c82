import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// A cast around wrist and forearm: a tube of plaster or of woven fibreglass.
///
/// Behind the middle of a tube of radii `R` and `r` the beam crosses `2·(√(R² − x²) − √(r² − x²))` of its wall at the distance `x` from the axis.
struct CastNuisance {
  /// Nepers of attenuation.
  let layer: Layer

  init?(of hands: [Hand], at layout: Layout, size: PixelSize, stream: consuming RandomStream) {
    let isPresent = stream.chance(0.03), chosen = stream.whole(0...1), end = stream.uniform(0...34)
    let wall = stream.uniform(3...5), density = stream.uniform(0.025...0.05), isWoven = stream.chance(0.5)
    let phase = stream.uniform(0...6), pad = stream.uniform(2...4)
    guard isPresent, !hands.isEmpty else { return nil }
    let k = chosen % hands.count
    let frame = DrawingFrame(layout.placements[k]), scale = frame.pixelsPerMillimetre
    let wrist = hands[k].forearmBand(at: 20)
    let across = SIMD2(wrist.direction.y, -wrist.direction.x)
    let reach = wrist.halfWidth + pad + wall + 12
    let length = 400.0
    var layer = Layer(size: size, holding: frame.bounds(minX: -length, minY: -length, maxX: length, maxY: length))
    layer.add { x, y in
      let d = frame.millimetres(x: x, y: y) - wrist.centre
      let u = (d * across).sum(), v = (d * wrist.direction).sum()
      guard abs(u) < reach, v < end + 3 else { return 0 }
      // The end is cut by hand; the tube widens towards hand and elbow.
      let cut = end + 0.8 * (0.21 * u + phase).wave
      let inside = edge((cut - v) * scale)
      guard inside > 0 else { return 0 }
      let inner = wrist.halfWidth + pad + 0.0012 * v * v.magnitude.squareRoot()
      let outer = inner + wall
      let path = 2 * (max(0, outer * outer - u * u).squareRoot() - max(0, inner * inner - u * u).squareRoot())
      var texture = 1 + 0.06 * (0.9 * v + 0.4 * u).wave
      if isWoven { texture += 0.14 * (2.4 * (u + v)).wave * (2.4 * (u - v)).wave }
      // Turns of the bandage overlap.
      texture += 0.1 * ((v + 0.25 * u) / 22 + phase).fraction
      return inside * density * min(path, 5 * wall) * texture
    }
    self.layer = layer
  }
}

extension Double {
  /// The sine of any number.
  fileprivate var wave: Double { sineAndCosine(self).sine }
  fileprivate var fraction: Double { self - rounded(.down) }
}
