import CarpusAnatomy
import CarpusImaging
import CarpusScoring

/// Where the hands of a picture lie in its frame.
///
/// The left hand lies on the left, the right hand on the right, palms down, so that the thumbs point to the middle; forearms run out of
/// the lower edge. Everything is a share of the frame: the same stream gives the same picture at another size of the same aspect.
struct Layout {
  let pixelsPerMillimetre: Double
  /// In the order of the hands.
  let placements: [Placement]

  init(of hands: [Hand], size: PixelSize, stream: consuming RandomStream) {
    let zoom = stream.uniform(0.94...1), arm = stream.uniform(0...0.6)
    let margin = stream.uniform(4...7), gap = stream.uniform(0...7)
    let turns = hands.map { _ in stream.uniform(-1...1) }
    let across = hands.map { _ in stream.uniform(-0.12...0.12) }, down = hands.map { _ in stream.uniform(0...7) }
    let largestTurn = (hands.count == 1 ? 8 : 6) * Double.pi / 180
    let outlines = zip(hands, turns).map { Outline($0, angle: $1 * largestTurn) }
    let width = outlines.reduce(0) { $0 + $1.right - $1.left } + 2 * margin + gap * Double(max(0, hands.count - 1))
    let top = (outlines.map(\.top).max() ?? 100) + margin + 7
    // As much forearm as the hands want, but not less than radius and ulna need.
    let longest = outlines.map(\.bottom).max() ?? 60, shortest = min(longest, 38)
    let wanted = longest - arm * (longest - shortest)
    let frameWidth = Double(max(1, size.width)), frameHeight = Double(max(1, size.height))
    let scale = zoom * min(frameWidth / width, frameHeight / (top + wanted))
    // A frame that is taller than needed shows more forearm, then ground above the fingers.
    let below = wanted + min(60, max(0, 0.4 * (frameHeight / scale - top - wanted)))
    let free = frameWidth / scale - width
    var left = margin
    var placements: [Placement] = []
    for (k, outline) in outlines.enumerated() {
      let share = (Double(k) + 0.5) / Double(hands.count)
      let x = left + free * (share + across[k] / Double(hands.count)) - outline.left
      placements.append(
        Placement(
          origin: SIMD2(scale * x, frameHeight - scale * (below - down[k] * min(1, (below - shortest) / 20))),
          pixelsPerMillimetre: scale, angle: outline.angle, isMirrored: outline.isMirrored))
      left += outline.right - outline.left + gap
    }
    pixelsPerMillimetre = scale
    self.placements = placements
  }

  /// How far a turned hand reaches from its origin, in millimetres.
  private struct Outline {
    let angle: Double
    let isMirrored: Bool
    let left, right, top: Double
    /// How far below the origin the hand's own bounds end.
    let bottom: Double

    init(_ hand: Hand, angle: Double) {
      self.angle = angle
      isMirrored = hand.side == .right
      let b = hand.bounds
      // A hand's box less the corners where no finger is.
      let corners = [
        SIMD2(b.minX, 0), SIMD2(b.minX, 0.75 * b.maxY), SIMD2(0.6 * b.minX, b.maxY), SIMD2(0.5 * b.maxX, b.maxY),
        SIMD2(b.maxX, 0.65 * b.maxY), SIMD2(b.maxX, 0),
      ]
      let frame = DrawingFrame(origin: .zero, pixelsPerMillimetre: 1, angle: angle, isMirrored: isMirrored)
      let points = corners.map(frame.pixel)
      left = points.map(\.x).min() ?? 0
      right = points.map(\.x).max() ?? 0
      top = -(points.map(\.y).min() ?? 0)
      bottom = -b.minY
    }
  }
}
