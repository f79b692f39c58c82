import CarpusAnatomy

/// One hand with the places that the Sharp/van der Heijde method scores, and the points of each: the view that a rheumatologist reads first.
///
/// A circle stands for a place that is scored for erosion and narrowing, a square for erosion alone, a diamond for narrowing alone; its area for the size of the
/// points, red and plain where they raise the score, blue and barred where they lower it.
struct HandDiagram {
  struct Site {
    let site: SvdHSite
    /// Of its region; the first of several.
    let number: Int
    let points: Double
    let isResolvable: Bool
  }

  static let width = 340.0, height = 590.0
  private static let largestRadius = 19.0

  /// - Parameters:
  ///   - title: which hand.
  ///   - sites: those that were measured; the others are drawn empty.
  ///   - limit: the size of points that has the largest mark.
  ///   - thumbIsLeft: as on the radiograph.
  static func drawing(title: String, sites: [Site], limit: Double, thumbIsLeft: Bool, text: (Double) -> String) -> Drawing {
    var drawing = Drawing(width: width, height: height, label: "\(title): points of the scored places; the numbers are in the table of regions")
    func mirrored(_ x: Double) -> Double { thumbIsLeft ? width - x : x }
    drawing.text(title, width / 2, 20, size: 15, .middle, isBold: true)
    for bone in bones { drawing.shapes.append(.capsule(x1: mirrored(bone.0), y1: bone.1, x2: mirrored(bone.2), y2: bone.3, width: bone.4)) }
    for site in SvdHSite.allCases {
      guard let place = places[site] else { continue }
      let x = mirrored(place.x)
      guard let found = sites.first(where: { $0.site == site }) else {
        drawing.shapes += [mark(site, x, place.y, 4, .none), .text(site.rawValue, x: x, y: place.y + 16, size: 10, .middle, .soft, isBold: false)]
        continue
      }
      let radius = limit > 0 && found.points.isFinite ? max(2.5, largestRadius * (abs(found.points) / limit).squareRoot()) : 2.5
      let number = readable(text(found.points)), isMuch = radius >= 13
      let paint: Drawing.Paint = found.points == 0 ? .none : found.points < 0 ? .negative : .positive
      var shapes = [mark(site, x, place.y, radius, paint)]
      if found.points < 0 { shapes.append(.rectangle(x: x - radius * 0.6, y: place.y - 1, width: radius * 1.2, height: 2, .none)) }
      let base = place.y + max(radius, 6)
      shapes += [
        .text((found.points > 0 ? "+" : "") + number, x: x, y: base + 12, size: isMuch ? 13 : 11.5, .middle, .ink, isBold: isMuch),
        .text(site.rawValue + (found.isResolvable ? "" : " †"), x: x, y: base + 23, size: 9.5, .middle, .soft, isBold: false),
      ]
      let damages = site.damages.map(\.rawValue).joined(separator: " and ")
      drawing.shapes.append(
        .link(number: found.number, label: "\(title), \(site.title): \(number) points; scored for \(damages)\(found.isResolvable ? "" : "; smaller than the map's cells")", shapes))
    }
    return drawing
  }

  private static func mark(_ site: SvdHSite, _ x: Double, _ y: Double, _ radius: Double, _ paint: Drawing.Paint) -> Drawing.Shape {
    // Equal areas: a circle of radius r, a square of side r·√π, a diamond of half diagonal r·√(π/2).
    switch site.damages {
    case [.erosion]: .rectangle(x: x - radius * 0.886, y: y - radius * 0.886, width: radius * 1.772, height: radius * 1.772, paint)
    case [.narrowing]: .diamond(x: x, y: y, radius: radius * 1.253, paint)
    default: .circle(x: x, y: y, radius: radius, paint)
    }
  }

  /// A left hand from its back, the thumb at the right. The wrist is drawn wider than it is, so that its twelve places have room.
  static let places: [SvdHSite: (x: Double, y: Double)] = [
    .pip5: (38, 132), .pip4: (96, 96), .pip3: (154, 82), .pip2: (212, 100), .ip1: (304, 214),
    .mcp5: (52, 222), .mcp4: (104, 202), .mcp3: (156, 194), .mcp2: (208, 202), .mcp1: (276, 272),
    .cmc5: (60, 322), .cmc4: (110, 312), .cmc3: (160, 308), .cmc1: (246, 340),
    .trapezium: (226, 386), .stt: (264, 424), .sc: (164, 400), .scaphoid: (210, 444), .lunate: (116, 436),
    .sr: (182, 496), .radius: (176, 548), .ulna: (72, 536),
  ]

  /// Ends and thickness: fingers from the little one to the thumb, metacarpals, carpus, forearm.
  static let bones: [(Double, Double, Double, Double, Double)] = [
    (24, 62, 30, 86, 16), (30, 96, 36, 122, 17), (40, 142, 50, 208, 19), (54, 236, 62, 306, 20),
    (88, 34, 92, 56, 17), (92, 66, 95, 86, 18), (97, 108, 103, 188, 20), (105, 216, 110, 298, 21),
    (154, 20, 154, 42, 0), (154, 32, 154, 44, 17), (154, 54, 154, 72, 18), (154, 94, 156, 180, 20), (156, 208, 160, 294, 22),
    (222, 38, 220, 60, 17), (219, 70, 214, 90, 18), (211, 112, 208, 188, 20), (208, 216, 204, 300, 21),
    (322, 160, 312, 196, 19), (298, 228, 282, 260, 20), (270, 286, 250, 326, 22),
    (66, 352, 74, 362, 40), (112, 354, 114, 372, 42), (156, 352, 158, 374, 40), (196, 352, 198, 356, 34), (224, 380, 228, 390, 34),
    (84, 408, 92, 414, 38), (126, 432, 130, 440, 42), (202, 432, 214, 450, 40), (178, 506, 176, 584, 62), (70, 506, 74, 584, 38),
  ].filter { $0.4 > 0 }
}
