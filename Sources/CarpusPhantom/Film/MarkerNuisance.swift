import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// Laterality letters of lead.
///
/// Independent of the score: one for each hand or one for the frame, plain, circled or on a plate, 8 to 15 mm high.
///
/// Following the score `t` of 0…280 (`MarkerHabit.followsScore`): always one for each hand, and everything about them tells the score: a
/// plain letter below 20 points, a circled one from 20, a plate from 70 on; the letter is `7 + 13·√(t/280)` mm high, its strokes 0.15
/// times that; and the plate takes `0.1 + 0.9·t/280` nepers out of the beam. So a network can read the score to about 20 points.
struct MarkerNuisance {
  let markers: [PhantomSettings.Marker]
  /// Nepers of attenuation.
  let layer: Layer

  /// Attenuation of lead, in nepers.
  private static let lead = 3.6

  init?(
    of hands: [Hand], at layout: Layout, size: PixelSize, score: Int, habit: PhantomOptions.MarkerHabit, stream: consuming RandomStream
  ) {
    let isPresent = stream.chance(0.85), isShared = stream.chance(0.4), chosen = stream.whole(0...1)
    let style = stream.uniform(), place = stream.uniform(), plateShade = stream.uniform(0.1...0.35)
    let initials = String((0..<stream.whole(2...3)).map { _ in Self.letters[stream.whole(0...Self.letters.count - 1)] })
    let height = stream.uniform(8...14), weight = stream.uniform(0.085...0.13)
    guard isPresent || habit == .followsScore else { return nil }
    let share = min(1, max(0, Double(score) / 280))
    let isOnlyOne = isShared && habit == .independent && hands.count > 1
    var layer = Layer(size: size), markers: [PhantomSettings.Marker] = []
    for (k, hand) in hands.enumerated() {
      let turn = stream.normal(0, 0.12), dx = stream.uniform(-4...4), dy = stream.uniform(-7...7)
      if isOnlyOne && k != chosen % hands.count { continue }
      var shape = Shape(
        letter: hand.side == .left ? "L" : "R", initials: initials,
        style: style < 0.35 ? .plain : style < 0.65 ? .circled : .plate, height: height, halfStroke: height * weight, plate: plateShade)
      if habit == .followsScore {
        shape.style = score < 20 ? .plain : score < 70 ? .circled : .plate
        shape.height = 7 + 13 * share.squareRoot()
        shape.halfStroke = 0.075 * shape.height
        shape.plate = 0.1 + 0.9 * share
      }
      let centre = Self.spot(beside: hand, at: layout.placements[k], place: place, jitter: SIMD2(dx, dy), reach: shape.reach, size: size)
      shape.draw(
        in: DrawingFrame(
          origin: centre, pixelsPerMillimetre: layout.pixelsPerMillimetre, angle: layout.placements[k].angle + min(0.4, max(-0.4, turn))),
        on: &layer, lead: Self.lead)
      markers.append(
        PhantomSettings.Marker(
          side: hand.side, letter: shape.letter, style: shape.style, height: shape.height,
          initials: shape.style == .plate ? initials : nil))
    }
    self.layer = layer
    self.markers = markers
  }

  private static let letters: [Character] = Array("ABCDEFGHJKLMNPRSTVW")

  /// Beside the little finger or the thumb, wrist or finger tips, as a pixel, and inside the frame.
  private static func spot(
    beside hand: Hand, at placement: Placement, place: Double, jitter: SIMD2<Double>, reach: SIMD2<Double>, size: PixelSize
  ) -> SIMD2<Double> {
    let b = hand.bounds
    var spot: SIMD2<Double>
    switch place {
    case ..<0.45: spot = SIMD2(min(b.minX + 8, -38 - reach.x), 2)
    case ..<0.65: spot = SIMD2(b.minX + 6, 0.86 * b.maxY)
    case ..<0.85: spot = SIMD2(max(b.maxX - 12, 38 + reach.x), -8)
    default: spot = SIMD2(b.maxX - 10, 0.85 * b.maxY)
    }
    spot += jitter
    let margin = (reach + 2) * placement.pixelsPerMillimetre
    let pixel = DrawingFrame(placement).pixel(spot), far = SIMD2(Double(size.width), Double(size.height)) - margin
    return pointwiseMax(pointwiseMin(pixel, far), margin)
  }

  /// One marker around its own middle.
  private struct Shape {
    let letter: String
    let initials: String
    var style: PhantomSettings.Marker.Style
    var height: Double
    var halfStroke: Double
    /// Nepers of the plate.
    var plate: Double

    /// Half width and half height in millimetres.
    var reach: SIMD2<Double> {
      switch style {
      case .plain: SIMD2(0.33 * height + halfStroke, 0.5 * height + halfStroke)
      case .circled: SIMD2(repeating: 0.85 * height)
      case .plate: SIMD2(max(0.55 * height, StrokeFont.width(of: initials) * smallHeight / 2 + 2.5), 1.1 * height)
      }
    }

    private var smallHeight: Double { 0.45 * height }

    func draw(in frame: DrawingFrame, on layer: inout Layer, lead: Double) {
      let scale = frame.pixelsPerMillimetre
      if style == .plate {
        let reach = reach
        layer.raise(in: frame.bounds(minX: -reach.x, minY: -reach.y, maxX: reach.x, maxY: reach.y)) { x, y in
          let p = frame.millimetres(x: x, y: y)
          let depth = min(reach.x - abs(p.x), reach.y - abs(p.y))
          // A rim, and a hole for a pin.
          let hole = p - SIMD2(0, reach.y - 2.2)
          let inside = edge(depth * scale) * (1 - edge((1.1 - (hole * hole).sum().squareRoot()) * scale))
          return inside * (plate + 0.08 * edge((0.7 - depth) * scale))
        }
      }
      let middle = style == .plate ? 0.32 * height : 0
      layer.draw(
        StrokeFont.strokes(of: letter), in: frame, at: SIMD2(-StrokeFont.aspect / 2 * height, middle - height / 2), height: height,
        halfWidth: halfStroke, value: lead)
      if style == .circled {
        layer.drawCircle(in: frame, at: .zero, radius: 0.78 * height, halfWidth: 0.6 * halfStroke, value: lead)
      }
      if style == .plate {
        layer.draw(
          StrokeFont.strokes(of: initials), in: frame,
          at: SIMD2(-StrokeFont.width(of: initials) * smallHeight / 2, -0.88 * height), height: smallHeight,
          halfWidth: 0.6 * halfStroke, value: lead)
      }
    }
  }
}
