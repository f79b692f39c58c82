import CarpusAnatomy
import CarpusImaging

/// Mean maps as layers over drawn hands.
enum MeanHandPicture {
  private static let gap = 24.0

  /// One end of the colours: the largest size of a value of either hand.
  static func limit(_ maps: MeanHands) -> Double {
    [Laterality.left, .right].compactMap { maps.hand($0) }.flatMap(\.means).compactMap { $0 }.map(abs).max() ?? 0
  }

  /// Both hands as they lie on a radiograph, the left one at the left; absent without maps.
  static func pair(_ maps: MeanHands, _ band: MeanHands.Band, limit: Double, label: String) throws(PNGError) -> String? {
    let hands = [(Laterality.left, "left"), (.right, "right")].compactMap { side, title in maps.hand(side, band).map { (side: side, title: title, hand: $0) } }
    guard !hands.isEmpty else { return nil }
    var parts: [Part] = []
    for (index, hand) in hands.enumerated() {
      parts.append(Part(title: "\(hand.title), \(hand.hand.images) radiographs", values: hand.hand.means, isMirrored: hand.side == .right, x: Double(index) * (HandDiagram.width + gap)))
    }
    return try svg(parts, limit: limit, label: label)
  }

  /// Left less right, on a left hand; absent without both.
  static func difference(_ maps: MeanHands, label: String) throws(PNGError) -> (svg: String, limit: Double)? {
    guard let left = maps.hand(.left), let right = maps.hand(.right) else { return nil }
    let values = zip(left.means, right.means).map { a, b in a.flatMap { a in b.map { a - $0 } } }
    let limit = values.compactMap { $0 }.map(abs).max() ?? 0
    return (try svg([Part(title: "left less right", values: values, isMirrored: false, x: 0)], limit: limit, label: label), limit)
  }

  private struct Part {
    let title: String
    let values: [Double?]
    let isMirrored: Bool
    let x: Double
  }

  private static func svg(_ parts: [Part], limit: Double, label: String) throws(PNGError) -> String {
    var drawing = Drawing(width: (parts.map(\.x).max() ?? 0) + HandDiagram.width, height: HandDiagram.height, label: label)
    var images = ""
    let colors = MapColors(.signed, of: [limit])
    for part in parts {
      func x(_ value: Double) -> Double { part.x + (part.isMirrored ? HandDiagram.width - value : value) }
      drawing.text(part.title, part.x + HandDiagram.width / 2, 20, size: 16, .middle, .soft)
      for bone in HandDiagram.bones { drawing.shapes.append(.capsule(x1: x(bone.0), y1: bone.1, x2: x(bone.2), y2: bone.3, width: bone.4)) }
      for place in HandDiagram.places.sorted(by: { $0.key.rawValue < $1.key.rawValue }).map(\.value) { drawing.shapes.append(.circle(x: x(place.x), y: place.y, radius: 2.5, .none)) }
      var samples: [UInt8] = []
      for row in 0..<CanonicalHand.rows {
        for column in 0..<CanonicalHand.columns {
          let own = part.values[row * CanonicalHand.columns + (part.isMirrored ? CanonicalHand.columns - 1 - column : column)]
          samples += own.map { colors.samples(of: [$0]) } ?? [0, 0, 0, 0]
        }
      }
      let address = PictureSection.dataAddress(
        try PNG.encode(samples, layout: .rgba, size: PixelSize(width: CanonicalHand.columns, height: CanonicalHand.rows)))
      images += "<image x=\"\(Drawing.number(part.x))\" y=\"0\" width=\"\(Drawing.number(Double(CanonicalHand.columns) * CanonicalHand.step))\" "
        + "height=\"\(Drawing.number(Double(CanonicalHand.rows) * CanonicalHand.step))\" preserveAspectRatio=\"none\" href=\"\(address)\"/>"
    }
    return drawing.inlineSVG(kind: "mean").dropLast("</svg>".count) + images + "</svg>"
  }
}
