import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// A metal ring across a proximal phalanx: a short tube that is seen a little from the end, so that its rims are ellipses.
struct RingNuisance {
  /// Nepers of attenuation.
  let layer: Layer

  init?(of hands: [Hand], at layout: Layout, size: PixelSize, stream: consuming RandomStream) {
    let isPresent = stream.chance(0.08), isLeft = stream.chance(0.6), which = stream.uniform()
    let width = stream.uniform(2.5...5.5), tilt = stream.uniform(-0.22...0.22), metal = stream.uniform(2.2...3.6)
    let place = stream.uniform(-2...2)
    guard isPresent, !hands.isEmpty else { return nil }
    let k = hands.firstIndex { ($0.side == .left) == isLeft } ?? 0
    let hand = hands[k]
    let band = hand.fingerBand(of: which < 0.75 ? 4 : which < 0.9 ? 3 : 2)
    let frame = DrawingFrame(layout.placements[k])
    let along = band.direction, across = SIMD2(along.y, -along.x)
    let centre = band.centre + place * along
    let radius = min(band.halfWidth, 10.5 * hand.person.scale) + 0.7, wall = 1.3
    let reach = radius + width + 2
    var layer = Layer(size: size, holding: frame.bounds(minX: centre.x - reach, minY: centre.y - reach, maxX: centre.x + reach, maxY: centre.y + reach))
    let scale = frame.pixelsPerMillimetre
    layer.add { x, y in
      let d = frame.millimetres(x: x, y: y) - centre
      let u = (d * across).sum(), v = (d * along).sum()
      let inside = edge((radius - abs(u)) * scale)
      guard inside > 0 else { return 0 }
      let bow = radius * tilt * max(0, 1 - u * u / (radius * radius)).squareRoot()
      // The path through the wall grows towards the rim.
      let path = wall / max(0.35, max(0, 1 - u * u / (radius * radius)).squareRoot())
      let front = edge((width / 2 - abs(v - bow)) * scale), back = edge((width / 2 - abs(v + bow)) * scale)
      return inside * metal * path / wall * 0.6 * (front + back)
    }
    self.layer = layer
  }
}
