import CarpusAnatomy
import CarpusImaging

/// The diagrams of the hands.
enum HandsSection {
  /// One for each hand of which a scored place was measured, as they lie on the radiograph.
  static func drawings(_ report: ExplanationReport) -> [Drawing] {
    let rows = report.numberedRegions.filter { $0.term?.kind == .site && $0.term?.site != nil }
    guard !rows.isEmpty, report.imageCount == 1 else { return [] }
    let points = report.pointsText
    let hands = Dictionary(grouping: rows) { $0.region.laterality }
      .map { side, rows in (side: side, sites: sites(rows), x: rows.reduce(0) { $0 + middle($1) } / Double(rows.count), thumbIsLeft: thumbIsLeft(rows, side)) }
      .sorted { ($0.x, $0.side.rawValue) < ($1.x, $1.side.rawValue) }
    let limit = hands.flatMap(\.sites).map { abs($0.points) }.filter(\.isFinite).max() ?? 0
    return hands.map { hand in
      HandDiagram.drawing(title: title(hand.side), sites: hand.sites, limit: limit, thumbIsLeft: hand.thumbIsLeft) { points($0) }
    }
  }

  private static func sites(_ rows: [NumberedRegion]) -> [HandDiagram.Site] {
    SvdHSite.allCases.compactMap { site in
      let own = rows.filter { $0.term?.site == site }
      guard let first = own.first else { return nil }
      // Trapezium and trapezoid are one place; their regions are apart.
      return HandDiagram.Site(
        site: site, number: first.number, points: own.reduce(0) { $0 + $1.statistics.points }, isResolvable: own.contains(where: \.isResolvable))
    }
  }

  private static func middle(_ row: NumberedRegion) -> Double { row.region.mask.bounds.map { ($0.minX + $0.maxX) / 2 } ?? 0 }

  /// Where the places of thumb and little finger lie on the radiograph; without them as on a left hand seen from its back.
  private static func thumbIsLeft(_ rows: [NumberedRegion], _ side: Laterality) -> Bool {
    func middle(_ sites: [SvdHSite]) -> Double? {
      rows.first { row in sites.contains { $0 == row.term?.site } }.map(self.middle)
    }
    guard let thumb = middle([.mcp1, .ip1, .cmc1, .mcp2]), let little = middle([.mcp5, .pip5, .cmc5, .ulna]), thumb != little else { return side == .right }
    return thumb < little
  }

  private static func title(_ side: Laterality) -> String {
    switch side {
    case .left: "Left hand"
    case .right: "Right hand"
    case .unpaired, .unknown, .unspecified: "Hand, side not stated"
    }
  }
}
