import CarpusAnatomy
import CarpusExplanation

/// A region with its statistics and its number on pictures and in tables.
struct NumberedRegion {
  /// 1 for the region with the most points, whichever their sign.
  let number: Int
  let region: Region
  let statistics: FocusStatistics

  /// `L:mcp2`, or the id alone where the side is not known.
  var label: String {
    switch region.laterality {
    case .left, .right, .unpaired: "\(region.laterality.rawValue):\(region.id)"
    case .unknown, .unspecified: region.id
    }
  }
}

/// A part of the score; all parts of an image add up to it.
struct BudgetPart {
  enum Kind: String {
    case intercept, inRegions, elsewhere, padding, residual
  }

  let kind: Kind
  let title: String
  let points: Double
}

extension ExplanationReport {
  /// By the size of their points, the largest first; equal ones in the order of the file.
  var numberedRegions: [NumberedRegion] {
    guard let measurement else { return [] }
    let pairs = zip(measurement.regions.regions, measurement.focus.regions).enumerated().sorted {
      let (a, b) = (abs($0.element.1.points), abs($1.element.1.points))
      return a == b ? $0.offset < $1.offset : a > b
    }
    return pairs.enumerated().map { NumberedRegion(number: $0 + 1, region: $1.element.0, statistics: $1.element.1) }
  }

  /// The parts of the score of image `index`. What lies outside the regions is parted into radiograph and padding
  /// where both were measured.
  func budgetParts(ofImage index: Int) -> [BudgetPart] {
    let budget = budgets[index]
    var parts = [BudgetPart(kind: .intercept, title: "Intercept", points: budget.intercept)]
    if let focus = measurement?.focus {
      parts.append(BudgetPart(kind: .inRegions, title: "In regions (overlaps once)", points: budget.inRegions))
      parts.append(BudgetPart(kind: .elsewhere, title: "Elsewhere on the radiograph", points: focus.elsewhere.points))
      if focus.padding.areaShare > 0 { parts.append(BudgetPart(kind: .padding, title: "Padding", points: focus.padding.points)) }
    } else {
      parts.append(BudgetPart(kind: .elsewhere, title: "The map", points: budget.elsewhere))
    }
    return parts + [BudgetPart(kind: .residual, title: "Residual", points: budget.residual)]
  }

  /// How the points of this report are written.
  var pointsText: PointsText {
    PointsText(largest: scores.map(\.value) + budgets.flatMap { [$0.intercept, $0.inRegions, $0.elsewhere, $0.residual] })
  }

  /// The radiograph with the map that can be shown on it.
  var pictured: (picture: Picture, map: AttributionMap)? {
    guard let picture, let map = maps.first, !map.values.isEmpty else { return nil }
    return (picture, map)
  }

  /// How many images the report is about.
  var imageCount: Int { min(scores.count, maps.count, budgets.count) }
}
